import pytest
import shapely

from incidents.boundary_geometry import multipolygon_of


def test_a_ring_that_crosses_itself_is_mended_and_said_so():
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])

    outline, mended = multipolygon_of(bow_tie)

    assert mended
    assert outline.is_valid
    assert outline.area == pytest.approx(2)


def test_polygons_that_overlap_count_once():
    doubled = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)])

    outline, mended = multipolygon_of(doubled)

    assert mended
    assert outline.area == pytest.approx(6)


def test_heights_are_left_out():
    outline, _ = multipolygon_of(shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)]))

    assert not outline.has_z


def test_what_has_no_area_gives_nothing():
    outline, mended = multipolygon_of(shapely.Polygon([(0, 0), (1, 1), (0, 0)]))

    assert outline.is_empty
    assert mended
