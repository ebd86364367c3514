"""What leaves, by name: whatever is added to a snapshot stays inside until it is listed."""

import json
from datetime import UTC, datetime

import pytest

from feed.encoding import _FILTERABLE
from feed.feature_schema import FEATURE_PROPERTIES
from feed.models import Audience, LogEntry
from tests.factories import CONTEXT
from tests.feed.making import features, published

PUBLIC = {
    *("version", "grade", "weapon", "weapon_class", "targets", "damage", "report_count"),
    "independent_sources",
    "responses",
    *("time_start", "time_end", "time_precision"),
    *("country", "units", "place_basis", "place_code", "uncertainty_m"),
    *("killed_min", "killed_best", "killed_max"),
    *("civilians_killed_min", "civilians_killed_best", "civilians_killed_max"),
    *("injured_min", "injured_best", "injured_max", "casualties"),
    *("license", "attribution"),
}
PARTNER = PUBLIC | {
    *("title", "alleged_actor", "place_name", "pcode", "location_precision", "flags"),
}


OF_STRIKES = {"weapon", "weapon_class", "targets", "damage"}


@pytest.mark.parametrize(
    ("audience", "names"), [(Audience.PUBLIC, PUBLIC), (Audience.PARTNER, PARTNER)]
)
def test_each_audience_gets_just_its_columns(layer, audience, names):
    (feature,) = features(audience, published())
    assert set(feature) == {"type", "id", "geometry", "properties"}
    assert set(feature["properties"]) == names


@pytest.mark.parametrize(
    ("audience", "names"), [(Audience.PUBLIC, PUBLIC), (Audience.PARTNER, PARTNER)]
)
def test_of_a_context_event_each_gets_the_same_without_what_only_strikes_have(
    layer, audience, names
):
    (feature,) = features(audience, published(**CONTEXT))
    assert set(feature["properties"]) == names - OF_STRIKES | {"kind"}


def test_every_column_is_described():
    assert set(FEATURE_PROPERTIES) == PARTNER | {"kind"}


@pytest.mark.parametrize("audience", Audience)
def test_the_filter_columns_repeat_what_the_feature_shows(layer, audience):
    incident = published()
    row = LogEntry.objects.get(audience=audience, object_id=incident.id, kind="incident")
    shown = json.loads(row.feature)
    for name in _FILTERABLE:
        assert getattr(row, name) == shown["properties"][name], name
    assert list(row.geometry.coords) == shown["geometry"]["coordinates"]
    assert row.pcodes == [unit["pcode"] for unit in shown["properties"]["units"]]
    assert shown["id"] == str(row.object_id)


def test_the_public_time_is_whole_days(layer):
    times = {"occurred__start": "2014-05-11T21:30:00Z", "occurred__end": "2014-05-12T01:10:00Z"}
    incident = published(**times, occurred__precision="minute")
    (public,), (partner,) = (features(audience, incident) for audience in Audience)
    assert public["properties"]["time_start"] == "2014-05-11"
    assert public["properties"]["time_end"] == "2014-05-12"
    assert public["properties"]["time_precision"] == "day"
    assert partner["properties"]["time_start"] == "2014-05-11T21:30:00Z"
    assert partner["properties"]["time_precision"] == "minute"
    row = LogEntry.objects.get(audience=Audience.PUBLIC, kind="incident")
    assert row.time_start == datetime(2014, 5, 11, tzinfo=UTC)
    assert row.time_end == datetime(2014, 5, 12, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_coarser_time_keeps_its_precision(layer):
    incident = published(occurred__start="2014-05-01", occurred__precision="month")
    assert features(Audience.PUBLIC, incident)[0]["properties"]["time_precision"] == "month"


def test_a_feature_is_one_line_whatever_was_typed(db):
    incident = published(title='A "quoted"\ntitle \\ with \u2028 signs')
    row = LogEntry.objects.get(audience=Audience.PARTNER, kind="incident")
    assert "\n" not in row.feature
    assert json.loads(row.feature)["properties"]["title"] == incident.title


def test_partners_get_the_place_as_recorded(db):
    (feature,) = features(Audience.PARTNER, published(location__uncertainty_m=120.0))
    assert feature["geometry"]["coordinates"] == [43.7841, 33.3497]
    assert feature["properties"]["uncertainty_m"] == 120
    assert feature["properties"]["place_basis"] == "recorded"


def test_licences_are_named_together(db):
    from incidents.models import Report
    from tests.factories import make_incident

    incident = make_incident()
    Report.objects.filter(incident=make_incident(licence="CC0-1.0")).update(incident=incident)
    (feature,) = features(Audience.PUBLIC, published(incident))
    assert feature["properties"]["license"] == "CC-BY-4.0 AND CC0-1.0"
    assert feature["properties"]["report_count"] == 2
