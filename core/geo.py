"""Bounding boxes and distances on the WGS 84 ellipsoid. Degrees in, metres out."""

import re
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, MultiPoint, Point
from django.db.models import Q
from django.utils.translation import gettext as _
from pyproj import Geod

from core.errors import FieldError, InvalidInput

WGS84 = Geod(ellps="WGS84")
_NUMBER = re.compile(r" *[+-]?(\d{1,9}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})? *", re.ASCII)


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in degrees; ``west > east`` means that it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Return one or two plain (west, south, east, north) boxes that together are this one."""
        if self.west <= self.east:
            return [(self.west, self.south, self.east, self.north)]
        return [
            (self.west, self.south, 180.0, self.north),
            (-180.0, self.south, self.east, self.north),
        ]

    def geometry(self) -> GEOSGeometry:
        """Return its area, or the line or point that a flat one is; WGS 84."""
        one, *other = (
            MultiPoint(Point(west, south), Point(east, north), srid=4326).envelope
            for west, south, east, north in self.boxes()
        )
        return one.union(other[0]) if other else one


def bbox_parse(text: str) -> BBox:
    """Read ``west,south,east,north`` (or six numbers, heights ignored) as OGC API says.

    Raises ``InvalidInput`` for any other count, for what is not finite and for what lies off the
    Earth.
    """

    def refuse(message: str) -> InvalidInput:
        return InvalidInput(errors=[FieldError("bbox", message, "bbox")])

    parts = text.split(",")
    if len(parts) not in {4, 6} or not all(map(_NUMBER.fullmatch, parts)):
        raise refuse(_("bbox is four or six numbers with commas between them."))
    numbers = [float(part) for part in parts]
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise refuse(_("Longitudes in bbox lie between -180 and 180."))
    if not (-90 <= south <= north <= 90):
        raise refuse(_("Latitudes in bbox lie between -90 and 90, the southern first."))
    return BBox(west, south, east, north)


def touches_bbox(column: str, bbox: BBox) -> Q:
    """Match geometries that touch the box, edges included; a box may be flat or a single point."""
    return _of_boxes(f"{column}__intersects", bbox)


def points_about_bbox(column: str, bbox: BBox) -> Q:
    """Match points in the box, edges included, and those less than a metre outside of it.

    For lists that people look at: the exact test costs so much a row that no index in the list's
    own order is walked for it.
    """
    return _of_boxes(f"{column}__bboverlaps", bbox)


def _of_boxes(lookup: str, bbox: BBox) -> Q:
    found = Q()
    for west, south, east, north in bbox.boxes():
        corners = MultiPoint(Point(west, south), Point(east, north), srid=4326)
        found |= Q(**{lookup: corners.envelope})
    return found


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the geodesic distance in metres."""
    return float(WGS84.inv(lon1, lat1, lon2, lat2)[2])
