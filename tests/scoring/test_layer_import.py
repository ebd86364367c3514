"""Taking a population raster in."""

import hashlib

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command
from rasterio.transform import Affine

from core.errors import Conflict, InvalidInput
from ledger.models import AuditEntry
from scoring.engine.exposure import population_within
from scoring.engine.geodesy import cell_areas_km2
from scoring.models import PopulationLayer
from scoring.services.layer_files import LayerDamaged, layer_open
from scoring.services.layers import layer_import

WORDS = {"provider": "Bureau", "year": 2020, "licence": "CC BY 4.0", "attribution": "Bureau, 2020"}


@pytest.fixture
def cells():
    return np.random.default_rng(31).gamma(0.2, 300, (70, 1100)).astype(np.float32)


def test_the_stored_copy_holds_the_same_cells_tiled_and_named_by_its_checksum(
    db, make_raster, layers_dir, cells
):
    cells[3, :50] = -99999
    path = make_raster(cells, nodata=-99999)
    layer, created = layer_import(path=path, **WORDS)
    assert created
    stored = layers_dir / layer.file_name
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == layer.sha256 == stored.stem
    assert hashlib.sha256(path.read_bytes()).hexdigest() == layer.source_sha256
    with rasterio.open(stored) as dataset:
        np.testing.assert_array_equal(dataset.read(1), cells)
        assert dataset.profile["tiled"]
        assert dataset.block_shapes == [(512, 512)]
        assert dataset.compression.name == "deflate"
    assert (layer.nodata, layer.kind, layer.is_active) == (-99999, "count", False)
    assert layer.resolution_arcsec == pytest.approx(30)
    assert (layer.west, layer.north) == (43, 34)
    assert [path.name for path in layers_dir.iterdir()] == [layer.file_name]


def test_totals_are_counted_in_the_source_and_in_the_copy(db, make_raster, cells):
    cells[0, 0] = np.nan
    layer, _ = layer_import(path=make_raster(cells), **WORDS)
    assert layer.total == pytest.approx(np.nansum(cells, dtype=np.float64), rel=1e-12)
    assert layer.total == layer.source_total


def test_a_density_layer_s_total_is_persons(db, make_raster):
    layer, _ = layer_import(path=make_raster(np.full((120, 120), 50.0)), kind="density", **WORDS)
    assert layer.total == pytest.approx(50 * cell_areas_km2(33, 34, 1.0), rel=1e-9)
    assert layer_open(layer).kind == "density"


def test_the_copy_gives_the_same_figures_as_the_source(db, make_raster, cells):
    path = make_raster(cells)
    layer, _ = layer_import(path=path, **WORDS)
    places = [43.2, 47.0, 51.9], [33.7, 33.6, 33.9]
    ours = population_within(layer_open(layer), *places, [1000, 5000])
    assert ours.tolist() == population_within(path, *places, [1000, 5000]).tolist()


def test_the_same_file_again_is_the_same_layer(db, make_raster, cells, layers_dir):
    path = make_raster(cells)
    first, created = layer_import(path=path, **WORDS)
    copy = path.with_name("another-name.tif")
    copy.write_bytes(path.read_bytes())
    second, created_again = layer_import(path=copy, **WORDS)
    assert (created, created_again, first.id == second.id) == (True, False, True)
    assert PopulationLayer.objects.count() == len(list(layers_dir.iterdir())) == 1
    assert AuditEntry.objects.filter(action="layer.imported", object_id=first.id).count() == 1


def test_the_same_file_with_other_words_is_refused(db, make_raster, cells):
    path = make_raster(cells)
    layer_import(path=path, **WORDS)
    with pytest.raises(Conflict, match="licence"):
        layer_import(path=path, **WORDS | {"licence": "all rights reserved"})


def test_the_same_file_as_counts_and_as_densities_are_two_layers(db, make_raster, cells):
    path = make_raster(cells)
    count, _ = layer_import(path=path, kind="count", **WORDS)
    density, _ = layer_import(path=path, kind="density", **WORDS)
    assert count.sha256 != density.sha256
    assert count.total != density.total


