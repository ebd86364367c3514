"""Two incidents field by field."""

from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.vocab import Damage, Target
from monitor.incident.reading import coordinates_text, figures_in_order, figures_text
from monitor.sketch import length_text


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
        _("Coordinates"): coordinates_text(point.y, point.x) if point else "",
        _("Uncertainty"): "" if metres is None else length_text(metres),
        _("Place known"): incident.get_location_precision_display(),
        _("Country"): incident.country,
        _("Weapon"): incident.get_weapon_display(),
        _("Alleged actor"): incident.alleged_actor,
        _("Targets"): _(", ").join(str(Target(one).label) for one in incident.targets),
        _("Damage"): _(", ").join(str(Damage(one).label) for one in incident.damage),
        _("Casualty figures"): figures_text(figures_in_order(incident)),
        _("Independent sources"): str(incident.independent_sources),
        _("State"): incident.get_state_display(),
        _("Grade"): incident.get_grade_display() or _("none yet"),
    }


def _moment(moment: Any) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
