"""An attacker who knows the layer and the rule tries to find where a published strike truly was."""

import random
from collections import defaultdict

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.blur import FEWEST_RESIDENTS, Recorded, cell_area, public_places

COARSE = h3.latlng_to_cell(33.349787, 43.784123, 5)
CELLS = sorted(h3.cell_to_children(COARSE, 7))


def layer(people):
    """Return a count of residents from the people of each resolution-7 cell."""
    middles = [shapely.Point(*reversed(h3.cell_to_latlng(cell))) for cell in CELLS]
    whole = dict(zip(CELLS, middles, strict=True))

    def residents_in(shapes):
        return [
            float(sum(people[cell] for cell in CELLS if shape.contains(whole[cell])))
            for shape in shapes
        ]

    return residents_in


def recorded(cell, uncertainty_m=50.0):
    latitude, longitude = h3.cell_to_latlng(cell)
    return Recorded(longitude, latitude, uncertainty_m)


def candidates(people, **how):
    """Return for each published place the cells from which a strike is published so."""
    places = public_places([recorded(cell, **how) for cell in CELLS], layer(people))
    found = defaultdict(list)
    for cell, place in zip(CELLS, places, strict=True):
        found[place.basis, place.area and place.area.code, place.uncertainty_m].append(cell)
    return found


def worst(people, **how):
    """Return the fewest people among whom any published cell hides."""
    found = candidates(people, **how)
    hidden = [sum(people[c] for c in cells) for (_, code, _), cells in found.items() if code]
    return min(hidden, default=FEWEST_RESIDENTS)


def test_one_village_between_towns_is_not_told_by_the_coarser_cell():
    """All around it are published themselves: the cell that holds them all would name it."""
    village = CELLS[0]
    people = dict.fromkeys(CELLS, 9_000) | {village: 300}
    (place,) = public_places([recorded(village)], layer(people))
    assert place.area is None
    assert worst(people) >= FEWEST_RESIDENTS


def test_villages_that_are_many_hide_each_other():
    parent = h3.cell_to_parent(CELLS[0], 6)
    people = {c: 1_500 if h3.cell_to_parent(c, 6) == parent else 9_000 for c in CELLS}
    (place,) = public_places([recorded(CELLS[0])], layer(people))
    assert place.area.code == parent


populations = st.lists(
    st.sampled_from([0, 10, 300, 1_200, 2_600, 4_900, 5_000, 20_000]), min_size=49, max_size=49
)


@settings(max_examples=40, deadline=None)
@given(populations, st.sampled_from([0.0, 500.0, 3_000.0, 6_000.0]))
def test_whatever_lives_where_5000_are_left_among_whom_it_may_be(numbers, own):
    people = dict(zip(CELLS, numbers, strict=True))
    assert worst(people, uncertainty_m=own) >= FEWEST_RESIDENTS


@pytest.mark.parametrize("seed", range(3))
def test_moving_it_within_its_cell_changes_no_byte(seed):
    """Versions of one incident that stays in its finest cell cannot be intersected."""
    pick = random.Random(seed)
    people = {cell: pick.choice([0, 300, 2_600, 9_000]) for cell in CELLS}
    cell = pick.choice(CELLS)
    shape = cell_area(cell).shape
    west, south, east, north = shape.bounds
    points = [(pick.uniform(west, east), pick.uniform(south, north)) for _number in range(60)]
    inside = [p for p in points if h3.latlng_to_cell(p[1], p[0], 7) == cell]
    places = public_places([Recorded(*p, 50.0) for p in inside], layer(people))
    assert len({(p.basis, p.longitude, p.latitude, p.uncertainty_m) for p in places}) == 1
