"""Where the public is told that a strike was: an area in which at least 5,000 people live.

The same place always becomes the same area. Noise would not do: it averages out over the versions.
An area is an H3 cell or an administrative unit; its centre is published, and how far the strike may
be from there. Everything here is degrees WGS 84, metres and persons.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import h3
import shapely
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.geo import WGS84, distance_m

FEWEST_RESIDENTS = 5_000
FINEST, COARSEST = 7, 4
_DECIMALS = 5  # of a published degree: a metre

Polygon = shapely.Polygon | shapely.MultiPolygon
_Key = tuple[int, str, str]  # country, basis, code
ResidentsIn = Callable[[Sequence[Polygon]], Sequence[float]]


class Basis(TextChoices):
    """What a published place is."""

    RECORDED = "recorded", _("the place as recorded")
    CELL = "cell", _("the centre of an H3 cell")
    UNIT = "unit", _("the centre of an administrative unit")
    WITHHELD = "withheld", _("withheld: too few people live around it")
    UNKNOWN = "unknown", _("not known")


@dataclass(frozen=True, slots=True)
class Area:
    """What many strikes may be published as. ``reach_m``: from the centre to the farthest edge.

    ``code`` is the H3 cell or the unit's P-code, ``level`` its resolution or administrative level.
    """

    basis: Basis
    code: str
    level: int
    longitude: float
    latitude: float
    reach_m: float
    shape: Polygon


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a strike was recorded. ``uncertainty_m`` is None where nobody knows how sure that is.

    ``units``: its administrative units, the smallest first. ``country``: the shape of the country
    that is published with it. ``resolution``: the H3 resolution that a lead monitor chose, if any.
    """

    longitude: float
    latitude: float
    uncertainty_m: float | None
    units: Sequence[Area] = ()
    country: Polygon | None = None
    resolution: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an audience is told that it was; without coordinates where it is not told."""

    basis: Basis
    longitude: float | None = None
    latitude: float | None = None
    uncertainty_m: float | None = None
    area: Area | None = None


def public_places(recorded: Iterable[Recorded | None], residents_in: ResidentsIn) -> list[Place]:
    """Return the published place of each record: of its areas the smallest with enough people.

    ``residents_in`` counts the people in polygons. Units are asked only where no cell has enough:
    a cell and a unit of one place, both known, would cut each other smaller.
    """
    records = list(recorded)
    places: list[Place | None] = [_decided(record) for record in records]
    for chosen in (_in_cells, _in_units):
        open_ = [index for index, place in enumerate(places) if place is None]
        asked = [record for i in open_ if (record := records[i])]
        for index, place in zip(open_, chosen(asked, residents_in), strict=True):
            places[index] = place
    return [place or Place(Basis.WITHHELD) for place in places]


def unit_area(pcode: str, level: int, shape: Polygon) -> Area:
    """Return an administrative unit as an area to publish."""
    middle = shape.centroid if shape.covers(shape.centroid) else shape.representative_point()
    return _area(Basis.UNIT, pcode, level, middle.x, middle.y, shape)


def _decided(record: Recorded | None) -> Place | None:
    """Return the place where no people need to be counted."""
    if record is None or record.uncertainty_m is None:
        return Place(Basis.UNKNOWN)
    if record.resolution is not None:
        return _finer(record, record.resolution)
    return None


def _finer(record: Recorded, resolution: int) -> Place:
    """Return the cell that a lead monitor chose: of those within the resolution-7 cell the nearest.

    The cell of the point itself may stick out of that one, and where both were published, at
    different times, the strike would be known to lie in the part that they share.
    """

    def away_m(cell: str) -> float:
        latitude, longitude = h3.cell_to_latlng(cell)
        return distance_m(record.longitude, record.latitude, longitude, latitude)

    within = h3.cell_to_children(_cell_of(record, FINEST), resolution)
    nearest = min(within, key=lambda cell: (away_m(cell), cell))
    area = cell_area(nearest)
    return _published(record, replace(area, reach_m=max(area.reach_m, away_m(nearest))))


def _cell_of(record: Recorded, resolution: int) -> str:
    return h3.latlng_to_cell(record.latitude, record.longitude, resolution)


def _cells(record: Recorded) -> list[Area]:
    """Return the cells that say no more than the record does, the smallest first.

    Coarser cells follow from the finest cell, not from the point: H3 cells do not nest exactly, and
    two cells of one point published at different times would cut each other into a smaller area.
    """
    finest = _cell_of(record, FINEST)
    resolutions = range(FINEST, COARSEST - 1, -1)
    areas = [cell_area(h3.cell_to_parent(finest, resolution)) for resolution in resolutions]
    # Around a pole a cell is no polygon in degrees, and nobody lives there.
    areas = [area for area in areas if area.shape.is_valid]
    own = record.uncertainty_m or 0.0
    return [area for area in areas if area.reach_m >= own] or areas[-1:]


def _units(record: Recorded) -> list[Area]:
    """Return the units below the country: a country's middle would be a place that nobody meant."""
    return [unit for unit in record.units if unit.level > 0]


