"""Two incidents field by field."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.vocab import Damage, Target
from monitor.incident.reading import figure_label, numbers_text


def fields_compared(one: Incident, other: Incident) -> list[dict[str, Any]]:
    """Return each field with both values as texts, and whether they differ."""
    first, second = _texts(one), _texts(other)
    return [
        {
            "label": label,
            "one": first[label],
            "other": second[label],
            "differs": first[label] != second[label],
        }
        for label in first
    ]


def _texts(incident: Incident) -> dict[str, str]:
    point, metres = incident.location, incident.uncertainty_m
    return {
        _("Title"): incident.title,
        _("Kind"): incident.get_kind_display(),
        _("From"): _moment(incident.time_start),
        _("Until"): _moment(incident.time_end),
        _("Time known"): incident.get_time_precision_display(),
        _("Place"): incident.place_name,
        _("Coordinates"): f"{point.y:.5f}, {point.x:.5f}" if point else "",
        _("Uncertainty"): "" if metres is None else f"{formats.number_format(round(metres))} m",
        _("Place known"): incident.get_location_precision_display(),
        _("Country"): incident.country,
        _("Weapon"): incident.get_weapon_display(),
        _("Alleged actor"): incident.alleged_actor,
        _("Targets"): ", ".join(str(Target(one).label) for one in incident.targets),
        _("Damage"): ", ".join(str(Damage(one).label) for one in incident.damage),
        _("Casualty figures"): "; ".join(
            f"{figure_label(figure)}: {numbers_text(figure)}" for figure in incident.casualties
        ),
        _("Independent sources"): str(incident.independent_sources),
        _("State"): incident.get_state_display(),
        _("Grade"): incident.get_grade_display() or _("none yet"),
    }


def _moment(moment: Any) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
