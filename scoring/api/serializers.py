"""Shapes of exposure answers. Persons, metres."""

from rest_framework import serializers

from scoring.models import Exposure, PopulationLayer


class LayerAnswer(serializers.ModelSerializer):
    """The population layer that figures were computed from."""

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
        )


class ExposureFigure(serializers.ModelSerializer):
    """People living within one radius: 10th, 50th and 90th percentile and mean, or why none."""

    class Meta:
        model = Exposure
        fields = (
            "radius_m",
            "low",
            "best",
            "high",
            "expected",
            "data_fraction",
            "unscored_reason",
            "incident_version",
            "formula_version",
            "parameters",
            "computed_at",
        )


class ExposureAnswer(serializers.Serializer):
    """An incident's exposure by the active layer; no figures until it was computed."""

    incident = serializers.UUIDField()
    layer = LayerAnswer(allow_null=True)
    figures = ExposureFigure(many=True)
