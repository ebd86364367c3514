"""Small maps drawn as SVG by the server: where something is, how sure that is, and what is near.

A plane around the middle, true in distance to a percent within some hundred kilometres; north is
up. Degrees WGS 84 and metres in, pixels out, as texts that no language changes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from django.utils.translation import gettext as _

from feed.pages.land import land_near

WIDTH, HEIGHT = 640, 420
_METRES_PER_DEGREE = 111_195.0
# Nothing known is nearer than this; a point needs some country around it to be seen.
_LEAST_REACH_M = 1_500.0
_FARTHEST_REACH_M = 3_000_000.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. ``uncertainty_m`` is None where nobody knows."""

    longitude: float
    latitude: float
    uncertainty_m: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in pixels."""

    x: str
    y: str
    r: str
    label: str = ""
    label_y: str = ""

    @property
    def is_labelled(self) -> bool:
        """Whether there is room for the label between this circle and those within it."""
        return float(self.r) >= 24


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the template draws: pixels of a plane of ``WIDTH`` × ``HEIGHT``."""

    land: str
    borders: str
    spots: list[Circle]
    unsure: list[Circle]
    rings: list[Circle]
    scale_end: str
    scale_text: str
    width: int = WIDTH
    height: int = HEIGHT
    scale_y: int = HEIGHT - 28
    scale_text_y: int = HEIGHT - 36


def sketch(
    spots: Sequence[Spot], *, rings_m: Sequence[float] = (), reach_m: float = 0.0
) -> Sketch | None:
    """Return a map of the spots with rings (metres) around the first; None without a spot.

    ``reach_m`` is what is shown at least, from the middle to the upper edge.
    """
    if not spots:
        return None
    plane = _plane(spots, max(rings_m, default=0.0), reach_m)
    land, borders = plane.country_paths()
    centres = [plane.pixel(spot) for spot in spots]
    length_m, text = _scale(plane.metres_per_pixel)
    return Sketch(
        land=land,
        borders=borders,
        spots=_dots(centres, spots),
        unsure=[
            _circle(at, spot.uncertainty_m / plane.metres_per_pixel)
            for at, spot in zip(centres, spots, strict=True)
            if spot.uncertainty_m
        ],
        rings=[_ring(centres[0], metres, plane.metres_per_pixel) for metres in rings_m],
        scale_end=f"{20 + length_m / plane.metres_per_pixel:.1f}",
        scale_text=text,
    )


def _dots(centres: Sequence[tuple[float, float]], spots: Sequence[Spot]) -> list[Circle]:
    """Return the spots' dots; what would cover another's label has its own below."""
    dots: list[Circle] = []
    for at, spot in zip(centres, spots, strict=True):
        dot = _circle(at, 6, spot.label)
        if any(math.dist(at, before) < 24 for before in centres[: len(dots)]):
            dot = replace(dot, label_y=f"{at[1] + 28:.1f}")
        dots.append(dot)
    return dots


def _circle(at: tuple[float, float], r: float, label: str = "") -> Circle:
    x, y = at
    return Circle(f"{x:.1f}", f"{y:.1f}", f"{r:.1f}", label, f"{y - r - 5:.1f}")


def _ring(at: tuple[float, float], metres: float, metres_per_pixel: float) -> Circle:
    return _circle(at, metres / metres_per_pixel, length_text(metres))


def length_text(metres: float) -> str:
    """Return a length as people read it."""
    if metres < 1000:
        return _("%(metres)d m") % {"metres": metres}
    return _("%(kilometres)s km") % {"kilometres": f"{metres / 1000:g}"}


@dataclass(frozen=True, slots=True)
class _Plane:
    longitude: float
    latitude: float
    metres_per_pixel: float

    @property
    def _across(self) -> float:
        """Metres in a degree of longitude here; never nothing, even at a pole."""
        return _METRES_PER_DEGREE * max(math.cos(math.radians(self.latitude)), 0.01)

    def pixel(self, spot: Spot) -> tuple[float, float]:
        """Return where a spot is drawn."""
        east = (spot.longitude - self.longitude + 180) % 360 - 180
        return self._pixels(east, spot.latitude - self.latitude)

    def _pixels(self, east: float, north: float) -> tuple[float, float]:
        x = WIDTH / 2 + east * self._across / self.metres_per_pixel
        return x, HEIGHT / 2 - north * _METRES_PER_DEGREE / self.metres_per_pixel

    def country_paths(self) -> tuple[str, str]:
        """Return the land and its borders within the frame, as SVG paths."""
        half_x = min(WIDTH / 2 * self.metres_per_pixel / self._across, 179.0)
        half_y = HEIGHT / 2 * self.metres_per_pixel / _METRES_PER_DEGREE
        land, borders = [], []
        for turn in (0, 360, -360):  # what lies across the antimeridian
            frame = shapely.box(
                self.longitude - half_x + turn,
                max(self.latitude - half_y, -90),
                self.longitude + half_x + turn,
                min(self.latitude + half_y, 90),
            )
            for shape in land_near(frame):
                land += self._path(shapely.intersection(shape, frame), turn, close=True)
                borders += self._path(shapely.intersection(shape.boundary, frame), turn)
        return "".join(land), "".join(borders)

    def _path(self, shape: Any, turn: int, close: bool = False) -> list[str]:
        paths = []
        for part in shapely.get_parts(shape):
            if part.is_empty:
                continue
            if close and part.geom_type == "Polygon":
                for ring in (part.exterior, *part.interiors):
                    paths.append(self._line(ring.coords, turn) + "Z")
            elif not close and part.geom_type == "LineString":
                paths.append(self._line(part.coords, turn))
        return paths

    def _line(self, points: Any, turn: int) -> str:
        pixels = [
            self._pixels(longitude - turn - self.longitude, latitude - self.latitude)
            for longitude, latitude in points
        ]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels)


def _plane(spots: Sequence[Spot], ring_m: float, reach_m: float) -> _Plane:
    """Return the plane that holds everything, with a margin."""
    first = spots[0]
    easts = [(spot.longitude - first.longitude + 180) % 360 - 180 for spot in spots]
    norths = [spot.latitude for spot in spots]
    longitude = first.longitude + (min(easts) + max(easts)) / 2
    latitude = (min(norths) + max(norths)) / 2
    plane = _Plane(longitude, latitude, 1.0)
    around_m = max([ring_m, *(spot.uncertainty_m or 0.0 for spot in spots)])
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    needed = [1.0]
    for x, y in (plane.pixel(spot) for spot in spots):
        needed.append((abs(x - middle_x) + around_m) / (WIDTH / 2))
        needed.append((abs(y - middle_y) + around_m) / (HEIGHT / 2))
    least = max(reach_m, _LEAST_REACH_M) / (HEIGHT / 2)
    metres_per_pixel = min(max(max(needed) * 1.15, least), _FARTHEST_REACH_M / (HEIGHT / 2))
    return _Plane(longitude, latitude, metres_per_pixel)


def _scale(metres_per_pixel: float) -> tuple[float, str]:
    """Return a round length of at most a quarter of the width, and its text."""
    most = WIDTH / 4 * metres_per_pixel
    step = 10 ** math.floor(math.log10(most))
    length = max(factor * step for factor in (1, 2, 5) if factor * step <= most)
    return float(length), length_text(float(length))
