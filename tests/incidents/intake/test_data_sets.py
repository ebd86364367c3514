"""ACLED exports, Airwars-style sheets, IOM DTM rounds, and our own reports as JSON lines."""

import json

import pytest

from incidents.intake.tables import table_open
from incidents.vocab import IncidentKind, Licence, ReportFlag
from tests.incidents.intake.conftest import read_all

ACLED = {
    "event_id_cnty": "SYR1234",
    "event_date": "08 November 2024",
    "year": "2024",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike",
    "actor1": "Military Forces of Syria",
    "actor2": "Civilians (Syria)",
    "iso": "760",
    "country": "Syria",
    "location": "Idleb",
    "latitude": "35.9306",
    "longitude": "36.6339",
    "geo_precision": "1",
    "source": "SOHR; Undisclosed Source; Step News Agency",
    "notes": "On 8 November 2024, an air strike hit a house.",
    "fatalities": "3",
}
AIRWARS = {
    "Unique reference code": "CI0001",
    "Date": "2017-03-17",
    "Location": "Mosul, al Jadida",
    "Country": "Iraq",
    "Lat": "36.3307",
    "Lon": "43.1011",
    "Belligerents": "US-led Coalition",
    "Civilian deaths min": "105",
    "Civilian deaths max": "141",
    "Airwars grading": "Confirmed",
    "Notes": "A house collapsed.",
    "Sources": "https://example.org/a; Yaqein Agency",
}
REPORT = {
    "occurred": {"start": "2014-06-10"},
    "location": {"precision": "town", "latitude": 34.6, "longitude": 43.68, "country": "IQ"},
    "weapon": "barrel_bomb",
    "sources": [{"ref": "a", "kind": "witness"}],
    "claims": [{"source": "a", "outcome": "killed", "minimum": 2}],
    "licence": "CC-BY-4.0",
    "consent": {"basis": "informed", "store": True},
}


def test_an_acled_row_is_a_report_that_may_not_be_republished(csv_of):
    (submission,), bad = read_all(csv_of(ACLED), "acled")
    draft = submission.draft
    assert bad == {}
    assert submission.idempotency_key == "acled:SYR1234"
    assert (draft.occurred.start, draft.occurred.precision) == ("2024-11-08", "day")
    assert (draft.kind, draft.weapon) == ("strike", "air_strike")
    assert (draft.location.country, draft.location.precision) == ("SY", "town")
    assert draft.description == ACLED["notes"]
    assert draft.alleged_actor == "Military Forces of Syria"
    assert [(c.outcome, c.best, c.civilian_status) for c in draft.claims] == [("killed", 3, "any")]
    assert [(s.name, s.description) for s in draft.sources] == [
        ("ACLED", ""),
        ("SOHR", ""),
        ("", "Undisclosed Source"),
        ("Step News Agency", ""),
    ]
    assert draft.sources[0].relays == ["source-1", "source-2", "source-3"]
    assert (draft.licence, draft.may_republish) == (Licence.ALL_RIGHTS_RESERVED, False)
    assert (draft.consent.basis, draft.consent.share, draft.consent.publish) == (
        *("public_source", False, False),
    )


@pytest.mark.parametrize(
    ("event_type", "sub_event_type", "kind", "weapon", "has_actor"),
    [
        (
            "Explosions/Remote violence",
            "Shelling/artillery/missile attack",
            "strike",
            "shelling",
            True,
        ),
        ("Battles", "Armed clash", "strike", "unclear", False),
        ("Violence against civilians", "Attack", "strike", "unclear", True),
        ("Battles", "Non-state actor overtakes territory", "capture", None, False),
        ("Strategic developments", "Non-violent transfer of territory", "capture", None, False),
    ],
)
def test_violence_is_a_strike_and_ground_that_changes_hands_a_context_event(
    csv_of, event_type, sub_event_type, kind, weapon, has_actor
):
    row = ACLED | {"event_type": event_type, "sub_event_type": sub_event_type}
    (submission,), _ = read_all(csv_of(row), "acled")
    draft = submission.draft
    assert (draft.kind, draft.weapon) == (kind, weapon)
    assert bool(draft.alleged_actor) == has_actor


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"sub_event_type": "Peaceful protest"}, "sub_event_type", "not_recorded"),
        ({"sub_event_type": "Agreement"}, "sub_event_type", "not_recorded"),
        ({"geo_precision": "4"}, "geo_precision", "choice"),
        ({"latitude": "41.0", "longitude": "35.0"}, "latitude", "swapped"),
        ({"event_date": ""}, "event_date", "required"),
        ({"fatalities": "many"}, "fatalities", "number"),
    ],
    ids=str,
)
def test_a_bad_acled_row_is_refused_by_its_column(csv_of, changes, field, code):
    assert read_all(csv_of(ACLED | changes), "acled") == ([], {1: [(field, code)]})


