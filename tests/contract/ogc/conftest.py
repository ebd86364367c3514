"""A feed with something in each collection, and one with nothing in any."""

from datetime import UTC, datetime, timedelta

import h3
import pytest

from feed.collections import COLLECTIONS
from feed.models import Audience, Kind
from feed.sealing import seal
from tests.contract.ogc.asking import Asking, validator
from tests.contract.ogc.rows import log_row
from tests.feed.conftest import layer, partner, public, units  # noqa: F401 - fixtures

DAY = timedelta(days=1) - timedelta(microseconds=1)


@pytest.fixture(scope="session")
def check():
    """Return a function that validates a document by the name of an OGC schema."""
    return validator()


@pytest.fixture
def feed(db, units):  # noqa: F811 - a fixture
    """Fill the collections: strikes by name, an event, two cells, and the units of a country."""

    def at(*numbers):
        return datetime(*numbers, tzinfo=UTC)

    rows = {}
    for audience in Audience:
        rows[audience] = {
            "mosul": log_row(
                audience, start=at(2014, 6, 10), end=at(2014, 6, 10) + DAY, place=(43.1, 36.3),
                grade="confirmed", weapon="barrel_bomb", weapon_class="air_launched", country="IQ",
                killed_min=3, killed_best=5, killed_max=9, targets=["market", "medical"],
                pcodes=["IQ15"], uncertainty_m=1000,
            ),
            "fallujah": log_row(
                audience, start=at(2014, 5, 1), end=at(2014, 5, 31) + DAY, place=(43.8, 33.3),
                grade="fair", weapon="air_strike", weapon_class="air_launched", country="IQ",
                killed_min=0, killed_best=0, killed_max=0, targets=["medical"],
                pcodes=["IQ01", "IQ0101"],
            ),
            "aleppo": log_row(
                audience, start=at(2014, 6, 1), end=at(2014, 6, 1) + DAY, place=(37.2, 36.2),
                grade="weak", weapon="barrel_bomb", weapon_class="air_launched", country="SY",
                killed_min=12, killed_best=12, killed_max=12,
            ),
            "suva": log_row(
                audience, start=at(2015, 3, 1), end=at(2015, 3, 1) + DAY, place=(179.5, -17.5),
                grade="weak", weapon="tank_shell", weapon_class="ground_launched", country="FJ",
            ),
            "nowhere": log_row(
                audience, start=at(2015, 1, 1), end=at(2015, 1, 1) + DAY, grade="weak",
                weapon="unclear", weapon_class="unclear",
            ),
        }  # fmt: skip
        for kind in {one.kind for one in COLLECTIONS.values()} - {Kind.INCIDENT, Kind.RISK_CELL}:
            day, place = at(2014, 6, 10), (43.1, 36.3)
            of = {"incident_version": 1} if kind == Kind.EXPOSURE else {}
            log_row(audience, kind, start=day, place=place, grade="fair", country="IQ", **of)
        for cell in (h3.latlng_to_cell(33.3, longitude, 6) for longitude in (43.8, 44.5)):
            log_row(audience, Kind.RISK_CELL, start=at(2014, 7, 1), end=at(2014, 9, 28), cell=cell)
    seal()
    return {
        audience: {str(row.object_id): name for name, row in made.items()}
        for audience, made in rows.items()
    }


@pytest.fixture
def incidents(feed):
    """Return the names of the strikes by id."""
    return feed[Audience.PUBLIC]


@pytest.fixture
def ask(public):  # noqa: F811 - a fixture
    """Ask as the public does."""
    return Asking(public)


@pytest.fixture
def found(ask, incidents):
    """Return a function from a filter to the names of the strikes that it finds."""
    return lambda text: {incidents[id_] for id_ in ask.filtered("incidents", text)}
