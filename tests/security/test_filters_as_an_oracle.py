"""Whoever halves a box, a circle or a number again and again ends at what is shown anyway."""

import json

import pytest
from django.test import Client

from feed.models import Audience, Kind, LogEntry
from tests.feed.conftest import layer, units  # noqa: F401 - fixtures
from tests.feed.making import published

LON, LAT = 43.78412357, 33.34978642
EXPOSED = ("exposure_1km", "exposure_2km", "exposure_5km")
COLLECTIONS = {Kind.INCIDENT: "incidents", Kind.EXPOSURE: "exposure"}


@pytest.fixture(params=COLLECTIONS)
def kind(request):
    """Each of the two collections that tell where a strike was."""
    return request.param


@pytest.fixture
def ask(layer, units, kind):  # noqa: F811
    """Return a question: is it among what fits these parameters?"""
    published(
        location__longitude=LON,
        location__latitude=LAT,
        location__precision="within_100m",
        location__uncertainty_m=87.5,
        occurred__start="2014-05-11T14:37:00Z",
        occurred__end="2014-05-11T14:52:00Z",
        occurred__precision="minute",
    )
    client = Client()

    def found(**parameters):
        answer = client.get(f"/ogc/collections/{COLLECTIONS[kind]}/items", parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()["numberReturned"] == 1

    return found


def shown(kind):
    return json.loads(LogEntry.objects.get(audience=Audience.PUBLIC, kind=kind).feature)


def halved(is_above, low, high, steps=45):
    """Return the number that a yes or no leads to."""
    for _step in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if is_above(middle) else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize("predicate", ["S_INTERSECTS", "S_WITHIN"])
def test_a_spatial_predicate_ends_at_the_published_point(ask, kind, predicate):
    def box(*edges):
        return {
            "filter": f"{predicate}(geometry,BBOX({','.join(format(e, '.12f') for e in edges)}))"
        }

    lon = halved(lambda west: ask(**box(west, 30, 50, 40)), 40.0, 50.0)
    lat = halved(lambda south: ask(**box(40, south, 50, 40)), 30.0, 40.0)
    assert [lon, lat] == pytest.approx(shown(kind)["geometry"]["coordinates"], abs=1e-8)
    assert [lon, lat] != pytest.approx([LON, LAT], abs=1e-3)


@pytest.mark.parametrize("name", EXPOSED)
@pytest.mark.parametrize("kind", [Kind.EXPOSURE])
def test_comparing_exposure_ends_at_two_digits(ask, kind, name):
    told = shown(kind)["properties"][name]
    number = halved(lambda value: ask(filter=f"{name}>{value:.9f}"), 0.0, 1_000_000.0, 60)
    assert number == pytest.approx(told, abs=1e-3)
    assert told == float(f"{told:.2g}")


def test_the_uncertainty_ends_at_the_published_one(ask, kind):
    told = shown(kind)["properties"]["uncertainty_m"]
    number = halved(lambda value: ask(filter=f"uncertainty_m>{value:.9f}"), 0.0, 100_000.0, 60)
    assert number == pytest.approx(told, abs=1e-3)


def test_moments_end_at_whole_days(ask):
    inside = ["00:00:00Z", "14:36:59Z", "14:37:00Z", "14:52:00Z", "14:52:01Z", "23:59:59Z"]
    for moment in inside:
        assert ask(datetime=f"2014-05-11T{moment}")
        assert ask(filter=f"T_INTERSECTS(datetime,TIMESTAMP('2014-05-11T{moment}'))")
    for moment in ("2014-05-10T23:59:59Z", "2014-05-12T00:00:00Z"):
        assert not ask(datetime=moment)
    assert not ask(filter="time_start>TIMESTAMP('2014-05-11T00:00:00Z')")


def test_the_columns_behind_the_filters_hold_what_is_shown(ask, kind):
    """Else a filter that is yet to be written would tell more than the feature."""
    row, feature = LogEntry.objects.get(audience=Audience.PUBLIC, kind=kind), shown(kind)
    own = EXPOSED if kind == Kind.EXPOSURE else ("killed_best",)
    for name in (*own, "uncertainty_m", "country", "grade"):
        assert getattr(row, name) == feature["properties"][name]
    assert list(row.geometry.coords) == feature["geometry"]["coordinates"]
    assert (row.time_start.hour, row.time_end.hour, row.time_end.minute) == (0, 23, 59)
