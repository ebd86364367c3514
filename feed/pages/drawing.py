"""A map as SVG, drawn by the server from what it is about to tell anyhow.

Equirectangular, scaled at the middle latitude: true in size there, and near enough around it. What
is published as a point lies within so many metres of it, and is drawn as a circle of that extent.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from core.geo import BBox
from feed.pages.land import Box, land_rings
from feed.pages.naming import Label, labels_place
from feed.towns import towns

Feature = dict[str, Any]
WIDTH = 960
_METRES_PER_DEGREE = 111_320.0
_FLATTEST, _TALLEST = 0.4, 0.5
_LEAST_DEGREES = 0.4
_LEAST_AROUND = 2.5  # degrees: so much that outlines tell where in the world it is
_MARGIN = 0.06
_LONGEST_SCALE = 200.0
_SMALLEST_MARK = 5.0
_WORLD = (-180.0, -60.0, 180.0, 84.0)
_TOLD = 6  # of those in one place
_CLOSE = 18  # pixels between two that are counted as one


@dataclass(frozen=True, slots=True)
class Mark:
    """One place with what is there. ``path`` of an area, else an ellipse around x, y (pixels).

    ``shown`` is the number written there: of all marks too close to tell apart, nought at the rest.
    """

    url: str
    label: str
    count: int
    x: int
    y: int
    rx: int = 0
    ry: int = 0
    path: str = ""
    shade: float | None = None
    shown: int = 1


@dataclass(frozen=True, slots=True)
class Map:
    """What the template draws. Pixels."""

    width: int
    height: int
    land: str
    marks: list[Mark]
    labels: list[Label]
    scale_px: int
    scale_m: float

    @property
    def scale_words(self) -> str:
        """The length of the scale."""
        if self.scale_m < 1_000:
            words = _("%(metres)d m") % {"metres": self.scale_m}
        else:
            words = _("%(kilometres)d km") % {"kilometres": self.scale_m / 1_000}
        # The drawing runs from left to right; what is written in it, as its language does.
        return f"\u2067{words}\u2069" if get_language_bidi() else words

    @property
    def has_circles(self) -> bool:
        """Whether places are shown that are only known to lie within a circle."""
        return any(not mark.path for mark in self.marks)

    @property
    def scale_y(self) -> float:
        """Where the scale lies."""
        return self.height - 16


@dataclass(frozen=True, slots=True)
class Telling:
    """What a map says of features: where each leads to, its words, and where several do."""

    url_of: Callable[[Feature], str]
    label_of: Callable[[Feature], str]
    several_url: Callable[[Box], str]
    shade_of: Callable[[Feature], float | None] = lambda _feature: None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Which part of the Earth is shown, and how large. ``east`` may lie beyond 180."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> float:
        return max(0.1, math.cos(math.radians((self.south + self.north) / 2)))

    @property
    def per_degree(self) -> float:
        """Pixels in a degree of latitude."""
        return WIDTH / ((self.east - self.west) * self.middle)

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.per_degree

    def pixels(self, points: np.ndarray) -> np.ndarray:
        longitudes = np.where(points[:, 0] < self.west, points[:, 0] + 360.0, points[:, 0])
        x = (longitudes - self.west) * self.per_degree * self.middle
        return np.column_stack([x, (self.north - points[:, 1]) * self.per_degree])


def map_draw(features: Sequence[Feature], telling: Telling, bbox: BBox | None = None) -> Map:
    """Return a map of features as the feed tells them, of a box or of where they are."""
    frame = _frame(features, bbox)
    step = 0.8 / frame.per_degree
    view: Box = (frame.west, frame.south, frame.east, frame.north)
    rings = land_rings(view, step)
    scale_m = _scale(frame)
    scale_px = round(scale_m / _METRES_PER_DEGREE * frame.per_degree)
    height = round(frame.height)
    points = _points(frame, features, telling)
    dots = [(mark.x, mark.y) for mark in points]
    return Map(
        width=WIDTH,
        height=height,
        land="".join(_path(frame.pixels(ring)) for ring in rings),
        marks=[*_areas(frame, features, telling, step), *points],
        labels=labels_place(_towns(frame), (WIDTH, height), scale_px, dots),
        scale_px=scale_px,
        scale_m=scale_m,
    )


def _path(points: np.ndarray) -> str:
    """Return an outline in tenths of a pixel: whole numbers are shorter, and no secret's digits."""
    return "M" + "L".join(f"{x * 10:.0f},{y * 10:.0f}" for x, y in points.tolist()) + "Z"


def _scale(frame: _Frame) -> float:
    """Return the longest round length that is not too long to draw. Metres."""
    longest = _LONGEST_SCALE / frame.per_degree * _METRES_PER_DEGREE
    power = 10.0 ** math.floor(math.log10(longest))
    return max(times * power for times in (1, 2, 5) if times * power <= longest)


# --- What is shown --------------------------------------------------------------------------------
def _frame(features: Sequence[Feature], bbox: BBox | None) -> _Frame:
    if bbox is not None:
        east = bbox.east if bbox.west <= bbox.east else bbox.east + 360
        return _fitted(bbox.west, bbox.south, east, bbox.north)
    boxes = [box for feature in features if (box := _box_of(feature))]
    if not boxes:
        return _fitted(*_WORLD)
    wests, souths, easts, norths = zip(*boxes, strict=True)
    south, north = min(souths), max(norths)
    short = max(0.0, _LEAST_AROUND - (north - south)) / 2
    return _fitted(min(wests), south - short, max(easts), north + short, _MARGIN)


