"""The states of the monitors' work, and the steps between them."""

import pytest

from accounts.models import Role
from incidents.models import Incident
from incidents.services.workflow import Step
from incidents.vocab import State
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import based_on, fresh, url
from tests.incidents.test_judging import assess, publish


def move(client, incident, step, **more):
    seen = based_on(fresh(incident).version)
    return client.post(url(incident, "triage/"), {"step": step} | more, **seen)


def withdraw(client, incident, reason="A hoax.", version=None):
    seen = based_on(version or fresh(incident).version)
    return client.post(url(incident, "withdraw/"), {"reason": reason}, **seen)


def test_a_new_incident_is_triaged_then_reviewed(bob):
    incident = make_incident()
    for step, state, version in (("triage", "triaged", 2), ("review", "in_review", 3)):
        answer = move(bob, incident, step)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
        assert fresh(incident).version == version


def test_a_step_is_audited_with_before_and_after(bob):
    incident = make_incident()
    move(bob, incident, "triage", reason="Two outlets.")
    entry = AuditEntry.objects.get(action="incident.moved")
    assert entry.data["state"] == {"before": "new", "after": "triaged"}
    assert entry.reason == "Two outlets."


@pytest.mark.parametrize("state", State)
def test_triage_takes_no_step_that_the_table_does_not_name(bob, state):
    incident = make_incident()
    Incident.objects.filter(id=incident.id).update(state=state, published_version=1)
    for step in (Step.TRIAGE, Step.REVIEW):
        Incident.objects.filter(id=incident.id).update(state=state)
        answer = move(bob, incident, step.name.lower())
        assert answer.status_code == (200 if state in step.value[0] else 409)
        if answer.status_code == 409:
            assert answer.json()["state"] == state


def test_nobody_publishes_or_withdraws_through_triage(bob):
    incident = make_incident()
    assert move(bob, incident, "publish").status_code == 400
    assert move(bob, incident, "withdraw").status_code == 400


def test_withdrawing_keeps_the_incident_and_its_grade(bob):
    incident = make_incident()
    assess(bob, incident)
    answer = withdraw(bob, incident)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert (fresh(incident).grade, fresh(incident).reports.count()) == ("fair", 1)
    assert AuditEntry.objects.get(action="incident.withdrawn").reason == "A hoax."
    kinds = DomainEvent.objects.filter(object_id=incident.id).values_list("kind", flat=True)
    assert {"incident.changed", "incident.withdrawn"} <= set(kinds)


def test_withdrawing_needs_a_reason_and_the_current_version(bob):
    incident = make_incident()
    assert withdraw(bob, incident, reason=" ").status_code == 400
    assert withdraw(bob, incident, version=7).status_code == 412


def test_what_is_withdrawn_is_published_only_after_it_was_taken_up_again(bob):
    incident = make_incident()
    assess(bob, incident)
    withdraw(bob, incident)
    assert publish(bob, incident, 3).status_code == 409
    assert withdraw(bob, incident).status_code == 409
    assert move(bob, incident, "review").status_code == 200
    assert publish(bob, incident, 4).status_code == 201


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_triage_nor_withdraw(db, role):
    incident, outsider = make_incident(), ApiClient(make_member(role))
    assert move(outsider, incident, "triage").status_code == 403
    assert withdraw(outsider, incident).status_code == 403
    assert fresh(incident).state == "new"
