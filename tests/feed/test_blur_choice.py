"""Which area a recorded place is published as."""

import itertools

import h3
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.geo import distance_m
from feed.blur import Basis, Recorded, cell_area, public_places, round_up, unit_area

LON, LAT = 43.784123, 33.349787


def everywhere(per_km2):
    """Return a count of residents at one density (a square degree here is about 10,330 km²)."""
    return lambda shapes: [shape.area * 10_330 * per_km2 for shape in shapes]


def nobody(shapes):
    return [0.0] * len(shapes)


def place(residents=nobody, **changes):
    fields = {"longitude": LON, "latitude": LAT, "uncertainty_m": 0.0} | changes
    return public_places([Recorded(**fields)], residents)[0]


@pytest.mark.parametrize(
    ("per_km2", "resolution"), [(2_000, 7), (500, 6), (50, 5), (5, 4)], ids=str
)
def test_the_smallest_cell_with_5000_residents_is_taken(per_km2, resolution):
    found = place(everywhere(per_km2))
    cell = h3.cell_to_parent(h3.latlng_to_cell(LAT, LON, 7), resolution)
    latitude, longitude = h3.cell_to_latlng(cell)
    assert (found.basis, found.area.code) == (Basis.CELL, cell)
    assert (found.longitude, found.latitude) == (round(longitude, 5), round(latitude, 5))


def test_where_too_few_live_nothing_is_shown():
    found = place(everywhere(1))
    assert found.basis == Basis.WITHHELD
    assert (found.longitude, found.latitude, found.uncertainty_m) == (None, None, None)


def test_where_too_few_live_the_smallest_unit_with_5000_is_taken():
    district = unit_area("D", 2, shapely.box(43, 33, 44, 34))
    province = unit_area("P", 1, shapely.box(40, 31, 46, 36))
    found = place(everywhere(0.3), units=[district, province])
    assert (found.basis, found.area.code) == (Basis.UNIT, "P")
    assert (found.longitude, found.latitude) == (43.0, 33.5)
    assert found.uncertainty_m >= distance_m(43.0, 33.5, 40, 31)


def test_a_unit_is_never_taken_where_a_cell_will_do():
    village = unit_area("V", 3, shapely.box(43.783, 33.349, 43.785, 33.35))
    packed = lambda shapes: [9_000.0] * len(shapes)  # noqa: E731
    assert place(packed, units=[village]).basis == Basis.CELL


def test_the_middle_of_a_whole_country_is_never_published():
    country = unit_area("C", 0, shapely.box(35, 25, 50, 40))
    assert place(everywhere(1), units=[country]).basis == Basis.WITHHELD


@pytest.mark.parametrize(
    ("own", "resolution"), [(0, 7), (1_000, 7), (3_000, 6), (6_000, 5), (15_000, 4), (80_000, 4)]
)
def test_a_cell_is_no_smaller_than_the_records_own_uncertainty(own, resolution):
    found = place(everywhere(9_000), uncertainty_m=float(own))
    assert found.area.level == resolution
    assert found.uncertainty_m >= found.area.reach_m + own


def test_an_unknown_uncertainty_is_no_place():
    assert place(everywhere(9_000), uncertainty_m=None).basis == Basis.UNKNOWN


def test_no_point_is_no_place():
    assert public_places([None], nobody)[0].basis == Basis.UNKNOWN


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_a_lead_monitors_choice_needs_no_residents(resolution):
    found = place(nobody, resolution=resolution)
    assert found.area.code == h3.latlng_to_cell(LAT, LON, resolution)


def test_residents_are_counted_in_the_country_that_is_named_alone():
    """Cell and country together would narrow the place to the part of the cell in that country."""
    cell = cell_area(h3.latlng_to_cell(LAT, LON, 7))
    sliver = shapely.box(43.0, 33.0, cell.shape.bounds[0] + 0.002, 34.0)
    assert place(everywhere(2_000)).area.level == 7
    assert place(everywhere(2_000), country=sliver).area.level < 7


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    own=st.floats(0, 100_000),
    density=st.integers(0, 4),
)
def test_the_strike_lies_within_the_published_uncertainty(lon, lat, own, density):
    found = place(everywhere(10**density), longitude=lon, latitude=lat, uncertainty_m=own)
    if found.basis == Basis.CELL:
        off = distance_m(found.longitude, found.latitude, lon, lat)
        assert off + own <= found.uncertainty_m + 1  # centres are rounded to a metre


@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_cells_of_one_point_never_cut_each_other(lon, lat):
    """By a layer that counts fewer people a coarser cell is published: it must hold the finer."""
    cells = [place(everywhere(d), longitude=lon, latitude=lat).area for d in (5_000, 1_000, 100, 5)]
    for finer, coarser in itertools.pairwise(cells):
        if finer and coarser and finer.code != coarser.code:
            children = h3.cell_to_children(coarser.code, 7)
            assert set(h3.cell_to_children(finer.code, 7)) <= set(children)


@given(st.floats(0, 1), st.floats(0, 1))
def test_all_points_of_a_cell_become_one_place(across, down):
    cell = h3.latlng_to_cell(LAT, LON, 7)
    west, south, east, north = cell_area(cell).shape.bounds
    lon, lat = west + across * (east - west), south + down * (north - south)
    if h3.latlng_to_cell(lat, lon, 7) == cell:
        assert place(everywhere(9_000), longitude=lon, latitude=lat) == place(everywhere(9_000))


@pytest.mark.parametrize(
    ("metres", "rounded"), [(1406, 1500), (1400, 1400), (99.2, 100), (23_456, 24_000), (0.51, 0.51)]
)
def test_an_uncertainty_is_rounded_up_to_two_digits(metres, rounded):
    assert round_up(metres) == pytest.approx(rounded)
