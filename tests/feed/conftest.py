"""A country of three bands of people, a client for the feed, and a partner's token."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from django.conf import settings
from django.test import Client
from rasterio.transform import Affine

from accounts.models import Role
from feed import exports
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from scoring.services.layers import layer_activate, layer_import
from tests.factories import bearer, make_member

ARC_30 = 1 / 120
WEST, NORTH, SIZE = 42.0, 35.0, 360
# Persons in a cell of 0.72 km² by latitude: a town, a countryside, a steppe, a desert.
BANDS = {(33.0, 35.0): 2_000, (32.5, 33.0): 300, (32.2, 32.5): 8, (32.0, 32.2): 0}
TOWN, COUNTRYSIDE, DESERT = (43.784123, 33.349787), (43.7, 32.75), (43.7, 32.05)


@pytest.fixture
def layer(db: None, settings: Any, tmp_path: Any) -> Any:
    """Activate a population layer of the bands above."""
    settings.LAYERS_DIR = str(tmp_path / "layers")
    latitudes = NORTH - (np.arange(SIZE) + 0.5) * ARC_30
    cells = np.zeros((SIZE, SIZE), dtype="uint16")
    for (south, north), people in BANDS.items():
        cells[(latitudes >= south) & (latitudes < north)] = people
    path = tmp_path / "people.tif"
    profile = {
        "driver": "GTiff",
        "dtype": "uint16",
        "crs": "EPSG:4326",
        "transform": Affine(ARC_30, 0, WEST, 0, -ARC_30, NORTH),
        "count": 1,
        "height": SIZE,
        "width": SIZE,
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(cells, 1)
    made, _new = layer_import(
        path=path, provider="Test", year=2020, licence="CC0", attribution="Test census 2020"
    )
    return layer_activate(layer_id=made.id)


def load_units(name: str, country: str, level: int, **boxes: tuple[float, ...]) -> None:
    """Load one level of a release: boxes (west, south, east, north) by P-code."""
    drafts = [
        UnitDraft(
            pcode=pcode,
            parent_pcode="",
            names={"en": f"Unit {pcode}"},
            country=country,
            geometry=shapely.MultiPolygon([shapely.box(*box)]),
        )
        for pcode, box in boxes.items()
    ]
    draft = LevelDraft(level, country, drafts, f"{name}{level}{boxes}", [], 0)
    boundaries_import(name=name, draft=draft, about=About())


@pytest.fixture
def units(db: None) -> None:
    """Put in force a country of two provinces, the northern one with two districts."""
    load_units("test-1", "IQ", 0, IQ=(42.0, 32.0, 45.0, 35.0))
    load_units("test-1", "IQ", 1, IQ01=(42.0, 32.0, 45.0, 34.0), IQ02=(42.0, 34.0, 45.0, 35.0))
    load_units("test-1", "IQ", 2, IQ0101=(42.0, 32.0, 43.8, 34.0), IQ0102=(43.8, 32.0, 45.0, 34.0))
    boundaries_activate(name="test-1")


@pytest.fixture
def public(db: None) -> Client:
    """Has no account."""
    return Client()


@pytest.fixture
def partner(db: None) -> Client:
    """Has a partner's token."""
    return Client(**bearer(make_member(Role.PARTNER)))


@pytest.fixture
def releases_folder(settings: Any, tmp_path: Any) -> Any:
    """Keep files of releases in a folder of the test's own."""
    settings.RELEASES_DIR = str(tmp_path / "releases")
    return tmp_path / "releases"


@pytest.fixture(autouse=True)
def no_export_left_open() -> Iterator[None]:
    """Fail the test that keeps a place of this process, not whichever comes after it."""
    yield
    assert exports._running._value == settings.EXPORTS_AT_ONCE
