"""One feature as a page: what it comes to, how sure it is, and all that is told of it."""

from collections.abc import Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feed.pages.items import Feature, features_map
from feed.pages.words import code_words, summary, title_of, value_shown
from incidents.vocab import Grade

_HARM = ("killed", "civilians_killed", "injured")
_EXPOSED = ("exposure_1km", "exposure_2km", "exposure_5km")
# What a grade stands for, best evidence first.
GRADE_MEANINGS: Mapping[str, Any] = {
    Grade.CONFIRMED: gettext_lazy(
        "The responsible party says so, or the evidence leaves no reasonable doubt. Two monitors"
        " have to agree."
    ),
    Grade.FAIR: gettext_lazy("Two or more sources that do not rely on each other say the same."),
    Grade.WEAK: gettext_lazy("One source says so."),
    Grade.CONTESTED: gettext_lazy("Sources disagree on who did it, or on whether it happened so."),
    Grade.DISCOUNTED: gettext_lazy("What was said turned out not to hold."),
}


def feature_context(
    items_url: str, feature: Feature, exposure: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the template of one feature shows of it.

    ``exposure``: the properties of the feature beside it that tells how many live nearby.
    """
    properties = feature["properties"]
    told = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    grade = told.get("grade", "")
    return {
        "title": summary(feature) or str(feature["id"]),
        "id": feature["id"],
        "map": features_map(items_url, [feature]) if feature["geometry"] else None,
        "place": place_words(feature["geometry"]),
        "figures": [*_harm(told), *_exposed(told if exposure is None else exposure)],
        "grade": code_words("grade", grade),
        "grade_means": GRADE_MEANINGS.get(grade, ""),
        "facts": [(title_of(name), value_shown(name, told[name])) for name in told],
        "untold": [title_of(name) for name in properties if name not in told],
        "license": told.get("license", ""),
        "named": told.get("attribution", ""),
    }


def _harm(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the figures of harm: the best, what it counts, and between what it lies."""
    figures = []
    for name in _HARM:
        low, best, high = (told.get(f"{name}_{end}") for end in ("min", "best", "max"))
        if low is None and best is None and high is None:
            continue
        title = title_of(f"{name}_best")
        if best is None:
            figures.append((_ends_words(low, high), title, ""))
        else:
            figures.append((intcomma(best), title, _ends_words(low, high)))
    return figures


def _ends_words(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return _("at least %s") % intcomma(low)
    if low is None:
        return _("at most %s") % intcomma(high)
    return _("%(low)s to %(high)s") % {"low": intcomma(low), "high": intcomma(high)}


def _exposed(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    known = [(name, told[name]) for name in _EXPOSED if told.get(name) is not None]
    return [(intcomma(round(people)), title_of(name), "") for name, people in known]


def place_words(geometry: dict[str, Any] | None) -> str:
    """Return where a feature is: latitude and longitude of a point, else that it is no point."""
    if geometry is None:
        return _("not told")
    if geometry["type"] != "Point":
        return _("an area")
    longitude, latitude = geometry["coordinates"][:2]
    return f"{latitude}, {longitude}"
