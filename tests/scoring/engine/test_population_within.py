"""People within r metres of points."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.exposure import population_in, population_within
from scoring.engine.geodesy import WGS84, circles, curvature_radii
from scoring.engine.grids import open_layer

RADII = [1000.0, 2000.0, 5000.0]


def _disc_area_km2(lat, radius_m):
    """Area of a geodesic disc: π r² (1 − K r²/12), K the Gaussian curvature."""
    m, n = curvature_radii(lat)
    return np.pi * radius_m**2 * (1 - radius_m**2 / (12 * m * n)) / 1e6


def _disc_area_deg2(lat, radius_m):
    """The same in square degrees to the second order in r, as a grid of counts sees it."""
    m, n = curvature_radii(lat)
    flat = np.pi * np.degrees(radius_m / m) * np.degrees(radius_m / (n * np.cos(np.radians(lat))))
    bulge = (1 + 4 * np.tan(np.radians(lat)) ** 2) * (radius_m / m) ** 2 / 24
    return flat * (1 + bulge)


@pytest.mark.parametrize("lat", [0.2, 33.4, -60.3])
def test_on_a_uniform_density_a_disc_holds_its_own_area(make_raster, lat):
    cells = np.full((120, 240), 1000.0)
    layer = open_layer(make_raster(cells, west=43, north=round(lat) + 0.5), "density")
    people = population_within(layer, [44.001], [lat], RADII)[0]
    np.testing.assert_allclose(people, 1000 * _disc_area_km2(lat, np.array(RADII)), rtol=2e-5)


def test_on_uniform_counts_a_disc_holds_its_share_of_degrees(make_raster):
    layer = open_layer(make_raster(np.full((120, 120), 7.0), west=43, north=34))
    people = population_within(layer, [43.501], [33.503], RADII)[0]
    expected = 7.0 * _disc_area_deg2(33.503, np.array(RADII)) * 120**2
    np.testing.assert_allclose(people, expected, rtol=1e-5)


def test_it_agrees_with_a_very_fine_polygon_on_a_real_grid(shared_data):
    layer = open_layer(shared_data("gpw_nigeria_2010_density.tif"), "density")
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(3, 15, 60), rng.uniform(4, 14, 60)
    people = population_within(layer, lon, lat, [5000.0])[:, 0]
    azimuths = np.linspace(0, 360, 20_000, endpoint=False)
    for i in range(60):
        ring = WGS84.fwd([lon[i]] * 20_000, [lat[i]] * 20_000, azimuths, [5000.0] * 20_000)[:2]
        fine = population_in(layer, shapely.Polygon(np.column_stack(ring)))
        assert abs(people[i] - fine) <= 1e-5 * max(fine, 1.0)


def test_no_data_is_nobody_and_lowers_the_coverage(make_raster):
    cells = np.full((60, 60), 10.0)
    cells[:, 30:] = -1
    layer = open_layer(make_raster(cells, west=43, north=34, nodata=-1))
    people, coverage = population_within(layer, [43.25], [33.75], [3000], with_coverage=True)
    whole = 10 * _disc_area_deg2(33.75, 3000.0) * 120**2
    assert people[0, 0] == pytest.approx(whole / 2, rel=1e-4)
    assert coverage[0, 0] == pytest.approx(0.5, rel=1e-4)


def test_a_disc_over_the_edge_counts_what_is_inside(make_raster):
    layer = open_layer(make_raster(np.full((60, 60), 10.0), west=43, north=34))
    edge, corner, off = (43.0, 33.75), (43.0, 34.0), (40.0, 30.0)
    lon, lat = np.array([edge, corner, off]).T
    people, coverage = population_within(layer, lon, lat, [2000], with_coverage=True)
    np.testing.assert_allclose(coverage[:, 0], [0.5, 0.25, 0], atol=1e-4)
    assert people[0, 0] == pytest.approx(10 * _disc_area_deg2(33.75, 2000.0) * 120**2 / 2, rel=1e-4)
    assert people[2, 0] == 0


def test_coverage_is_one_where_all_cells_have_data(make_raster):
    layer = open_layer(make_raster(np.ones((60, 60)), west=43, north=34))
    _, coverage = population_within(layer, [43.25], [33.75], RADII, with_coverage=True)
    assert coverage.tolist() == [[1.0, 1.0, 1.0]]


def test_discs_across_the_antimeridian_are_whole(make_raster):
    cells = np.random.default_rng(3).gamma(0.5, 50, (40, 720))
    around = open_layer(make_raster(cells, west=-180, north=10, cell=0.5, name="a.tif"))
    shifted = open_layer(
        make_raster(np.roll(cells, 360, axis=1), west=0, north=10, cell=0.5, name="b.tif")
    )
    lon, lat = [180.0, -180.0, 179.9, -179.8], [1.0, 1.0, 3.3, -4.0]
    people = population_within(around, lon, lat, [100_000, 300_000])
    np.testing.assert_allclose(
        people, population_within(shifted, lon, lat, [100_000, 300_000]), rtol=1e-9
    )
    np.testing.assert_allclose(people[0], people[1], rtol=1e-9)
    assert (people > 0).all()


def test_a_disc_may_hold_a_pole(make_raster):
    cells = np.full((100, 7200), 1.0)
    layer = open_layer(make_raster(cells, west=-180, north=90, cell=0.05), "density")
    people, coverage = population_within(
        layer, [10, -170], [89.5, 90], [200_000], with_coverage=True
    )
    np.testing.assert_allclose(people[:, 0], _disc_area_km2(90, 200_000.0), rtol=1e-3)
    np.testing.assert_array_equal(coverage, 1.0)


def test_a_radius_below_a_cell_takes_its_share_of_that_cell(make_raster):
    layer = open_layer(make_raster(np.full((60, 60), 10.0), west=43, north=34))
    people = population_within(layer, [43.2541666], [33.7541666], [50])[0, 0]
    assert people == pytest.approx(10 * _disc_area_deg2(33.754, 50.0) * 120**2, rel=1e-4)


def test_a_radius_of_nothing_holds_nobody(make_raster):
    path = make_raster(np.ones((9, 9)))
    radii = [0, 5e-324, 1e-200, 1e-9, 300]
    people, coverage = population_within(path, [43.03], [33.97], radii, with_coverage=True)
    assert (people[0, :4] == 0).all()
    assert (coverage[0, :4] == 0).all()
    assert people[0, 4] > 0
    tiny = population_within(path, [43.0 + 3 / 120] * 2, [33.975, 34 - 3 / 120], [1e-6, 1e-3, 1])
    np.testing.assert_allclose(tiny[:, 2] / 1e6, tiny[:, 1], rtol=1e-5)
    assert (np.diff(tiny, axis=1) > 0).all()


@pytest.mark.parametrize(
    ("lon", "lat", "radius"),
    [(np.nan, 33, 1000), (43, np.inf, 1000), (43, 95, 1000), (400, 33, 1000), (43, 33, -1),
     (43, 33, np.nan)],
)  # fmt: skip
def test_it_refuses_what_is_no_place_and_no_radius(make_raster, lon, lat, radius):
    with pytest.raises(ValueError, match=r"finite|within"):
        population_within(make_raster(np.ones((2, 2))), [lon], [lat], [radius])


def test_a_batch_gives_each_point_what_it_gets_alone_bit_for_bit(make_raster):
    path = make_raster(np.random.default_rng(5).gamma(0.3, 90, (80, 80)), west=43, north=34)
    rng = np.random.default_rng(6)
    lon, lat = rng.uniform(43, 43.6, 30), rng.uniform(33.4, 34, 30)
    lon[7], lat[7] = lon[3], lat[3]
    together, cover = population_within(path, lon, lat, RADII, with_coverage=True)
    backwards = population_within(path, lon[::-1], lat[::-1], RADII)[::-1]
    for i in range(30):
        alone, own = population_within(path, lon[i], lat[i], RADII, with_coverage=True)
        assert together[i].tolist() == backwards[i].tolist() == alone[0].tolist()
        assert cover[i].tolist() == own[0].tolist()


@settings(max_examples=40, deadline=None)
@given(
    lat=st.floats(-84, 84), lon=st.floats(-180, 180), radius=st.floats(300, 100_000),
    more=st.floats(1.01, 3),
)  # fmt: skip
def test_circles_have_the_disc_s_area_and_grow_with_the_radius(lat, lon, radius, more):
    small, large = circles(
        np.array([lon, lon]), np.array([lat, lat]), np.array([radius, radius * more])
    )
    area = abs(WGS84.geometry_area_perimeter(small)[0]) / 1e6
    assert area == pytest.approx(_disc_area_km2(lat, radius), rel=1e-6)
    assert large.covers(small)
