"""Published exposure follows from the published place alone, so that it leads back to no other."""

import json
import random

import h3
import pytest

from feed.disclosure import significant
from feed.models import Audience, Kind
from scoring.services.exposure import figures_for_places
from scoring.weapon_profiles import radii_of
from tests.factories import make_incident
from tests.feed.conftest import COUNTRYSIDE, DESERT, TOWN
from tests.feed.making import exposure_shown, features, public_feature, published

pytestmark = pytest.mark.usefixtures("layer", "units")
NAMES = ("low", "best", "high", "expected")
EDGE = (43.784123, 33.004)  # where the town's band meets the countryside's: people differ by side


def near(place, count, seed=7):
    """Return points of the finest cell around a place."""
    cell, pick = h3.latlng_to_cell(place[1], place[0], 7), random.Random(seed)
    found = []
    while len(found) < count:
        lon, lat = (middle + pick.uniform(-0.02, 0.02) for middle in place)
        if h3.latlng_to_cell(lat, lon, 7) == cell:
            found.append((lon, lat))
    return found


def strike(lon, lat):
    return make_incident(
        location__longitude=lon, location__latitude=lat, location__precision="within_100m"
    )


def told_of(*features):
    """Return all that is told of an incident but which one it is."""
    return json.dumps([{**feature, "id": ""} for feature in features], sort_keys=True)


def all_told_of(incident):
    return told_of(public_feature(incident), exposure_shown(Audience.PUBLIC, incident))


@pytest.mark.parametrize("place", [TOWN, COUNTRYSIDE, EDGE, DESERT], ids=str)
def test_strikes_all_over_a_cell_are_told_by_the_same_bytes(place):
    """Every place in the cell is as likely as any other: the true one ranks nowhere."""
    told = {all_told_of(published(strike(*point))) for point in near(place, 4)}
    assert len(told) == 1


def test_it_is_what_anybody_computes_from_the_published_place():
    for place in (TOWN, COUNTRYSIDE, EDGE):
        incident = published(strike(*place))
        feature, shown = public_feature(incident), exposure_shown(Audience.PUBLIC, incident)
        assert shown["geometry"] == feature["geometry"]
        shown, weapon = shown["properties"], feature["properties"]["weapon"]
        point = (*feature["geometry"]["coordinates"], feature["properties"]["uncertainty_m"])
        radii = [radius.metres for radius in radii_of(weapon)]
        (figures,) = figures_for_places([point], radii).by_place
        assert [row["radius_m"] for row in shown["exposure"]] == radii
        for figure, row in zip(figures, shown["exposure"], strict=True):
            for name in NAMES:
                assert row[name] == significant(getattr(figure, name))


def test_versions_within_a_cell_tell_no_more_than_one():
    incident = strike(*TOWN)
    for lon, lat in near(TOWN, 3):
        incident.location.x, incident.location.y = lon, lat
        incident.save()
        published(incident)
    for kind in (Kind.INCIDENT, Kind.EXPOSURE):
        versions = features(Audience.PUBLIC, incident, kind)
        for feature in versions:
            feature["properties"] |= {"version": 0, "incident_version": 0}
        assert len(versions) == 3
        assert len({told_of(feature) for feature in versions}) == 1
