"""Suggestions are kept up to date by events, once each, and a monitor's decision stands."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from config.consumers import CONSUMERS
from core.ids import uuid7
from incidents.handlers import incidents_changed
from incidents.models import MatchSuggestion
from incidents.services import matching as service
from incidents.services.matching import match_dismiss, matches_refresh
from incidents.vocab import MatchDecision, State, Verdict
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor
from tests.incidents.matching.conftest import DAY, PLACE


def _event(incident_id):
    return DomainEvent(kind="incident.opened", object_type="incident", object_id=incident_id)


def test_a_pair_is_suggested_once_the_lower_id_first(make_told, refresh):
    one, other = sorted([make_told(), make_told()], key=lambda row: row.id)
    (match,) = refresh(other, one)
    assert (match.one_id, match.other_id, match.verdict) == (one.id, other.id, Verdict.LIKELY_SAME)
    assert (match.one_version, match.other_version, match.decision) == (1, 1, None)
    assert {reason["code"] for reason in match.reasons} >= {"distance", "time", "same_weapon"}
    assert [row.id for row in refresh(one)] == [match.id]


def test_events_of_opened_and_changed_incidents_are_wired_to_it(make_told):
    one, _other = make_told(), make_told()
    (consumer,) = [consumer for consumer in CONSUMERS if consumer.name == "matching"]
    assert consumer.kinds == {"incident.opened", "incident.changed"}
    consumer.handle([_event(one.id)])
    assert MatchSuggestion.objects.count() == 1


def test_an_event_of_an_incident_that_is_not_there_harms_nothing(make_told):
    one, _other = make_told(), make_told()
    incidents_changed([_event(uuid7()), _event(one.id)])
    assert MatchSuggestion.objects.count() == 1


def test_done_again_it_writes_nothing(make_told, refresh, django_assert_max_num_queries):
    one, other = make_told(), make_told()
    (before,) = refresh(one, other)
    with django_assert_max_num_queries(12) as queries:
        (after,) = refresh(one, other)
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert written == []
    assert after.found_at == before.found_at


def test_what_changed_is_scored_anew_and_what_is_no_longer_possible_goes(make_told, refresh):
    one, other = make_told(), make_told()
    (before,) = refresh(one)
    other.time_start += timedelta(days=2)
    other.time_end += timedelta(days=2)
    other.version = 2
    other.save()
    (after,) = refresh(other)
    assert after.id == before.id
    assert after.score < before.score
    other.time_start = other.time_end = DAY + timedelta(days=400)
    other.save()
    assert refresh(other) == []


@pytest.mark.parametrize("change", [{"state": State.WITHDRAWN}, {"merged": True}], ids=str)
def test_one_that_stands_no_more_loses_its_suggestions(make_told, refresh, change):
    one, other, third = make_told(), make_told(), make_told(start=DAY + timedelta(days=90))
    refresh(one)
    if "merged" in change:
        other.merged_into = third
    other.state = change.get("state", other.state)
    other.save()
    assert refresh(other) == []


def test_what_the_other_side_found_is_kept_beyond_the_best(make_told, refresh, monkeypatch):
    crowd = [make_told() for _ in range(4)]
    refresh(*crowd)
    assert MatchSuggestion.objects.count() == 6
    monkeypatch.setattr(service, "MOST_KEPT", 1)
    assert len(refresh(crowd[0])) == 6
    MatchSuggestion.objects.all().delete()
    assert len(refresh(crowd[0])) == 1


@pytest.fixture
def bob():
    return make_actor(Role.MONITOR)


@pytest.fixture
def dismissed(make_told, refresh, bob):
    """Two incidents three days apart, dismissed as merely possible."""
    one, other = make_told(), make_told(start=DAY + timedelta(days=2), place_name="")
    (match,) = refresh(one)
    assert match.verdict == Verdict.POSSIBLE
    match_dismiss(actor=bob, match_id=match.id, reason="Another day.")
    return one, other, match


def test_a_dismissal_is_kept_as_it_was_seen(dismissed, refresh, bob):
    one, other, match = dismissed
    other.version = 2
    other.save()
    (after,) = refresh(one, other)
    assert (after.decision, after.reason, after.decided_by_id) == (
        MatchDecision.DIFFERENT,
        "Another day.",
        bob.id,
    )
    assert (after.score, after.one_version, after.other_version) == (match.score, 1, 1)


def test_a_dismissed_pair_is_offered_again_once_it_looks_much_more_alike(dismissed, refresh):
    one, other, match = dismissed
    other.time_start, other.time_end, other.version = one.time_start, one.time_end, 2
    other.place_name = "الفلوجة"
    other.save()
    (after,) = refresh(other)
    assert after.score >= match.score + service.RISEN
    assert (after.decision, after.reason, after.decided_by_id) == (None, "", None)
    entries = AuditEntry.objects.filter(action="match.reopened")
    assert {entry.object_id for entry in entries} == {one.id, other.id}
    assert {(entry.actor_label, entry.data["score"]) for entry in entries} == {
        ("system", match.score)
    }


def test_a_dismissed_pair_is_not_offered_again_for_a_little(dismissed, refresh):
    one, other, match = dismissed
    MatchSuggestion.objects.filter(id=match.id).update(score=match.score - service.RISEN / 2)
    (after,) = refresh(one, other)
    assert after.decision == MatchDecision.DIFFERENT


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": 1.5},
        {"verdict": "certain"},
        {"decision": "same"},
        {"decision": "different", "reason": "Why."},
    ],
    ids=str,
)
def test_the_database_refuses_what_no_service_writes(make_told, refresh, wrong):
    refresh(make_told(), make_told())
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchSuggestion.objects.update(**wrong)


def test_the_database_holds_a_pair_once_and_in_order(make_told, refresh):
    (match,) = refresh(make_told(), make_told())
    for one, other in ((match.one_id, match.other_id), (match.other_id, match.one_id)):
        again = MatchSuggestion(one_id=one, other_id=other, one_version=1, other_version=1)
        again.score, again.verdict, again.reasons = 0.5, Verdict.POSSIBLE, []
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()


def test_no_incident_is_no_work(db):
    matches_refresh(incident_ids=[])


def test_placeless_ones_are_left_alone(make_told, refresh):
    assert refresh(make_told(None), make_told(PLACE)) == []
