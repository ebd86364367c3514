"""Merging, undoing and splitting decide what was suggested."""

import pytest

from accounts.models import Role
from incidents.handlers import incidents_changed
from incidents.models import MatchSuggestion
from incidents.services.merging import incident_merge, incident_split, merge_undo
from incidents.services.workflow import Step, incident_triage, incident_withdraw
from incidents.vocab import MatchDecision
from ledger.models import DomainEvent
from tests.factories import make_actor, make_incident
from tests.incidents.judging import fresh


@pytest.fixture
def bob(db):
    return make_actor(Role.MONITOR)


def handle_all():
    """Hand over every event so far, oldest first, as the dispatcher would."""
    kinds = {"incident.opened", "incident.changed"}
    incidents_changed(list(DomainEvent.objects.filter(kind__in=kinds).order_by("id")))


def merged(bob, into, *others):
    return incident_merge(
        actor=bob,
        into_id=into.id,
        from_ids=[one.id for one in others],
        versions={one.id: fresh(one).version for one in (into, *others)},
        reason="The same strike.",
    )


def decisions():
    rows = MatchSuggestion.objects.all()
    return {frozenset([row.one_id, row.other_id]): row.decision for row in rows}


def pair(*incidents):
    return frozenset(incident.id for incident in incidents)


def test_a_merge_decides_the_pair_and_the_absorbed_one_is_suggested_no_more(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    handle_all()
    assert len(decisions()) == 3
    merged(bob, two, one)
    handle_all()
    assert decisions() == {pair(one, two): MatchDecision.SAME, pair(two, three): None}
    settled = MatchSuggestion.objects.get(decision=MatchDecision.SAME)
    assert (settled.reason, settled.decided_by_id) == ("The same strike.", bob.id)


def test_all_that_a_merge_takes_in_are_the_same(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    handle_all()
    merged(bob, three, one, two)
    handle_all()
    assert set(decisions().values()) == {MatchDecision.SAME}
    assert len(decisions()) == 3


def test_an_undone_merge_leaves_it_undecided(bob):
    one, two = make_incident(), make_incident()
    handle_all()
    record = merged(bob, two, one)
    handle_all()
    merge_undo(actor=bob, merge_id=record.id, version=fresh(two).version, reason="Not so sure.")
    handle_all()
    assert decisions() == {pair(one, two): None}


def test_what_a_monitor_split_is_not_suggested(bob):
    one, two = make_incident(), make_incident()
    merged(bob, two, one)
    report = fresh(two).reports.first()
    new = incident_split(
        actor=bob,
        incident_id=two.id,
        report_ids=[report.id],
        version=fresh(two).version,
        reason="Another street.",
    )
    handle_all()
    assert decisions()[pair(two, new)] == MatchDecision.DIFFERENT


def test_a_withdrawn_one_is_matched_again_when_it_is_taken_up(bob):
    one, two = make_incident(), make_incident()
    handle_all()
    incident_withdraw(actor=bob, incident_id=one.id, version=1, reason="A hoax.")
    handle_all()
    assert decisions() == {}
    incident_triage(actor=bob, incident_id=one.id, version=2, step=Step.REVIEW)
    handle_all()
    assert decisions() == {pair(one, two): None}