def _box_of(feature: Feature) -> Box | None:
    """Return the box around a feature and its uncertainty."""
    geometry = feature["geometry"]
    if geometry is None:
        return None
    if geometry["type"] != "Point":
        west, south, east, north = shapely.bounds(_shape(feature)).tolist()
        return west, south, east, north
    longitude, latitude = geometry["coordinates"][:2]
    high = _metres(feature) / _METRES_PER_DEGREE
    wide = high / max(0.1, math.cos(math.radians(latitude)))
    return longitude - wide, latitude - high, longitude + wide, latitude + high


def _fitted(west: float, south: float, east: float, north: float, margin: float = 0.0) -> _Frame:
    """Return a frame around a box, not too small, too flat or too tall to look at."""
    across = max(east - west, _LEAST_DEGREES) * (1 + 2 * margin)
    up = max(north - south, _LEAST_DEGREES) * (1 + 2 * margin)
    middle = max(0.1, math.cos(math.radians((south + north) / 2)))
    across = max(across, up / (_TALLEST * middle))
    up = max(up, across * middle * _FLATTEST)
    if across >= 360:
        return _Frame(*_WORLD)
    x, y = (west + east) / 2, (south + north) / 2
    y = min(max(y, -90 + up / 2), 90 - up / 2)
    return _Frame(x - across / 2, y - up / 2, x + across / 2, y + up / 2)


def _towns(frame: _Frame) -> Iterator[tuple[str, float, float]]:
    """Return the towns of a frame, the largest first: name, x, y."""
    known, language = towns(), get_language() or ""
    for at in known.inside(frame.west, frame.south, frame.east, frame.north):
        ((x, y),) = frame.pixels(np.array([[known.lon[at], known.lat[at]]])).tolist()
        yield known.name(at, language), x, y


# --- What is on it --------------------------------------------------------------------------------
def _metres(feature: Feature) -> float:
    return float(feature["properties"].get("uncertainty_m") or 0.0)


def _shape(feature: Feature) -> Any:
    geometry = feature["geometry"]
    parts = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        parts = [parts]
    return shapely.MultiPolygon([shapely.Polygon(rings[0]) for rings in parts])


def _areas(frame: _Frame, features: Sequence[Feature], telling: Telling, step: float) -> list[Mark]:
    areas = [f for f in features if f["geometry"] and f["geometry"]["type"] != "Point"]
    return [_area(frame, feature, telling, step) for feature in areas]


def _area(frame: _Frame, feature: Feature, telling: Telling, step: float) -> Mark:
    coarse = shapely.get_parts(shapely.simplify(_shape(feature), step))
    rings = [frame.pixels(shapely.get_coordinates(part.exterior)) for part in coarse]
    x, y = rings[0].mean(axis=0).tolist()
    return Mark(
        url=telling.url_of(feature),
        label=telling.label_of(feature),
        count=1,
        x=round(x),
        y=round(y),
        path="".join(map(_path, rings)),
        shade=telling.shade_of(feature),
    )


def _points(frame: _Frame, features: Sequence[Feature], telling: Telling) -> list[Mark]:
    """Return a mark for each place, the widest first so that none hides a smaller one.

    The blur gives many strikes one place.
    """
    there: dict[tuple[float, float, float], list[Feature]] = {}
    for feature in features:
        if feature["geometry"] and feature["geometry"]["type"] == "Point":
            longitude, latitude = feature["geometry"]["coordinates"][:2]
            there.setdefault((longitude, latitude, _metres(feature)), []).append(feature)
    widest_first = sorted(there, key=lambda place: -place[2])
    ellipses = [_ellipse(frame, place) for place in widest_first]
    marks: list[Mark] = []
    for own, gathered in zip(range(len(ellipses)), _gathered(ellipses), strict=True):
        # The head of a gathering speaks for all of it, each of the others for itself.
        places = [widest_first[at] for at in gathered or [own]]
        x, y, rx, ry = ellipses[own]
        told = [feature for place in places for feature in there[place]]
        labels = [telling.label_of(feature) for feature in told[:_TOLD]]
        marks.append(
            Mark(
                url=telling.url_of(told[0])
                if len(told) == 1
                else telling.several_url(_around(places)),
                label="\n".join(labels + ["…"] * (len(told) > _TOLD)),
                count=len(there[widest_first[own]]),
                x=x,
                y=y,
                rx=rx,
                ry=ry,
                shown=len(told) if gathered else 0,
            )
        )
    return marks


_Place = tuple[float, float, float]


def _around(places: Sequence[_Place]) -> Box:
    longitudes, latitudes, _metres = zip(*places, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _gathered(ellipses: Sequence[tuple[int, int, int, int]]) -> list[list[int]]:
    """Return for each ellipse those whose number it shows: itself and such as lie too close.

    Nought for one that another speaks for. The smallest are asked last, and so lie on top.
    """
    heads: dict[int, list[int]] = {}
    for at, (x, y, _rx, _ry) in enumerate(ellipses):
        near = (
            head
            for head in heads
            if math.hypot(x - ellipses[head][0], y - ellipses[head][1]) < _CLOSE
        )
        heads.setdefault(next(near, at), []).append(at)
    return [heads.get(at, []) for at in range(len(ellipses))]


def _ellipse(frame: _Frame, place: _Place) -> tuple[int, int, int, int]:
    """Return the middle and the two radii of where a place may be. Pixels."""
    longitude, latitude, metres = place
    ((x, y),) = frame.pixels(np.array([[longitude, latitude]])).tolist()
    high = metres / _METRES_PER_DEGREE * frame.per_degree
    wide = high * frame.middle / max(0.1, math.cos(math.radians(latitude)))
    radii = max(wide, _SMALLEST_MARK), max(high, _SMALLEST_MARK)
    return round(x), round(y), round(radii[0]), round(radii[1])
