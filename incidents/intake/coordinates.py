"""Coordinates as people write them. Degrees WGS 84. What looks swapped is refused, never mended."""

import json
import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from incidents.intake.dates import digits_plain

_OUTLINES = Path(__file__).resolve().parents[1] / "data" / "countries.geojson"
_MARGIN = 0.5  # degrees; the outlines are coarse, and a report from just over a border is no swap
_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}([.,٫][0-9]*)?\Z")
_SEXAGESIMAL = re.compile(
    r"""([0-9]{1,3}(?:[.,][0-9]+)?)\s*[°º]\s*
        (?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*['′’]\s*)?
        (?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:"|″|”|'')\s*)?
        ([NSEWnsew])?\Z""",
    re.VERBOSE,
)
Box = tuple[float, float, float, float]


def degrees_parse(text: str, hemispheres: str) -> float:
    """Read 34.4667, 34,4667 or 34°28'N. ``hemispheres`` is ``EW`` or ``NS``, the positive first.

    Raises ``ValueError`` with words for the sender.
    """
    try:
        return _degrees(digits_plain(text), hemispheres)
    except ValueError:
        message = _("“%s” is not read as degrees. Write them as 34.4667.")
        raise ValueError(message % text[:50]) from None


def _degrees(text: str, hemispheres: str) -> float:
    if _DECIMAL.match(text):
        return float(text.replace(",", ".").replace("٫", "."))
    match = _SEXAGESIMAL.match(text)
    if match is None:
        raise ValueError
    degrees, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in match.group(1, 2, 3)
    )
    letter = (match[4] or hemispheres[0]).upper()
    if letter not in hemispheres or minutes >= 60 or seconds >= 60:
        raise ValueError
    sign = 1 if letter == hemispheres[0] else -1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def looks_swapped(longitude: float, latitude: float, country: str | None) -> bool:
    """Tell whether a point is off the Earth or its country, and would not be if swapped."""
    if abs(latitude) > 90:
        return abs(longitude) <= 90 and abs(latitude) <= 180
    boxes = _country_boxes().get(country or "", ())
    if not boxes or _in_any(boxes, longitude, latitude):
        return False
    return _in_any(boxes, latitude, longitude)


def _in_any(boxes: tuple[Box, ...], longitude: float, latitude: float) -> bool:
    return any(
        west <= longitude <= east and south <= latitude <= north
        for west, south, east, north in boxes
    )


@cache
def _country_boxes() -> dict[str, tuple[Box, ...]]:
    """Return the boxes around each part of a country, by its alpha-2 code."""
    found: dict[str, list[Box]] = {}
    for feature in json.loads(_OUTLINES.read_bytes())["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            xs, ys = zip(*polygon[0], strict=True)
            box = (min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN)
            found.setdefault(feature["properties"]["country"], []).append(box)
    return {country: tuple(boxes) for country, boxes in found.items()}
