"""Who is compared with whom: near in place and time, as far as either is vague."""

from datetime import timedelta

import pytest
from django.db import connection

from core.geo import WGS84
from incidents import matching
from incidents.models import Incident
from incidents.selectors import matching as selectors
from incidents.vocab import TimePrecision
from tests.incidents.matching.conftest import DAY, PLACE


def found(this):
    pairs = selectors.candidate_pairs([this.id])
    assert all(this.id in pair and pair[0] < pair[1] for pair in pairs)
    return {id_ for pair in pairs for id_ in pair} - {this.id}


def away(metres, place=PLACE, azimuth=90):
    return WGS84.fwd(*place, azimuth, metres)[:2]


@pytest.mark.parametrize("azimuth", [0, 90, 200])
def test_all_within_twenty_kilometres_and_five_days_are_found(make_told, azimuth):
    this = make_told()
    near = make_told(away(19_000, azimuth=azimuth), DAY + timedelta(days=5))
    make_told(away(200_000, azimuth=azimuth))
    make_told(start=DAY + timedelta(days=15))
    assert found(this) == {near.id}
    assert found(near) == {this.id}


def test_a_vague_place_is_found_as_far_as_it_may_be(make_told):
    this = make_told()
    province = make_told(away(90_000), uncertainty_m=80_000.0)
    make_told(away(150_000), uncertainty_m=80_000.0)
    assert found(this) == {province.id}
    assert found(province) >= {this.id}


@pytest.mark.parametrize("uncertainty_m", [None, 2_000_000.0])
def test_an_unknown_uncertainty_counts_as_a_hundred_kilometres(make_told, uncertainty_m):
    this = make_told()
    unknown = make_told(away(100_000), uncertainty_m=uncertainty_m)
    make_told(away(250_000), uncertainty_m=uncertainty_m)
    assert found(this) == {unknown.id}


def test_a_vague_time_is_found_as_far_as_it_may_be(make_told):
    this = make_told()
    month = make_told(start=DAY + timedelta(days=25), time_precision="month")
    year = make_told(start=DAY - timedelta(days=300), time_precision="year")
    make_told(start=DAY - timedelta(days=300), time_precision="month")
    assert found(this) == {month.id, year.id}


@pytest.mark.parametrize("precision", ["hour", "day", "few_days", "week", "month"])
def test_no_day_of_an_era_parts_those_near_in_time(make_told, precision):
    for shift in range(0, 132, 3):
        day = DAY + timedelta(days=shift + 0.5)
        one = make_told(start=day, time_precision=precision)
        later = make_told(start=day + timedelta(days=5), place_name="later")
        assert found(one) >= {later.id}
        assert found(later) >= {one.id}
        Incident.objects.filter(id__in=[one.id, later.id]).update(state="withdrawn")


def test_a_span_of_many_years_is_found_from_within_and_finds_what_lies_in_it(make_told):
    this = make_told()
    ages = make_told(start=DAY - timedelta(days=36500), time_end=DAY + timedelta(days=1))
    assert found(this) == {ages.id}
    assert found(ages) == {this.id}


def test_other_kinds_are_never_compared(make_told):
    this, event = make_told(), make_told(kind="capture", weapon="")
    other = make_told(kind="capture", weapon="")
    assert found(this) == set()
    assert found(event) == {other.id}


def test_merged_withdrawn_and_placeless_ones_are_left_out(make_told):
    this = make_told()
    gone = [make_told(merged_into=this), make_told(state="withdrawn"), make_told(None)]
    assert found(this) == set()
    assert all(found(one) == set() for one in gone)


def test_the_antimeridian_parts_nobody(make_told):
    east, west = make_told((179.99, -17.0)), make_told((-179.99, -17.0))
    assert found(east) == {west.id}
    assert found(west) == {east.id}


@pytest.mark.parametrize("latitude", [89.999, -90.0])
def test_a_pole_breaks_nothing(make_told, latitude):
    this, other = make_told((0.0, latitude)), make_told((10.0, latitude))
    assert found(this) == {other.id}


def test_of_too_many_those_are_taken_that_place_and_time_say_least_against(make_told, monkeypatch):
    monkeypatch.setattr(selectors, "MOST_CANDIDATES", 5)
    this = make_told()
    others = [make_told(away(1500 * (n + 1)), DAY + timedelta(days=n % 3)) for n in range(12)]

    def against(other):
        match = matching.match_score(matching.subject_of(this), matching.subject_of(other))
        return -sum(r["weight"] for r in match.reasons if r["code"] in {"distance", "time"})

    assert found(this) == {other.id for other in sorted(others, key=against)[:5]}


def test_the_database_and_the_arithmetic_know_the_same_spans(db):
    assert set(matching.LEAST_DAYS) == set(TimePrecision)
    with connection.cursor() as cursor:
        for precision, days in matching.LEAST_DAYS.items():
            cursor.execute("SELECT incident_span(now(), now(), %s)", [precision])
            assert cursor.fetchone()[0] == pytest.approx(days)
        cursor.execute("SELECT incident_uncertainty(NULL), incident_uncertainty(1e9)")
        assert cursor.fetchone() == (matching.MOST_UNCERTAINTY_M,) * 2


def test_one_index_finds_them(make_told):
    this = make_told()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        parameters = selectors.candidate_parameters([this.id])
        cursor.execute("EXPLAIN " + selectors.CANDIDATES, parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    _, _, others = plan.partition(
        "Index Scan using incident_reach_by_era on incidents_incident other"
    )
    condition = others.splitlines()[1]
    assert "Index Cond" in condition
    assert condition.count(" && ") == 2
    assert "tsrange" in condition


def test_nothing_is_nothing(db):
    assert selectors.candidate_pairs([]) == set()
    assert not Incident.objects.exists()
