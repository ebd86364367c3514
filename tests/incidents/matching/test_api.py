"""What monitors are shown, and that they alone are."""

import pytest
from django.utils import translation

from accounts.models import Role
from accounts.permissions import Action
from core.ids import uuid7
from incidents.match_reasons import reason_text
from incidents.models import MatchSuggestion
from ledger.models import AuditEntry
from tests.factories import make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import url

QUEUE = "/api/v1/matches/"


@pytest.fixture
def bob(db):
    return ApiClient(make_member(Role.MONITOR))


@pytest.fixture
def pair(refresh):
    one, other = make_incident(), make_incident(location__place_name="الفلوجة")
    (match,) = refresh(one)
    return one, other, match


def dismiss(client, match, **body):
    return client.post(f"{QUEUE}{getattr(match, 'id', match)}/dismiss/", body)


def test_an_incident_lists_the_other_with_score_verdict_and_reasons(bob, pair):
    one, other, match = pair
    (row,) = bob.get(url(one, "matches/")).json()
    assert row["incident"]["id"] == str(other.id)
    assert (row["score"], row["verdict"]) == (match.score, "likely_same")
    assert row["decision"] is None
    reasons = {reason["code"]: reason for reason in row["reasons"]}
    assert reasons["same_weapon"]["values"] == {"weapon": "barrel_bomb"}
    assert reasons["same_weapon"]["text"] == "The same weapon: barrel bomb."
    assert bob.get(url(other, "matches/")).json()[0]["incident"]["id"] == str(one.id)


def test_the_best_comes_first_and_what_was_decided_last(bob, make_told, refresh):
    this, exact, near = make_told(), make_told(), make_told((43.80, 33.37))
    refresh(this)
    listed = [row["incident"]["id"] for row in bob.get(url(this, "matches/")).json()]
    assert listed == [str(exact.id), str(near.id)]
    best = MatchSuggestion.objects.order_by("-score").first()
    dismiss(bob, best, reason="No.")
    rows = bob.get(url(this, "matches/")).json()
    assert [row["decision"] for row in rows] == [None, "different"]


def test_the_queue_holds_what_is_likely_and_undecided_by_pages(bob, make_told, refresh):
    for number in range(3):
        day = {"time_start": f"201{number}-01-01T00:00Z", "time_end": f"201{number}-01-01T09:00Z"}
        refresh(make_told(**day), make_told(**day))
    first = bob.get(f"{QUEUE}?limit=2").json()
    second = bob.get(first["next"]).json()
    rows = first["results"] + second["results"]
    assert len({row["id"] for row in rows}) == 3
    assert second["next"] is None
    assert [row["found_at"] for row in rows] == sorted((r["found_at"] for r in rows), reverse=True)
    assert {len(row["incidents"]) for row in rows} == {2}
    MatchSuggestion.objects.update(verdict="possible")
    assert bob.get(QUEUE).json()["results"] == []


def test_the_queue_costs_as_many_queries_whatever_is_in_it(
    bob, make_told, refresh, django_assert_max_num_queries
):
    refresh(*(make_told() for _ in range(4)))
    with django_assert_max_num_queries(8):
        assert len(bob.get(QUEUE).json()["results"]) == 6


def test_a_dismissal_leaves_the_queue_and_an_entry_with_its_reason(bob, pair):
    one, other, match = pair
    answer = dismiss(bob, match, reason="Two streets, two hours.")
    assert answer.status_code == 200, answer.content
    assert answer.json()["decision"] == "different"
    assert answer.json()["reason"] == "Two streets, two hours."
    assert bob.get(QUEUE).json()["results"] == []
    entries = AuditEntry.objects.filter(action="match.dismissed", reason="Two streets, two hours.")
    assert {(entry.object_id, entry.data["other"]) for entry in entries} == {
        (one.id, str(other.id)),
        (other.id, str(one.id)),
    }
    told = bob.get(url(one, "timeline/")).content.decode()
    assert "another incident to be different strikes: Two streets, two hours." in told


def test_what_was_decided_is_not_decided_again(bob, pair):
    *_, match = pair
    dismiss(bob, match, reason="No.")
    answer = dismiss(bob, match, reason="Still no.")
    assert answer.status_code == 409
    assert answer.json()["decision"] == "different"


@pytest.mark.parametrize(
    "body", [{}, {"reason": " "}, {"reason": "x", "verdict": "x"}, {"reason": 1}]
)
def test_a_dismissal_needs_a_reason_and_nothing_else(bob, pair, body):
    *_, match = pair
    status = 200 if body == {"reason": 1} else 400
    assert dismiss(bob, match, **body).status_code == status


def test_what_is_not_there_is_404(bob):
    assert dismiss(bob, uuid7(), reason="No.").status_code == 404
    assert bob.get(url(uuid7(), "matches/")).status_code == 404


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR, None])
def test_others_neither_see_nor_dismiss(pair, role):
    one, _other, match = pair
    outsider = ApiClient(make_member(role) if role else None)
    refused = 403 if role else 401
    assert outsider.get(QUEUE).status_code == refused
    assert outsider.get(url(one, "matches/")).status_code == refused
    assert dismiss(outsider, match, reason="No.").status_code == refused
    assert MatchSuggestion.objects.get().decision is None


def test_a_token_that_only_reads_does_not_dismiss(pair):
    *_, match = pair
    reader = ApiClient(make_member(Role.MONITOR), scopes=[Action.INCIDENT_READ])
    assert reader.get(QUEUE).status_code == 200
    assert dismiss(reader, match, reason="No.").status_code == 403


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ({"code": "distance", "metres": 250, "spread_m": 3082}, "The places are 250 m apart"),
        ({"code": "distance", "metres": 12_345, "spread_m": 3082}, "The places are 12.3 km apart"),
        ({"code": "time", "days": 0.0}, "The times agree"),
        ({"code": "time", "days": 0.3}, "The times are less than a day apart."),
        ({"code": "time", "days": 1.0}, "The times are 1 day apart."),
        ({"code": "time", "days": 3.0}, "The times are 3 days apart."),
        ({"code": "place_name", "similarity": 1.0}, "The place names are the same"),
        ({"code": "place_name", "similarity": 0.8}, "The place names are alike (80 %)."),
        ({"code": "title", "similarity": 0.2}, "Titles and alleged actors are not alike (20 %)."),
        ({"code": "figures", "compared": 3, "agreeing": 2}, "Of 3 numbers of the same people, 2"),
        (
            {"code": "same_weapon_class", "weapon_classes": ["air_launched"]},
            "Weapons of the same class: air-launched.",
        ),
        (
            {"code": "other_weapon_class", "weapon_classes": ["air_launched", "ground_launched"]},
            "Weapons of different classes: air-launched, ground-launched.",
        ),
        ({"code": "other_country", "countries": ["IQ", "SY"]}, "In different countries: IQ, SY."),
        (
            {"code": "same_data_set", "data_sets": ["acled"]},
            "The same data set lists both under different ids (acled).",
        ),
    ],
    ids=lambda value: value["code"] if isinstance(value, dict) else None,
)
def test_every_reason_is_said_in_words(reason, text):
    with translation.override("en"):
        assert reason_text(reason).startswith(text)