def test_an_airwars_row_keeps_its_grade_in_words_only(csv_of):
    (submission,), bad = read_all(csv_of(AIRWARS), "airwars")
    draft = submission.draft
    assert bad == {}
    assert submission.idempotency_key == "airwars:CI0001"
    assert draft.description == "A house collapsed.\n\nAirwars grading: Confirmed"
    assert draft.alleged_actor == "US-led Coalition"
    assert (draft.weapon, draft.location.country) == ("air_strike", "IQ")
    assert [(c.civilian_status, c.minimum, c.maximum) for c in draft.claims] == [
        ("civilian", 105, 141)
    ]
    assert [(s.name, s.url) for s in draft.sources[1:]] == [
        ("", "https://example.org/a"),
        ("Yaqein Agency", ""),
    ]
    assert (draft.licence, draft.may_republish) == (Licence.ALL_RIGHTS_RESERVED, False)


def test_the_swapped_coordinates_of_a_real_airwars_row_are_refused(csv_of):
    row = AIRWARS | {"Country": "Palestine", "Lat": "34.4", "Lon": "31.4"}
    _, bad = read_all(csv_of(row), "airwars")
    assert bad == {1: [("Lat", "swapped")]}


@pytest.fixture
def round_of_july(shared_data):
    return read_all(table_open(shared_data("iom_dtm_iraq_idps_2014-07-02.csv")), "iom-dtm")


def test_a_round_of_dtm_is_context_events_of_families_times_six(round_of_july):
    good, _ = round_of_july
    assert len(good) == 1107
    assert len({submission.idempotency_key for submission in good}) == 1107
    first = good[0]
    assert first.idempotency_key == "iom-dtm:2014-07-02:1101007"
    assert (first.draft.kind, first.draft.weapon) == (IncidentKind.DISPLACEMENT, None)
    assert [(c.outcome, c.best) for c in first.draft.claims] == [("displaced", 60)]
    assert first.draft.location.place_name == "Deraluk, Amedi, Dahuk"
    assert {tuple(submission.flags) for submission in good} == {(ReportFlag.FIGURE_COMPUTED,)}
    assert sum(submission.draft.claims[0].best for submission in good) == 858_894


def test_the_summary_row_of_a_dtm_round_comes_back_with_its_reasons(round_of_july):
    _, bad = round_of_july
    missing = ["Location ID", "Latitude", "Longitude", "Families"]
    assert bad == {1108: [(name, "required") for name in missing]}


def lines(*reports):
    return "".join(f"{json.dumps(report)}\n" for report in reports)


def test_a_line_is_a_report_with_its_key_or_its_hash(table_of):
    table = table_of(lines(REPORT | {"key": "r-1"}, REPORT))
    (keyed, unkeyed), bad = read_all(table, "reports")
    assert bad == {}
    assert keyed.idempotency_key == "reports:r-1"
    assert unkeyed.idempotency_key == f"reports:sha256:{unkeyed.body_sha256}"
    assert keyed.draft == unkeyed.draft


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"weapon": "bomb"}, [("weapon", "invalid")]),
        ({"surprise": 1}, [("surprise", "unknown_field")]),
        ({"occurred": {"start": "2099-01-01"}}, [("occurred.start", "future")]),
        (
            {"location": REPORT["location"] | {"latitude": 43.68, "longitude": 34.6}},
            [("location", "swapped")],
        ),
        (
            {"claims": [{"source": "a", "outcome": "killed", "minimum": 9, "best": 2}]},
            [("claims[0].minimum", "order")],
        ),
        ({"key": 7}, [("key", "id")]),
    ],
    ids=str,
)
def test_a_bad_line_is_refused_by_its_members(table_of, changes, fields):
    good, bad = read_all(table_of(lines(REPORT | changes, REPORT)), "reports")
    assert len(good) == 1
    assert bad == {1: fields}
