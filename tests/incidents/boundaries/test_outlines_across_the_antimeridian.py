import pytest
import shapely

from incidents.boundary_geometry import multipolygon_of

WEST, EAST = shapely.Point(179.5, -17), shapely.Point(-179.5, -17)


@pytest.mark.parametrize(
    "ring",
    [
        [(179, -18), (-179, -18), (-179, -16), (179, -16)],  # jumps
        [(179, -18), (181, -18), (181, -16), (179, -16)],  # runs on eastwards
        [(-181, -18), (-179, -18), (-179, -16), (-181, -16)],  # runs on westwards
        [(539, -18), (541, -18), (541, -16), (539, -16)],  # a whole turn off
    ],
)
def test_however_it_is_written_an_outline_is_cut_there(ring):
    outline, mended = multipolygon_of(shapely.Polygon(ring))

    assert outline.bounds == (-180, -18, 180, -16)
    assert outline.area == pytest.approx(4)
    assert outline.contains(WEST)
    assert outline.contains(EAST)
    assert not outline.contains(shapely.Point(0, -17))
    assert not mended


def test_a_hole_on_either_side_stays_a_hole():
    shell = [(178, -19), (-178, -19), (-178, -15), (178, -15)]
    holes = [
        [(-179.9, -18), (-179, -18), (-179, -16), (-179.9, -16)],
        [(179, -18), (179.9, -18), (179.9, -16), (179, -16)],
    ]

    outline, _ = multipolygon_of(shapely.Polygon(shell, holes))

    assert outline.area == pytest.approx(4 * 4 - 2 * 0.9 * 2)
    assert not outline.contains(WEST)
    assert not outline.contains(EAST)


def test_an_outline_already_cut_is_left_as_it_is():
    cut = shapely.MultiPolygon([shapely.box(179, -18, 180, -16), shapely.box(-180, -18, -179, -16)])

    assert multipolygon_of(cut) == (cut, False)


def test_a_ring_around_the_pole_is_led_over_it():
    ring = [(longitude, -70) for longitude in range(-170, 181, 20)]

    outline, _ = multipolygon_of(shapely.Polygon(ring))

    assert outline.is_valid
    assert outline.area == pytest.approx(360 * 20)
    assert outline.contains(shapely.Point(175, -80))
    assert outline.contains(shapely.Point(0, -89))


def test_the_border_of_the_map_along_a_pole_is_no_jump():
    cap = shapely.Polygon([(-180, -90), (180, -90), (180, -70), (0, -65), (-180, -70)])

    assert multipolygon_of(cap) == (shapely.MultiPolygon([cap]), False)
