"""A service refuses whoever may not, however they came to call it; nothing is written."""

from uuid import uuid4

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from accounts.permissions import Action, demand
from core.errors import NotAllowed
from incidents.models import Assessment, MergeRecord, Publication
from incidents.selectors.queue import IncidentFilter
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out, bulk_propose
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.matching import match_dismiss
from incidents.services.merging import incident_merge, incident_split, merge_undo
from incidents.services.workflow import Step, incident_triage, incident_withdraw
from incidents.vocab import Grade
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.judging import fresh

OUTSIDERS = [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR]
ALL_BUT = {
    Action.INCIDENT_ASSESS: ("assess", "triage", "bulk_grade"),
    Action.INCIDENT_PUBLISH: ("publish", "withdraw", "bulk_publish"),
    Action.INCIDENT_MERGE: ("merge", "split", "undo", "dismiss"),
}


def calls(incident, other):
    """Return every judgement of a monitor on an incident, by name."""
    known = {"incident_id": incident.id, "version": 1, "reason": "r"}
    grading = BulkOrder(BulkAction.GRADE, IncidentFilter(), "r", Grade.FAIR)
    publishing = BulkOrder(BulkAction.PUBLISH, IncidentFilter(), "r")
    confirmed = {"token": "x", "confirm_count": 1}
    return {
        "assess": lambda actor: incident_assess(actor=actor, grade=Grade.FAIR, **known),
        "publish": lambda actor: incident_publish(actor=actor, **known),
        "triage": lambda actor: incident_triage(actor=actor, step=Step.TRIAGE, **known),
        "withdraw": lambda actor: incident_withdraw(actor=actor, **known),
        "split": lambda actor: incident_split(
            actor=actor, report_ids=[incident.reports.get().id], **known
        ),
        "merge": lambda actor: incident_merge(
            actor=actor,
            into_id=incident.id,
            from_ids=[other.id],
            versions={incident.id: 1, other.id: 1},
            reason="r",
        ),
        "undo": lambda actor: merge_undo(actor=actor, merge_id=uuid4(), version=1, reason="r"),
        "dismiss": lambda actor: match_dismiss(actor=actor, match_id=uuid4(), reason="r"),
        "bulk_grade": lambda actor: bulk_propose(actor=actor, order=grading),
        "bulk_publish": lambda actor: bulk_carry_out(actor=actor, order=publishing, **confirmed),
    }


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_role_that_may_not_is_refused_by_every_service(db, role):
    incident, other = make_incident(), make_incident()
    outsider = make_actor(role)
    recorded = AuditEntry.objects.count()
    for call in calls(incident, other).values():
        with pytest.raises(NotAllowed):
            call(outsider)
    assert AuditEntry.objects.count() == recorded
    assert (fresh(incident).version, fresh(incident).state) == (1, "new")
    for model in (Assessment, Publication, MergeRecord):
        assert not model.objects.exists()


@pytest.mark.parametrize("action", ALL_BUT)
def test_a_token_without_the_scope_is_refused_by_the_services_of_that_action(db, action):
    every = frozenset(Action) - {action}
    narrowed = actor_of(make_member(Role.MONITOR), every)
    by_name = calls(make_incident(), make_incident())
    for name in ALL_BUT[action]:
        with pytest.raises(NotAllowed):
            by_name[name](narrowed)


def test_who_may_is_let_through(db):
    demand(make_actor(Role.MONITOR), Action.INCIDENT_MERGE)
    with pytest.raises(NotAllowed):
        demand(None, Action.INCIDENT_READ)