def _in_cells(records: Sequence[Recorded], residents_in: ResidentsIn) -> list[Place | None]:
    """Return for each record its first cell in which enough people live who get no smaller one.

    Whoever knows the layer knows which cells are published themselves: that a coarser one is
    published leaves only the others in it, and in these together must live enough.
    """
    asked = [(record, _cells(record)) for record in records]
    places: list[Place | None] = [None] * len(asked)
    people: dict[_Key, float] = {}
    for level in range(FINEST, COARSEST - 1, -1):
        at_level = [
            (index, record, area, areas[0].level)
            for index, (record, areas) in enumerate(asked)
            for area in areas
            if area.level == level and places[index] is None
        ]
        parts = [
            (record, cell_area(cell))
            for _index, record, area, base in at_level
            for cell in h3.cell_to_children(area.code, base)
        ]
        _count_more(people, parts, residents_in)
        for index, record, area, base in at_level:
            if _left_in(area.code, base, id(record.country), people) >= FEWEST_RESIDENTS:
                places[index] = _published(record, area)
    return places


def _left_in(cell: str, base: int, country: int, people: dict[_Key, float]) -> float:
    """Return the people of a cell who live in no smaller one, down to ``base``, with enough."""
    if h3.get_resolution(cell) == base:
        return people[country, Basis.CELL, cell]
    parts = [_left_in(part, base, country, people) for part in h3.cell_to_children(cell)]
    return sum(left for left in parts if left < FEWEST_RESIDENTS)


def _in_units(records: Sequence[Recorded], residents_in: ResidentsIn) -> list[Place | None]:
    """Return for each record its first unit with enough residents."""
    asked = [(record, _units(record)) for record in records]
    people: dict[_Key, float] = {}
    _count_more(people, [(record, area) for record, areas in asked for area in areas], residents_in)
    places: list[Place | None] = []
    for record, areas in asked:
        enough = (a for a in areas if people[_key(record, a)] >= FEWEST_RESIDENTS)
        area = next(enough, None)
        places.append(_published(record, area) if area else None)
    return places


def _count_more(
    people: dict[_Key, float], asked: Sequence[tuple[Recorded, Area]], residents_in: ResidentsIn
) -> None:
    """Count the people of areas that were not counted yet, all at once."""
    shapes = {
        _key(record, area): _within(area.shape, record.country)
        for record, area in asked
        # Around a pole a cell is no polygon in degrees, and nobody lives there.
        if _key(record, area) not in people and area.shape.is_valid
    }
    people |= dict.fromkeys((_key(record, area) for record, area in asked), 0.0) | people
    people |= dict(zip(shapes, residents_in(list(shapes.values())), strict=True))


def _key(record: Recorded, area: Area) -> _Key:
    """Tell apart what is counted; records of one country share its shape."""
    return id(record.country), area.basis, area.code


def _within(shape: Polygon, country: Polygon | None) -> Polygon:
    """Return the part of an area that lies in the country named beside it: only there it may be."""
    if country is None:
        return shape
    shapely.prepare(country)
    if country.covers(shape):
        return shape
    parts = shapely.get_parts(shapely.intersection(shape, country))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _published(record: Recorded, area: Area) -> Place:
    uncertainty_m = round_up(area.reach_m + _own_step_m(record.uncertainty_m or 0.0, area.reach_m))
    return Place(area.basis, area.longitude, area.latitude, uncertainty_m, area)


def _own_step_m(own_m: float, reach_m: float) -> float:
    """Return the record's own uncertainty, coarsened: exact, it would give its precision away."""
    steps = (reach_m / 4, reach_m)
    return next((step for step in steps if own_m <= step), own_m)


def round_up(metres: float) -> float:
    """Round up to two significant digits."""
    step = 10.0 ** (math.floor(math.log10(metres)) - 1)
    return math.ceil(round(metres / step, 6)) * step


@lru_cache(maxsize=20_000)
def cell_area(cell: str) -> Area:
    """Return an H3 cell as an area; coarser than resolution 7, the cells of that it is made of."""
    level = h3.get_resolution(cell)
    if level >= FINEST:
        outline = h3.cell_to_boundary(cell)
    else:
        outline = h3.cells_to_h3shape(h3.cell_to_children(cell, FINEST)).outer
    latitude, longitude = h3.cell_to_latlng(cell)
    shape = shapely.Polygon(_unwrapped([(lng, lat) for lat, lng in outline]))
    return _area(Basis.CELL, cell, level, longitude, latitude, shape)


def _unwrapped(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Let a ring across the antimeridian run on past 180°."""
    longitudes = [longitude for longitude, _latitude in ring]
    if max(longitudes) - min(longitudes) < 180:
        return ring
    return [(longitude % 360, latitude) for longitude, latitude in ring]


def _area(
    basis: Basis, code: str, level: int, longitude: float, latitude: float, shape: Polygon
) -> Area:
    longitude, latitude = round(longitude, _DECIMALS), round(latitude, _DECIMALS)
    edge = shapely.get_coordinates(shape)
    from_lon, from_lat = [longitude] * len(edge), [latitude] * len(edge)
    distances = WGS84.inv(from_lon, from_lat, edge[:, 0], edge[:, 1])[2]
    return Area(basis, code, level, longitude, latitude, float(max(distances)), shape)
