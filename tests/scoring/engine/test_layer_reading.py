"""Reading a raster as persons for each cell."""

import numpy as np
import pytest
from rasterio.transform import Affine

from scoring.engine.geodesy import WGS84, cell_areas_km2
from scoring.engine.grids import GridError, open_layer


def test_nodata_nan_infinite_and_negative_cells_have_no_data(make_raster):
    cells = np.array([[1.0, 9999.0, np.nan], [np.inf, -3.0, 0.0]], dtype=np.float32)
    with open_layer(make_raster(cells, nodata=9999.0)).reader() as reader:
        counts = reader.counts(0, 0, 2, 3)
    np.testing.assert_array_equal(counts, [[1, np.nan, np.nan], [np.nan, np.nan, 0]])


def test_a_nodata_value_that_float32_rounds_is_still_recognised(make_raster):
    cells = np.array([[1e20, 2.0]], dtype=np.float32)
    with open_layer(make_raster(cells, nodata=1e20)).reader() as reader:
        assert np.isnan(reader.counts(0, 0, 1, 2)).tolist() == [[True, False]]


def test_a_nodata_value_outside_the_cell_type_hides_no_cell(make_raster):
    path = make_raster(np.array([[0, 241, 255]], dtype=np.uint8), nodata=255)
    with open_layer(path).reader() as reader:
        np.testing.assert_array_equal(reader.counts(0, 0, 1, 3), [[0, 241, np.nan]])


def test_a_window_over_the_edge_has_no_data_there(make_raster):
    with open_layer(make_raster(np.ones((2, 2)))).reader() as reader:
        counts = reader.counts(-1, -1, 4, 4)
    assert np.nansum(counts) == 4
    assert np.isnan(counts[0]).all()
    assert np.isnan(counts[:, 3]).all()


def test_columns_past_180_degrees_are_found_on_the_other_side(make_raster):
    path = make_raster(np.arange(4.0)[np.newaxis], west=-180, north=45, cell=90)
    with open_layer(path).reader() as reader:
        np.testing.assert_array_equal(reader.counts(0, 3, 1, 3), [[3, 0, 1]])
        np.testing.assert_array_equal(reader.counts(0, -1, 1, 2), [[3, 0]])


def test_density_is_multiplied_by_the_true_area_of_each_row(make_raster):
    path = make_raster(np.full((3, 2), 10.0), north=60.0, cell=0.5)
    with open_layer(path, "density").reader() as reader:
        counts = reader.counts(0, 0, 3, 2)
    for row, count in enumerate(counts[:, 0]):
        south, north = 60 - 0.5 * (row + 1), 60 - 0.5 * row
        # A geodesic is no parallel, so the cell needs many vertices along its two parallels.
        lons = np.linspace(0, 0.5, 2001)
        area, _ = WGS84.polygon_area_perimeter(
            [*lons, *lons[::-1]], [*[south] * 2001, *[north] * 2001]
        )
        assert count == pytest.approx(10 * area / 1e6, rel=1e-9)


def test_cell_areas_add_up_to_the_ellipsoid():
    edges = np.linspace(-90, 90, 1801)
    assert cell_areas_km2(edges[:-1], edges[1:], 360).sum() == pytest.approx(510_065_621.724)


def test_a_bare_path_means_counts_and_the_tag_of_a_stored_copy_is_heeded(make_raster):
    import rasterio

    path = make_raster(np.ones((1, 1)))
    assert open_layer(path).kind == "count"
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(HARMWATCH_KIND="density")
    assert open_layer(path).kind == "density"
    assert open_layer(path, "count").kind == "count"


def test_contains_knows_every_turn_of_the_globe(make_raster):
    layer = open_layer(make_raster(np.ones((10, 20)), west=170, north=5, cell=1))
    assert layer.contains(175, 0)
    assert layer.contains(-175, 0)
    assert not layer.contains(-165, 0)
    assert not layer.contains(175, 6)


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("not_wgs84", {"crs": "EPSG:32638"}),
        ("no_transform", {"crs": None}),
        ("no_transform", {"transform": Affine.identity()}),
        ("not_north_up", {"transform": Affine(0.1, 0.02, 43, 0, -0.1, 34)}),
        ("not_north_up", {"transform": Affine(0.1, 0, 43, 0, 0.1, 34)}),
        ("off_earth", {"transform": Affine(1000, 0, 4e5, 0, -1000, 3.7e6)}),
        ("not_numeric", {"dtype": "complex64"}),
    ],
)
def test_it_refuses_grids_it_would_misread(make_raster, code, options):
    with pytest.raises(GridError) as refusal:
        open_layer(make_raster(np.ones((2, 2)), **options))
    assert refusal.value.code == code


def test_it_refuses_a_band_that_is_not_named_or_not_there(make_raster):
    path = make_raster(np.ones((2, 3, 3)))
    assert open_layer(path, band=2).band == 2
    for band in (None, 0, 3):
        with pytest.raises(GridError) as refusal:
            open_layer(path, band=band)
        assert refusal.value.code == "bands"


@pytest.mark.parametrize("content", [b"", b"lon,lat,people\n43,34,5\n", b"II*\x00" + b"\xff" * 60])
def test_it_refuses_what_is_no_geotiff(tmp_path, content):
    path = tmp_path / "rubbish.tif"
    path.write_bytes(content)
    with pytest.raises(GridError) as refusal:
        open_layer(path)
    assert refusal.value.code == "unreadable"


def test_it_refuses_a_file_that_asks_for_a_scale(make_raster):
    import rasterio

    path = make_raster(np.ones((2, 2)))
    with rasterio.open(path, "r+") as dataset:
        dataset.scales = (0.1,)
    with pytest.raises(GridError) as refusal:
        open_layer(path)
    assert refusal.value.code == "scaled"
