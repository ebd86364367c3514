"""What the public log holds of a place, computed through the whole way from report to entry."""

import json

import h3
import numpy as np
import pytest

from feed.models import Audience, LogEntry
from feed.publishing import publications_write
from tests.factories import make_incident
from tests.feed.conftest import COUNTRYSIDE, DESERT, TOWN
from tests.feed.making import decided, features, public_feature, published

pytestmark = pytest.mark.usefixtures("layer")


def located(point, **changes):
    return {"location__longitude": point[0], "location__latitude": point[1], **changes}


def points_in_one_cell(count):
    lon, lat = TOWN
    cell = h3.latlng_to_cell(lat, lon, 7)
    draw = np.random.default_rng(1)
    points = []
    while len(points) < count:
        near = lon + draw.uniform(-0.02, 0.02), lat + draw.uniform(-0.02, 0.02)
        if h3.latlng_to_cell(near[1], near[0], 7) == cell:
            points.append((float(near[0]), float(near[1])))
    return points


@pytest.mark.usefixtures("units")
def test_all_points_of_a_cell_give_the_same_bytes():
    texts, filters = set(), set()
    for point in points_in_one_cell(12):
        incident = published(**located(point))
        row = LogEntry.objects.get(audience=Audience.PUBLIC, object_id=incident.id, kind="incident")
        texts.add(row.feature.replace(str(incident.id), "ID"))
        hidden = {"id", "object_id", "feature", "seq", "sealed_at", "recorded_at"}
        hidden |= {"hash", "chain", "salt"}
        columns = {f.attname for f in LogEntry._meta.fields} - hidden
        filters.add(json.dumps({name: str(getattr(row, name)) for name in sorted(columns)}))
    assert len(texts) == 1
    assert len(filters) == 1


def test_publishing_again_with_another_point_of_the_cell_moves_nothing():
    first, second = points_in_one_cell(2)
    incident = published(**located(first))
    incident.refresh_from_db()
    incident.location.x, incident.location.y = second
    incident.save()
    published(incident)
    before, after = features(Audience.PUBLIC, incident)
    assert before["geometry"] == after["geometry"]
    assert before["properties"] | {"version": 0} == after["properties"] | {"version": 0}


def test_the_public_point_is_the_centre_of_a_cell_with_its_uncertainty():
    shown = public_feature(published(**located(COUNTRYSIDE)))
    cell = h3.cell_to_parent(h3.latlng_to_cell(COUNTRYSIDE[1], COUNTRYSIDE[0], 7), 6)
    latitude, longitude = h3.cell_to_latlng(cell)
    assert shown["geometry"]["coordinates"] == [round(longitude, 5), round(latitude, 5)]
    assert shown["properties"]["place_code"] == cell
    assert shown["properties"]["uncertainty_m"] >= 3_500


def test_in_a_desert_nothing_but_the_country_is_shown():
    shown = public_feature(published(**located(DESERT)))
    assert shown["geometry"] is None
    assert shown["properties"]["place_basis"] == "withheld"
    assert shown["properties"]["country"] == "IQ"


@pytest.mark.usefixtures("units")
def test_in_a_desert_with_known_units_the_smallest_with_5000_is_shown():
    shown = public_feature(published(**located(DESERT)))
    assert shown["properties"]["place_basis"] == "unit"
    assert shown["properties"]["place_code"] == "IQ0101"
    assert shown["geometry"]["coordinates"] == [42.9, 33.0]
    assert [unit["pcode"] for unit in shown["properties"]["units"]] == ["IQ01", "IQ0101"]


def test_a_lead_monitor_may_show_a_finer_cell():
    incident = make_incident(**located(DESERT))
    publications_write([decided(incident, public_resolution=9, reason="well known")])
    shown = public_feature(incident)
    assert shown["properties"]["place_code"] == h3.latlng_to_cell(DESERT[1], DESERT[0], 9)
    assert "well known" not in json.dumps(shown)


@pytest.mark.usefixtures("units")
def test_only_units_around_the_whole_cell_are_named():
    shown = public_feature(published(**located(TOWN)))  # its cell lies in both districts
    assert [unit["pcode"] for unit in shown["properties"]["units"]] == ["IQ01"]
    assert shown["properties"]["units"][0]["names"] == {"en": "Unit IQ01"}


@pytest.mark.usefixtures("units")
def test_a_country_that_the_outline_contradicts_is_not_named():
    incident = make_incident(**located(TOWN))
    incident.country = "SY"
    incident.save()
    published(incident)
    assert public_feature(incident)["properties"]["country"] == ""
    assert features(Audience.PARTNER, incident)[-1]["properties"]["country"] == "SY"


@pytest.mark.parametrize("precision", ["country", "unknown"])
def test_a_place_that_nobody_is_sure_of_is_not_shown(precision):
    shown = public_feature(published(**located(TOWN, location__precision=precision)))
    assert shown["geometry"] is None
    assert shown["properties"]["place_basis"] == "unknown"
