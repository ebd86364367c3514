"""Features as a page: their map, their table, a form to choose among them, files to take away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.geo import BBox
from feed.collections import COLLECTIONS
from feed.formats import FORMATS
from feed.pages.asked import address_as
from feed.pages.drawing import Map, Telling, map_draw
from feed.pages.land import Box
from feed.pages.words import (
    Shown,
    code_words,
    near_words,
    summary,
    title_of,
    units_words,
    value_shown,
)

Feature = dict[str, Any]
# More would be a page that nobody reads; the next one begins where it ends.
MOST_ON_A_PAGE = 500
# Not a property: worked out from the place that is told.
_NEAR = "near"
# What a table of features shows, of what they have.
_LISTED = (
    *("time_start", "cell", "names", "weapon", "kind", _NEAR, "grade", "level", "pcode", "country"),
    *("units", "killed_best", "civilians_killed_best", "injured_best"),
    *("exposure_1km", "exposure_5km", "residents", "risk_class", "origin"),
)
_HINTS = {
    "bbox": gettext_lazy("West, south, east, north in degrees: 43,33,44,34"),
    "datetime": gettext_lazy("A day or a range: 2014-05-01/2014-05-31"),
    "filter": gettext_lazy("A condition in CQL2: civilians_killed_best > 5 AND country = 'SY'"),
    "as_of": gettext_lazy("How it stood at an entry of the log, or at a time"),
    "limit": format_lazy(gettext_lazy("At most {most}"), most=MOST_ON_A_PAGE),
}
_TITLES = {
    "bbox": gettext_lazy("Area"),
    "datetime": gettext_lazy("When"),
    "filter": gettext_lazy("Filter"),
    "sortby": gettext_lazy("Order"),
    "limit": gettext_lazy("On a page"),
    "as_of": gettext_lazy("As of"),
}
# In a table that lists many, what stands first is when it was.
_COLUMNS = {"time_start": gettext_lazy("When"), _NEAR: gettext_lazy("Near")}
_ORDERS = {
    "-time_start": gettext_lazy("newest first"),
    "time_start": gettext_lazy("oldest first"),
    "-seq": gettext_lazy("last published first"),
    "seq": gettext_lazy("first published first"),
}
_ASKED_FIRST = ("datetime", "bbox", "grade", "weapon")
_ASKED_LAST = ("sortby", "limit", "as_of", "filter")
_FORMAT_TITLES = {
    "geojson": "GeoJSON",
    "geojsonseq": gettext_lazy("GeoJSON lines"),
    "csv": "CSV",
    "csv-hxl": gettext_lazy("CSV with HXL tags"),
    "parquet": "GeoParquet",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; with ``choices`` (code and words) a selection."""

    name: str
    title: str
    value: str
    hint: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A feature in the table: its address, its words, what it is called there, its other cells.

    Each cell comes with its column's title.
    """

    url: str
    summary: str
    title: str
    cells: list[tuple[str, Shown]]


def features_context(
    request: HttpRequest,
    collection_id: str,
    features: Sequence[Feature],
    queryables: Mapping[str, Any],
    bbox: BBox | None = None,
    parameters: Collection[str] = (),
) -> dict[str, Any]:
    """Return what the template of a page of features shows of them."""
    items_url = request.path
    columns, rows = features_table(items_url, features)
    return {
        "map": features_map(items_url, features, bbox),
        "columns": columns,
        "rows": rows,
        "fields": form_fields(request.GET, queryables, parameters),
        "kept": _kept(request.GET, queryables, parameters),
        "downloads": downloads(request, collection_id) if collection_id in COLLECTIONS else [],
        "caption": counted(len(features)),
        "first_url": _first_url(request),
        "is_risk": any("risk_class" in feature["properties"] for feature in features),
    }


def features_table(items_url: str, features: Sequence[Feature]) -> tuple[list[str], list[Row]]:
    """Return the header and the rows of a table of features below an address."""
    listed = [{name: _listed(name, one) for name in _LISTED} for one in features]
    # A column in which nothing stands takes room from the others.
    names = [name for name in _LISTED if any(_is_told(cells[name]) for cells in listed)]
    columns = [str(_COLUMNS.get(name) or title_of(name)) for name in names] or [_("Entry")]
    rows = [
        _row(
            items_url,
            feature,
            [(column, cells[name]) for column, name in zip(columns, names, strict=False)],
        )
        for feature, cells in zip(features, listed, strict=True)
    ]
    return columns, rows


def _first_url(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("cursor", None)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def features_map(items_url: str, features: Sequence[Feature], bbox: BBox | None = None) -> Map:
    """Return a map whose marks lead to the items below an address."""

    def several(box: Box) -> str:
        return f"{items_url}?bbox={','.join(map(str, box))}"

    telling = Telling(
        url_of=lambda feature: f"{items_url}/{feature['id']}",
        label_of=lambda feature: summary(feature),
        several_url=several,
        shade_of=_shade,
    )
    return map_draw(features, telling, bbox)


def _shade(feature: Feature) -> float | None:
    """Return how dark a risk cell is: by its class, 0 to 10, where all evidence counts."""
    classes = feature["properties"].get("risk_class")
    if classes is None:
        return None
    return round(0.1 + 0.08 * (classes.get("all") or 0), 2)


def _row(items_url: str, feature: Feature, cells: list[tuple[str, Shown]]) -> Row:
    title = cells[0][1].text if cells else ""
    url = f"{items_url}/{feature['id']}"
    return Row(url, summary(feature), title or str(feature["id"])[:8], cells[1:])


def _is_told(cell: Shown) -> bool:
    return bool(cell.text or cell.rows or cell.pairs)


def _listed(name: str, feature: Feature) -> Shown:
    """Return a cell; a figure of which only the lower end is told is not left empty."""
    if name == _NEAR:
        return Shown(near_words(feature))
    properties = feature["properties"]
    least = properties.get(name.removesuffix("_best") + "_min")
    if properties.get(name) is None and name.endswith("_best") and least is not None:
        return Shown(_("at least %s") % intcomma(least), is_number=True)
    return _cell(name, properties.get(name))


def _cell(name: str, value: Any) -> Shown:
    return Shown(units_words(value)) if name == "units" and value else value_shown(name, value)


# --- What can be asked ----------------------------------------------------------------------------
def form_fields(
    given: Mapping[str, str], queryables: Mapping[str, Any], parameters: Collection[str]
) -> list[Field]:
    """Return the fields of the form over what an address can be asked for."""
    with_choices = [name for name in parameters if "enum" in queryables.get(name, {})]
    known = [name for name in ("level", "country", "pcode") if "filter" not in parameters]
    shown = {*_TITLES, *with_choices, *known} & set(parameters)
    others = sorted(shown - {*_ASKED_FIRST, *_ASKED_LAST})
    names = [name for name in (*_ASKED_FIRST, *others, *_ASKED_LAST) if name in shown]
    return [_field(name, given, queryables) for name in names]


def _field(name: str, given: Mapping[str, str], queryables: Mapping[str, Any]) -> Field:
    codes = queryables.get(name, {}).get("enum", ())
    choices = [(code, code_words(name, code)) for code in codes]
    if name == "sortby":
        choices = [(code, str(words)) for code, words in _ORDERS.items()]
    title = str(_TITLES.get(name) or title_of(name))
    return Field(name, title, given.get(name, ""), str(_HINTS.get(name, "")), choices)


def _kept(
    given: Mapping[str, str], queryables: Mapping[str, Any], parameters: Collection[str]
) -> list[tuple[str, str]]:
    """Return what was asked for besides; a cursor belongs to what was asked before."""
    fields = {one.name for one in form_fields(given, queryables, parameters)}
    return [(name, given[name]) for name in given if name not in fields | {"cursor"}]


def downloads(request: HttpRequest, collection_id: str) -> list[dict[str, str]]:
    """Return each format with the address of this page, and of all that was asked for."""
    page = request.get_full_path()
    asked = request.GET.copy()
    for name in ("cursor", "limit", "f", "properties"):
        asked.pop(name, None)
    return [
        {
            "title": format_title(name),
            "page": address_as(page, name),
            "whole": export_url(
                collection_id, one.extension, {name: str(asked[name]) for name in asked}
            ),
        }
        for name, one in FORMATS.items()
    ]


def counted(number: int) -> str:
    """Return how many are on a page, in words."""
    words = ngettext("%(number)d on this page", "%(number)d on this page", number)
    return words % {"number": number}


def format_title(name: str) -> str:
    """Return what a format is called."""
    return str(_FORMAT_TITLES[name])


def export_url(collection_id: str, extension: str, asked: Mapping[str, str]) -> str:
    """Return where all that is asked for of a collection is one file."""
    path = reverse("log:export", args=[f"{collection_id}.{extension}"])
    return f"{path}?{urlencode(asked)}" if asked else path
