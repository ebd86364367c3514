"""Places as askers send them: GeoJSON polygons, points, metres, checked."""

import math
from functools import partial
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MOST_POINTS = 50_000
MOST_VERTICES = 10_000
MOST_DEGREES = 20.0

_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
_RING = {"type": "array", "items": _NUMBERS, "minItems": 4}
_RINGS = {"type": "array", "items": _RING, "minItems": 1}


class NumberField(serializers.FloatField):
    """A finite JSON number; neither a text nor true or false."""

    def to_internal_value(self, data: Any) -> float:
        """Return the number."""
        if not is_number(data):
            raise serializers.ValidationError(_("A finite number is needed."), code="number")
        return super().to_internal_value(data)


def is_number(data: Any) -> bool:
    """Tell whether JSON held a finite number here."""
    return isinstance(data, (int, float)) and not isinstance(data, bool) and _is_finite(data)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number with hundreds of digits
        return False


class OddPosition(ValueError):
    """What was sent is no position: a message for the sender, and a code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def position(data: Any) -> tuple[float, float]:
    """Return a GeoJSON position's longitude and latitude; ``OddPosition`` for no such thing.

    A third number, the height, is taken and means nothing. Longitudes may run on to 360.
    """
    if not (isinstance(data, list) and len(data) in (2, 3) and all(map(is_number, data))):
        message = _("A position is [longitude, latitude] in degrees.")
        raise OddPosition(message, "position")
    lon, lat = float(data[0]), float(data[1])
    if not (-180 <= lon <= 360 and -90 <= lat <= 90):
        message = _("Longitudes lie within -180 and 360, latitudes within -90 and 90.")
        raise OddPosition(message, "off_earth")
    return lon, lat


@extend_schema_field({"type": "array", "items": _NUMBERS, "minItems": 1, "maxItems": MOST_POINTS})
class PointsField(serializers.Field):
    """A list of positions."""

    def to_internal_value(self, data: Any) -> tuple[tuple[float, float], ...]:
        """Return the points."""
        if not isinstance(data, list) or not data:
            message = _("A list of positions is needed, at least one.")
            raise serializers.ValidationError(message, code="points")
        if len(data) > MOST_POINTS:
            message = _("At most %(most)s points are taken.") % {"most": f"{MOST_POINTS:,}"}
            raise serializers.ValidationError(message, code="too_many")
        points = []
        for index, each in enumerate(data):
            try:
                points.append(position(each))
            except OddPosition as exc:
                where = _("Point %(number)d: ") % {"number": index + 1}
                raise serializers.ValidationError(f"{where}{exc}", code=exc.code) from None
        return tuple(points)

    def to_representation(self, value: Any) -> Any:
        """Never used: points are only read."""
        return value


@extend_schema_field(
    {
        "type": "object",
        "description": "A GeoJSON Polygon or MultiPolygon.",
        "properties": {
            "type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]},
            "coordinates": {
                "oneOf": [{**_RINGS}, {"type": "array", "items": _RINGS, "minItems": 1}]
            },
        },
        "required": ["type", "coordinates"],
    }
)
class PolygonField(serializers.Field):
    """A polygon in degrees, at most 20 wide and high."""

    default_error_messages = {
        "polygon": gettext_lazy("A GeoJSON Polygon or MultiPolygon is needed."),
        "ring": gettext_lazy("Each ring has at least four positions and ends where it begins."),
        "not_valid": gettext_lazy("The polygon is not valid: {reason}"),
        "too_many": gettext_lazy("A polygon may have at most 10,000 positions."),
        "too_large": gettext_lazy(
            "A polygon may be at most 20 degrees wide and high. One across the antimeridian goes "
            "on beyond 180, or is cut there into two."
        ),
        "empty": gettext_lazy("The polygon has no area."),
    }

    def to_internal_value(self, data: Any) -> shapely.Polygon | shapely.MultiPolygon:
        """Return the polygon; one cut at the antimeridian is joined, and goes on beyond 180."""
        if not isinstance(data, dict) or set(data) - {"type", "coordinates", "bbox", "crs"}:
            self.fail("polygon")
        kind, coordinates = data.get("type"), data.get("coordinates")
        if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
            self.fail("polygon")
        parts = [coordinates] if kind == "Polygon" else coordinates
        if not parts or not all(isinstance(part, list) and part for part in parts):
            self.fail("polygon")
        if sum(len(ring) for part in parts for ring in part if isinstance(ring, list)) > (
            MOST_VERTICES
        ):
            self.fail("too_many")
        return self._checked([self._polygon(part) for part in parts])

    def _polygon(self, rings: list[Any]) -> shapely.Polygon:
        read = []
        for ring in rings:
            if not isinstance(ring, list) or len(ring) < 4:
                self.fail("ring")
            try:
                positions = [position(each) for each in ring]
            except OddPosition as exc:
                raise serializers.ValidationError(str(exc), code=exc.code) from None
            if positions[0] != positions[-1]:
                self.fail("ring")
            read.append(positions)
        return shapely.Polygon(read[0], read[1:])

    def _checked(self, parts: list[shapely.Polygon]) -> shapely.Polygon | shapely.MultiPolygon:
        for part in parts:
            if not part.is_valid:
                self.fail("not_valid", reason=shapely.is_valid_reason(part))
        shape: Any = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
        if len(parts) > 1:
            west, _south, east, _north = shape.bounds
            if east - west > 180:
                shape = shapely.union_all([_moved_east(part) for part in parts])
            elif not shape.is_valid:
                self.fail("not_valid", reason=shapely.is_valid_reason(shape))
        west, south, east, north = shape.bounds
        if east - west > MOST_DEGREES or north - south > MOST_DEGREES:
            self.fail("too_large")
        if shape.area == 0 or not isinstance(shape, (shapely.Polygon, shapely.MultiPolygon)):
            self.fail("empty")
        return shape

    def to_representation(self, value: Any) -> Any:
        """Never used: polygons are only read."""
        return value


def _moved_east(part: shapely.Polygon) -> shapely.Polygon:
    if part.bounds[0] >= 0:
        return part
    moved: shapely.Polygon = shapely.transform(part, partial(np.add, [360.0, 0.0]))
    return moved
