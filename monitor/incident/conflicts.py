"""Two versions of one incident side by side: the one that somebody saw, and the one there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import vocab
from monitor.incident.reading import coordinates_text, figures_text

_FIELDS = {
    "title": gettext_lazy("Title"),
    "state": gettext_lazy("State"),
    "grade": gettext_lazy("Grade"),
    "kind": gettext_lazy("Kind"),
    "weapon": gettext_lazy("Weapon"),
    "alleged_actor": gettext_lazy("Alleged actor"),
    "targets": gettext_lazy("Targets"),
    "damage": gettext_lazy("Damage"),
    "location": gettext_lazy("Coordinates"),
    "location.uncertainty_m": gettext_lazy("Uncertainty (m)"),
    "location.precision": gettext_lazy("Precision of the place"),
    "location.place_name": gettext_lazy("Place"),
    "location.country": gettext_lazy("Country"),
    "location.pcode": gettext_lazy("P-code"),
    "occurred.start": gettext_lazy("From"),
    "occurred.end": gettext_lazy("Until"),
    "occurred.precision": gettext_lazy("Precision of the time"),
    "casualties": gettext_lazy("Casualty figures"),
    "independent_sources": gettext_lazy("Independent sources"),
    "units": gettext_lazy("Administrative units"),
    "published_version": gettext_lazy("Published version"),
    "embargo_until": gettext_lazy("Embargo until"),
    "merged_into": gettext_lazy("Merged into"),
}
_WORDS = {
    "state": vocab.State,
    "grade": vocab.Grade,
    "kind": vocab.IncidentKind,
    "weapon": vocab.Weapon,
    "location.precision": vocab.LocationPrecision,
    "occurred.precision": vocab.TimePrecision,
    "targets": vocab.Target,
    "damage": vocab.Damage,
}


def fields_that_differ(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return what lines of the timeline changed: each field, as it was first and is now."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for line in lines:
        for change in line["changes"]:
            first.setdefault(change["field"], change["before"])
            last[change["field"]] = change["after"]
    return [
        {
            "label": str(_FIELDS.get(name, name)),
            "before": value_text(name, first[name]),
            "after": value_text(name, last[name]),
        }
        for name in sorted(
            first, key=list(_FIELDS).index if first.keys() <= _FIELDS.keys() else str
        )
        if first[name] != last[name]
    ]


def value_text(field: str, value: Any) -> str:
    """Return the value of a column, as the timeline has it, for people."""
    if value is None or value in ("", []):
        return _("nothing")
    if field == "casualties":
        return figures_text(value)
    if field == "location":
        return coordinates_text(value["latitude"], value["longitude"])
    if field == "units":
        return _(", ").join(unit["pcode"] for unit in value)
    vocabulary = _WORDS.get(field)
    values = value if isinstance(value, list) else [value]
    return _(", ").join(_label(vocabulary, one) for one in values)


def _label(vocabulary: Any, value: Any) -> str:
    known = vocabulary is not None and value in vocabulary.values
    return str(vocabulary(value).label) if known else str(value)
