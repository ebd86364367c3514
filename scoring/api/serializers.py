"""Shapes of exposure answers. Persons, metres."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from scoring.models import Exposure, PopulationGroup, PopulationLayer
from scoring.models.exposure import FIGURES, Unscored
from scoring.weapon_profiles import Reach


class GroupAnswer(serializers.ModelSerializer):
    """A sex and age group that a layer knows apart."""

    class Meta:
        model = PopulationGroup
        fields = ("sex", "age_group", "sha256")


class LayerAnswer(serializers.ModelSerializer):
    """The population layer that figures were computed from."""

    groups = GroupAnswer(many=True)
    groups_add_up = serializers.BooleanField(
        allow_null=True, help_text="whether they are the total, to a thousandth"
    )

    class Meta:
        model = PopulationLayer
        fields = (
            "id",
            "provider",
            "year",
            "sha256",
            "resolution_arcsec",
            "licence",
            "attribution",
            "is_demonstration",
            "groups",
            "groups_add_up",
        )


class GroupFigure(serializers.Serializer):
    """People of one sex and age group within one radius."""

    sex = serializers.CharField()
    age_group = serializers.CharField()
    low = serializers.FloatField()
    best = serializers.FloatField()
    high = serializers.FloatField()
    expected = serializers.FloatField()


class ExposureFigure(serializers.Serializer):
    """People living within one radius: 10th, 50th and 90th percentile and mean, or why none."""

    radius_m = serializers.FloatField()
    reach = serializers.ChoiceField(Reach.choices)
    reach_text = serializers.CharField(help_text="what the radius stands for")
    low = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    data_fraction = serializers.FloatField(
        allow_null=True, help_text="share of the disc that has data"
    )
    groups = GroupFigure(many=True)
    unscored_reason = serializers.ChoiceField(Unscored.choices, allow_blank=True)
    incident_version = serializers.IntegerField()
    formula_version = serializers.CharField()
    parameters = serializers.DictField()
    computed_at = serializers.DateTimeField()


class PlaceModel(serializers.Serializer):
    """How the place entered: ``point``, ``uncertainty_area``, or ``none`` where there is none."""

    model = serializers.ChoiceField(["point", "uncertainty_area", "none"])
    uncertainty_m = serializers.FloatField(allow_null=True)
    alpha = serializers.FloatField(allow_null=True, help_text="density ∝ population**alpha")
    text = serializers.CharField()


class LayerExposure(serializers.Serializer):
    """An incident's figures by one layer, with what they depend on."""

    layer = LayerAnswer(allow_null=True)
    incident_version = serializers.IntegerField()
    formula_version = serializers.CharField()
    profiles_version = serializers.CharField()
    weapon = serializers.CharField()
    place = PlaceModel()
    unscored_reason = serializers.ChoiceField(Unscored.choices, allow_blank=True)
    unscored_text = serializers.CharField()
    figures = ExposureFigure(many=True)
    computed_at = serializers.DateTimeField()


class ExposureAnswer(serializers.Serializer):
    """An incident's exposure by the active layer; no figures until it was computed."""

    incident = serializers.UUIDField()
    layer = LayerAnswer(allow_null=True)
    figures = ExposureFigure(many=True)
    explanation = LayerExposure(allow_null=True)
    beside = LayerExposure(many=True)


def layer_exposure(exposure: Exposure) -> dict[str, Any]:
    """Return an exposure as ``LayerExposure`` gives it."""
    reason = exposure.unscored_reason
    return {
        "layer": exposure.layer,
        "incident_version": exposure.incident_version,
        "formula_version": exposure.formula_version,
        "profiles_version": exposure.profiles_version,
        "weapon": exposure.weapon,
        "place": _place(exposure),
        "unscored_reason": reason,
        "unscored_text": str(Unscored(reason).label) if reason else "",
        "figures": list(_figures(exposure)),
        "computed_at": exposure.computed_at,
    }


def _figures(exposure: Exposure) -> Iterator[dict[str, Any]]:
    common = {
        "unscored_reason": exposure.unscored_reason,
        "incident_version": exposure.incident_version,
        "formula_version": exposure.formula_version,
        "parameters": exposure.parameters,
        "computed_at": exposure.computed_at,
    }
    for at, radius in enumerate(exposure.radii_m):
        reach = exposure.reaches[at]
        numbers = {name: getattr(exposure, name) for name in FIGURES}
        yield common | {
            "radius_m": radius,
            "reach": reach,
            "reach_text": str(Reach(reach).label),
            **{name: array and array[at] for name, array in numbers.items()},
            "groups": [
                {name: value[at] if isinstance(value, list) else value
                 for name, value in group.items()}
                for group in exposure.groups or []
            ],
        }  # fmt: skip


def _place(exposure: Exposure) -> dict[str, Any]:
    uncertainty = exposure.uncertainty_m
    if exposure.unscored_reason:
        return {
            "model": "none", "uncertainty_m": uncertainty, "alpha": None,
            "text": _("There is no figure: %(why)s.")
            % {"why": Unscored(exposure.unscored_reason).label},
        }  # fmt: skip
    if not uncertainty:
        return {
            "model": "point", "uncertainty_m": uncertainty, "alpha": None,
            "text": _("The place is taken as known exactly."),
        }  # fmt: skip
    text = _(
        "The true point is taken for a random one within %(metres)s m of the place, likelier "
        "where more people live; low, best and high are the 10th, 50th and 90th percentile."
    )
    return {
        "model": "uncertainty_area",
        "uncertainty_m": uncertainty,
        "alpha": exposure.parameters["alpha"],
        "text": text % {"metres": f"{uncertainty:,.0f}"},
    }
