"""What is a sender's to do is refused to whoever may not, also where no view stands before it."""

import msgspec
import pytest
from django.core.files.base import ContentFile

from accounts.actors import Actor, actor_of
from accounts.models import Role
from accounts.permissions import Action
from core.errors import NotAllowed, NotFound
from incidents.intake.json_reports import submission_parse
from incidents.models import ConsentChange, Evidence, EvidenceLink, Report, ReportWithdrawal
from incidents.services.amendments import consent_change, report_withdraw
from incidents.services.evidence import evidence_receive, link_record
from incidents.services.evidence_reading import copy_open, original_open
from incidents.services.reports import report_receive
from incidents.services.sealed_reading import sealed_read
from incidents.vocab import Purpose
from ledger.models import AuditEntry
from tests.factories import make_incident, make_member, report_body
from tests.incidents.openrosa.sending import MP4

NEEDS = {
    "receive": Action.REPORT_SUBMIT,
    "withdraw": Action.REPORT_SUBMIT,
    "consent": Action.REPORT_SUBMIT,
    "upload": Action.REPORT_SUBMIT,
    "link": Action.REPORT_SUBMIT,
    "original": Action.REPORT_READ_OWN,
    "copy": Action.REPORT_READ_OWN,
    "sealed": Action.SEALED_READ_OWN,
}
TABLES = (AuditEntry, Report, ReportWithdrawal, ConsentChange, Evidence, EvidenceLink)


@pytest.fixture
def owner(db, evidence_folder):
    return make_member(Role.SUBMITTER)


@pytest.fixture
def calls(owner):
    """Return every act on a report that is the owner's, by name."""
    report = make_incident(actor_of(owner)).reports.get()
    stored = upload(actor_of(owner), report, "a.mp4").evidence
    return {
        "receive": receive,
        "withdraw": lambda actor: report_withdraw(actor=actor, report_id=report.id, reason="r"),
        "consent": lambda actor: consent_change(
            actor=actor,
            report_id=report.id,
            purposes={Purpose.SHARE: False},
            basis=None,
            reason="r",
        ),
        "upload": lambda actor: upload(actor, report, "b.mp4"),
        "link": lambda actor: link_record(
            actor=actor,
            report_id=report.id,
            url="https://a.example/",
            captured_at=None,
            archive_url="",
            note="",
        ),
        "original": lambda actor: original_open(actor=actor, evidence_id=stored.id),
        "copy": lambda actor: copy_open(actor=actor, evidence_id=stored.id),
        "sealed": lambda actor: sealed_read(actor=actor, report_id=report.id, reason="r"),
    }


def receive(actor: Actor):
    submission = submission_parse(msgspec.json.encode(report_body()), "another")
    return report_receive(actor=actor, submission=submission)


def upload(actor, report, name):
    return evidence_receive(actor=actor, report_id=report.id, name=name, content=ContentFile(MP4))


def counts():
    return [model.objects.count() for model in TABLES]


@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADMINISTRATOR])
def test_a_role_that_may_not_is_refused_even_in_the_owner_s_house(owner, calls, role):
    outsider, before = actor_of(make_member(role, owner.organisation)), counts()
    for name, call in calls.items():
        with pytest.raises(NotAllowed):
            call(outsider)
        assert counts() == before, name


@pytest.mark.parametrize("name", NEEDS)
def test_a_token_without_the_scope_is_refused(owner, calls, name):
    narrowed, before = actor_of(owner, frozenset(Action) - {NEEDS[name]}), counts()
    with pytest.raises(NotAllowed):
        calls[name](narrowed)
    assert counts() == before


@pytest.mark.parametrize("name", [name for name in NEEDS if name != "receive"])
def test_another_organisation_s_report_is_not_there(calls, name):
    stranger = actor_of(make_member(Role.SUBMITTER))
    before = counts()
    with pytest.raises(NotFound):
        calls[name](stranger)
    assert counts() == before


def test_its_owner_is_let_through(owner, calls):
    calls["original"](actor_of(owner)).file.close()
    for name in ("receive", "consent", "upload", "link", "sealed", "withdraw"):
        calls[name](actor_of(owner))
