"""The arithmetic of a match: symmetric, bounded, and never surer at a greater distance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from core.geo import WGS84
from incidents.matching import LIKELY, POSSIBLE, match_score, subject_of, verdict_of
from incidents.vocab import TimePrecision, Verdict, Weapon

FIGURE = {"outcome": "killed", "civilian_status": "civilian", "sex": "any", "age_group": "any"}


def figure(low, best, high, **changes):
    return FIGURE | {"party": "", "minimum": low, "best": best, "maximum": high} | changes


def incident(place=(43.78, 33.35), start=datetime(2014, 5, 11, tzinfo=UTC), **changes):
    end = changes.pop("end", start + timedelta(days=1, seconds=-1))
    fields = {
        "location": Point(*place),
        "uncertainty_m": 1000.0,
        "time_start": start,
        "time_end": end,
        "time_precision": "day",
        "weapon": "barrel_bomb",
        "country": "IQ",
        "place_name": "Fallujah",
        "title": "Barrel bombs on Fallujah",
        "alleged_actor": "",
        "casualties": [figure(4, 5, 7)],
    }
    return SimpleNamespace(**fields | changes)


def score(one, other):
    return match_score(subject_of(one), subject_of(other)).score


def codes(one, other):
    return {r["code"]: r for r in match_score(subject_of(one), subject_of(other)).reasons}


numbers = st.integers(0, 500)
owners = st.sampled_from([UUID(int=1), UUID(int=2)])
data_sets = st.frozensets(st.tuples(owners, st.sampled_from(["acled", "ucdp-ged"])))
figures = st.builds(
    lambda low, best, more, status, party: figure(
        low, best, None if more is None else low + more, civilian_status=status, party=party
    ),
    numbers,
    st.none() | numbers,
    st.none() | numbers,
    st.sampled_from(["any", "civilian", "belligerent"]),
    st.sampled_from(["", "IS", "داعش"]),
)
incidents = st.builds(
    incident,
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    uncertainty_m=st.none() | st.floats(0, 2_000_000),
    time_precision=st.sampled_from(TimePrecision.values),
    weapon=st.sampled_from([*Weapon.values, ""]),
    country=st.sampled_from(["IQ", "SY", ""]),
    place_name=st.sampled_from(["Fallujah", "الفلوجة", "Mosul", ""]) | st.text(max_size=20),
    title=st.sampled_from(["Barrel bombs", "قصف الفلوجة", ""]) | st.text(max_size=20),
    alleged_actor=st.sampled_from(["", "Government forces"]),
    casualties=st.lists(figures, max_size=4),
)


@given(incidents, incidents, data_sets, data_sets)
def test_it_is_the_same_either_way_and_within_bounds(one, other, ones, others):
    first, second = subject_of(one, ones), subject_of(other, others)
    forth = match_score(first, second)
    assert forth == match_score(second, first)
    assert 0 <= forth.score <= 1
    assert forth.verdict is verdict_of(forth.score)


@given(incidents, incidents, st.floats(-80, 80), st.floats(0, 360), st.floats(0, 90), st.data())
def test_it_never_rises_when_the_distance_grows(one, other, latitude, azimuth, arc, data):
    nearer = data.draw(st.floats(0, arc))
    here = replace(subject_of(one), longitude=20.0, latitude=latitude)

    def at(degrees):
        x, y, _ = WGS84.fwd(20.0, latitude, azimuth, degrees * 111_000)
        return match_score(here, replace(subject_of(other), longitude=x, latitude=y)).score

    assert at(arc) <= at(nearer)


@given(incidents, incidents, st.floats(0, 1000), st.floats(0, 1000))
def test_it_never_rises_when_the_time_between_grows(one, other, days, more):
    here = subject_of(one)
    soon = replace(subject_of(other), middle=here.middle + days)
    late = replace(soon, middle=here.middle + days + more)
    assert match_score(here, late).score <= match_score(here, soon).score


@given(incidents, st.floats(1000, 100_000), st.floats(1, 100_000))
def test_a_vaguer_place_never_makes_two_at_one_point_surer(one, uncertainty_m, more):
    exact = replace(subject_of(one), uncertainty_m=uncertainty_m)
    vague = replace(exact, uncertainty_m=uncertainty_m + more)
    assert match_score(exact, vague).score <= match_score(exact, exact).score


def test_one_strike_told_twice_is_likely_the_same():
    again = incident(
        (43.80, 33.36), place_name="الفلوجة", title="قصف", casualties=[figure(5, 6, 6)]
    )
    match = match_score(subject_of(incident()), subject_of(again))
    assert match.verdict is Verdict.LIKELY_SAME


@pytest.mark.parametrize(
    "changes",
    [
        {"place": (47.78, 30.5)},
        {"start": datetime(2014, 6, 11, tzinfo=UTC)},
        {"start": datetime(2014, 5, 16, tzinfo=UTC), "place_name": "Ramadi"},
    ],
    ids=["elsewhere", "a month later", "days later in a town nearby"],
)
def test_another_strike_is_not_even_possible(changes):
    assert match_score(subject_of(incident()), subject_of(incident(**changes))).verdict is None


def test_a_month_covers_the_day_within_it_but_is_less_sure_than_the_day():
    month = incident(end=datetime(2014, 5, 31, tzinfo=UTC), time_precision="month")
    assert score(incident(), incident()) > score(incident(), month) >= POSSIBLE
    assert codes(incident(), month)["time"]["days"] == 0


def test_very_different_counts_alone_leave_it_possible():
    other = incident(casualties=[figure(40, 50, 60)])
    assert LIKELY > score(incident(), other) >= POSSIBLE


def test_agreement_on_a_rare_number_says_more_than_on_one():
    one, many = [incident(casualties=[figure(n, n, n)]) for n in (1, 80)]
    assert score(many, many) > score(one, one)


def test_to_agree_on_more_than_a_hundred_says_no_more():
    hundred, thousands = [incident(casualties=[figure(n, n, n)]) for n in (100, 50_000)]
    assert score(thousands, thousands) == score(hundred, hundred)


def test_two_displacements_of_about_as_many_are_not_one_for_that_alone():
    first, later = [
        incident(
            (43.78 + east, 33.35),
            start=datetime(2014, 5, day, tzinfo=UTC),
            weapon="",
            place_name=name,
            title="Families flee",
            casualties=[figure(n, None, None, outcome="displaced")],
        )
        for east, day, name, n in ((0, 11, "Fallujah", 50_000), (0.15, 15, "Ramadi", 45_000))
    ]
    assert match_score(subject_of(first), subject_of(later)).verdict is not Verdict.LIKELY_SAME


def test_an_open_end_is_compared_by_what_is_said():
    open_ended = incident(casualties=[figure(50_000, None, None)])
    assert codes(open_ended, open_ended)["figures"] | {"weight": 0} == {
        "code": "figures",
        "weight": 0,
        "compared": 3,
        "agreeing": 3,
    }


def test_figures_of_other_people_are_not_compared():
    children = incident(casualties=[figure(1, 1, 1, age_group="child")])
    assert "figures" not in codes(incident(), children)


def test_weapons_count_by_what_they_are():
    base = incident()
    assert "same_weapon" in codes(base, base)
    assert "same_weapon_class" in codes(base, incident(weapon="drone_strike"))
    assert "other_weapon_class" in codes(base, incident(weapon="mortar"))
    for vague in ("unclear", "multiple", ""):
        assert not {c for c in codes(base, incident(weapon=vague)) if "weapon" in c}
    assert not {
        c for c in codes(incident(weapon="unclear"), incident(weapon="unclear")) if "weapon" in c
    }


def test_another_country_speaks_against_and_an_unknown_one_does_not():
    assert score(incident(), incident(country="SY")) < score(incident(), incident(country=""))
    assert score(incident(), incident(country="")) == score(incident(), incident())


def test_other_words_in_another_script_do_not_speak_against():
    arabic = incident(title="غارة جوية استهدفت سوقا شعبيا")
    assert codes(incident(), arabic)["title"]["weight"] == 0


def test_places_on_both_sides_of_the_antimeridian_are_near():
    east, west = incident((179.99, 0)), incident((-179.99, 0))
    assert codes(east, west)["distance"]["metres"] < 3000


def test_what_the_reasons_weigh_makes_the_score():
    from math import exp

    from incidents.matching import BASE

    one, other = incident(), incident((43.80, 33.36), weapon="mortar", casualties=[figure(1, 2, 3)])
    match = match_score(subject_of(one), subject_of(other))
    odds = BASE + sum(reason["weight"] for reason in match.reasons)
    assert match.score == pytest.approx(1 / (1 + exp(-odds)), abs=0.01)


def test_what_is_too_far_apart_for_any_float_is_zero():
    far = replace(subject_of(incident()), middle=-1e9)
    assert match_score(subject_of(incident()), far).score == 0