def test_a_band_of_several_is_taken_by_its_number(db, make_raster):
    path = make_raster(np.stack([np.full((9, 9), 1.0), np.full((9, 9), 5.0)]))
    layer, _ = layer_import(path=path, band=2, **WORDS)
    assert (layer.total, layer.source_band) == (405, 2)


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("not_wgs84", {"crs": "EPSG:32638", "transform": Affine(1000, 0, 4e5, 0, -1000, 3.7e6)}),
        ("not_wgs84", {"crs": "ESRI:54009", "transform": Affine(100, 0, 4e6, 0, -100, 4e6)}),
        ("not_north_up", {"transform": Affine(0.1, 0.02, 43, 0, -0.1, 34)}),
        ("no_transform", {"crs": None}),
        ("bands", {"cells": np.ones((2, 4, 4))}),
        ("nobody", {"cells": np.zeros((4, 4))}),
        ("nobody", {"cells": np.full((4, 4), -1.0)}),
    ],
)
def test_it_refuses_a_grid_that_would_mislead(db, make_raster, layers_dir, code, options):
    path = make_raster(options.pop("cells", np.ones((4, 4))), **options)
    with pytest.raises(InvalidInput) as refusal:
        layer_import(path=path, **WORDS)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("file", code)]
    assert not PopulationLayer.objects.exists()
    assert not layers_dir.exists() or list(layers_dir.iterdir()) == []


def test_a_projected_grid_is_told_why(db, make_raster):
    path = make_raster(np.ones((4, 4)), crs="EPSG:32638")
    with pytest.raises(InvalidInput, match="how many people a cell holds"):
        layer_import(path=path, **WORDS)


@pytest.mark.parametrize("content", [b"", b"not a raster", b"II*\x00" + bytes(50)])
def test_it_refuses_rubbish(db, tmp_path, content):
    path = tmp_path / "rubbish.tif"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="GeoTIFF"):
        layer_import(path=path, **WORDS)


def test_it_refuses_a_file_that_ends_early_and_leaves_nothing(db, make_raster, cells, layers_dir):
    path = make_raster(cells)
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(InvalidInput, match="damaged"):
        layer_import(path=path, **WORDS)
    assert list(layers_dir.iterdir()) == []


def test_it_refuses_a_file_that_is_not_there(db, tmp_path):
    for path in (tmp_path / "none.tif", tmp_path):
        with pytest.raises(InvalidInput, match="no such file"):
            layer_import(path=path, **WORDS)


@pytest.mark.parametrize(
    ("field", "value"),
    [("provider", " "), ("licence", ""), ("attribution", ""), ("year", 20), ("kind", "persons"),
     ("provider", "x" * 201)],
)  # fmt: skip
def test_it_refuses_missing_and_impossible_words(db, make_raster, field, value):
    with pytest.raises(InvalidInput) as refusal:
        layer_import(path=make_raster(np.ones((2, 2))), **WORDS | {field: value})
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_stored_copy_that_changed_is_not_read(db, make_raster, cells, layers_dir):
    layer, _ = layer_import(path=make_raster(cells), **WORDS)
    stored = layers_dir / layer.file_name
    content = bytearray(stored.read_bytes())
    content[-10] ^= 1
    stored.write_bytes(bytes(content))
    with pytest.raises(LayerDamaged, match=layer.sha256):
        layer_open(layer)


def test_the_command_shows_the_total_and_compares_it(db, make_raster, cells, capsys):
    arguments = [
        "import_population", str(make_raster(cells)), "--provider", "Bureau", "--year", "2020",
        "--licence", "CC BY 4.0", "--attribution", "Bureau, 2020",
    ]  # fmt: skip
    call_command(*arguments)
    shown = capsys.readouterr().out
    total = f"{cells.sum(dtype=np.float64):,.3f}"
    assert shown.count(total) == 2
    layer = PopulationLayer.objects.get()
    assert f"activate_population {layer.sha256[:12]}" in shown
    call_command(*arguments)
    assert "Already here" in capsys.readouterr().out
    call_command("activate_population", layer.sha256[:12])
    assert "Active: Bureau 2020" in capsys.readouterr().out


def test_the_commands_refuse_in_words(db, tmp_path):
    with pytest.raises(CommandError, match="file: There is no such file"):
        call_command(
            "import_population", str(tmp_path / "none.tif"), "--provider", "B", "--year", "2020",
            "--licence", "x", "--attribution", "x",
        )  # fmt: skip
    with pytest.raises(CommandError, match="no population layer"):
        call_command("activate_population", "abcdef")
