"""Small rasters made on the spot, and the real files where the checkout has them beside it."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

ARC_30 = 1 / 120

MakeRaster = Callable[..., Path]


@pytest.fixture
def make_raster(tmp_path: Path) -> MakeRaster:
    """Return a function that writes cells (rows from north to south) as a GeoTIFF."""

    def make(
        cells: Any,
        *,
        west: float = 43.0,
        north: float = 34.0,
        cell: float = ARC_30,
        name: str = "layer.tif",
        **profile: Any,
    ) -> Path:
        bands = np.atleast_3d(np.asarray(cells).T).T
        path = tmp_path / name
        options = {
            "driver": "GTiff",
            "dtype": bands.dtype,
            "crs": "EPSG:4326",
            "transform": Affine(cell, 0, west, 0, -cell, north),
            "count": bands.shape[0],
            "height": bands.shape[1],
            "width": bands.shape[2],
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # some are meant to be without
            with rasterio.open(path, "w", **options | profile) as dataset:
                dataset.write(bands)
        return path

    return make


@pytest.fixture(autouse=True)
def layers_dir(tmp_path: Path, settings: Any) -> Path:
    """Keep stored layers out of the checkout."""
    settings.LAYERS_DIR = str(tmp_path / "layers")
    return tmp_path / "layers"


@pytest.fixture
def import_layer(make_raster: MakeRaster) -> Callable[..., Any]:
    """Return a function that imports cells as an inactive layer; the test asks for the database."""
    from scoring.services.layers import layer_import

    def do(cells: Any, *, kind: str = "count", **raster: Any) -> Any:
        layer, _ = layer_import(
            path=make_raster(cells, **raster),
            provider="Test bureau",
            year=2020,
            kind=kind,  # type: ignore[arg-type]
            licence="CC BY 4.0",
            attribution="Test bureau, 2020",
        )
        return layer

    return do


@pytest.fixture
def make_strike() -> Callable[..., Any]:
    """Return a function that makes an exact incident; the test asks for the database."""
    from django.contrib.gis.geos import Point
    from django.utils import timezone

    from incidents.models import Incident

    def make(place: tuple[float, float] | None = (43.25, 33.75), **fields: Any) -> Any:
        defaults = {
            "location": Point(*place) if place else None,
            "uncertainty_m": 0.0,
            "location_precision": "exact",
            "time_start": timezone.now(),
            "time_end": timezone.now(),
            "time_precision": "day",
            "weapon": "barrel_bomb",
        }
        return Incident.objects.create(**defaults | fields)

    return make
