"""The values of a filter, checked. Degrees WGS 84, UTC."""

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.translation import gettext as _

from core.geo import BBox
from feed.cql2.reading import refused

MOST_VERTICES = 1_000
_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


def text_of(value: Any) -> str:
    """Return a text that the database can hold."""
    if not isinstance(value, str) or any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value):
        raise refused(_("A filter's text has characters that no text can have."))
    return value


def number_of(value: Any) -> float:
    """Return a finite number."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if isinstance(value, bool) or not math.isfinite(number):
        raise refused(_("A filter's numbers are finite."))
    return number


def span_of(literal: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return the first and last moment of a date, a timestamp or an interval (None is open)."""
    if "interval" in literal:
        ends = literal["interval"]
        if not (isinstance(ends, list) and len(ends) == 2):
            raise refused(_("An interval has two ends."))
        start, end = _end(ends[0], False), _end(ends[1], True)
        if start and end and start > end:
            raise refused(_("An interval's start lies before its end."))
        return start, end
    if "date" in literal:
        day = _day(literal["date"])
        return day, day + _DAY - _MICROSECOND
    moment = _moment(literal["timestamp"])
    return moment, moment


def _end(text: Any, is_last: bool) -> datetime | None:
    if isinstance(text, dict) and len(text) == 1:
        text = next(iter(text.values()))
    if text == "..":
        return None
    if isinstance(text, str) and len(text) == len("2014-05-11"):
        day = _day(text)
        return day + _DAY - _MICROSECOND if is_last else day
    return _moment(text)


def _day(text: Any) -> datetime:
    try:
        day = datetime.combine(date.fromisoformat(text), time.min, UTC)
        day + _DAY  # the last day of all has no end
    except (TypeError, ValueError, OverflowError):
        raise refused(_("A date is like 2014-05-11.")) from None
    return day


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise refused(_("A timestamp is like 2014-05-11T09:30:00Z.")) from None


def geometry_of(literal: dict[str, Any]) -> GEOSGeometry:
    """Return a geometry from GeoJSON or a bbox, valid and on the Earth."""
    geometry = _bbox(literal["bbox"]) if "bbox" in literal else _geojson(literal)
    if geometry.empty:
        raise refused(_("A filter's geometry is not empty."))
    west, south, east, north = geometry.extent
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refused(_("A filter's geometry lies between -180 and 180 east, -90 and 90 north."))
    if geometry.num_coords > MOST_VERTICES:
        raise refused(
            _("A filter's geometry has at most %(most)d vertices.") % {"most": MOST_VERTICES}
        )
    if not geometry.valid:
        raise refused(_("A filter's geometry doesn't cross itself."))
    return geometry


def _bbox(numbers: Any) -> GEOSGeometry:
    if not isinstance(numbers, list) or len(numbers) not in {4, 6}:
        raise refused(_("bbox is four or six numbers with commas between them."))
    given = [number_of(number) for number in numbers]
    box = BBox(*(given if len(given) == 4 else (*given[:2], *given[3:5])))
    if box.south > box.north:
        raise refused(_("A filter's bbox has its southern edge first."))
    return box.geometry()


def _geojson(literal: dict[str, Any]) -> GEOSGeometry:
    parts = literal.get("geometries") if literal.get("type") == "GeometryCollection" else [literal]
    if not isinstance(parts, list) or not all(map(_is_simple, parts)):
        raise refused(_("A filter's geometry is a point, line or polygon, or several of them."))
    try:
        for part in parts:
            _check_numbers(part.get("coordinates"))
        geometry = GEOSGeometry(json.dumps(literal), srid=4326)
    except (GDALException, GEOSException, ValueError, TypeError, RecursionError):
        raise refused(_("This is no GeoJSON geometry.")) from None
    return geometry


def _is_simple(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") in _GEOMETRIES


def _check_numbers(coordinates: Any, depth: int = 0) -> None:
    if isinstance(coordinates, list) and depth < 5:
        for part in coordinates:
            _check_numbers(part, depth + 1)
    else:
        number_of(coordinates)
