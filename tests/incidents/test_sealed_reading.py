"""Who a source is: told to few, with a reason, and never without the ledger knowing first."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Role
from incidents.models import Report
from incidents.services import sealed_reading
from incidents.services.sealed_reading import READS_PER_HOUR, sealed_read
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_member, report_body
from tests.incidents.conftest import ApiClient

REPORTER = {"name": "Abu Sami", "contact": "+964 1"}
SECRETS = ("Umm Ahmed", *REPORTER.values())


@pytest.fixture
def report(alice):
    """The id of a report whose witness and reporter are sealed."""
    return alice.post("/api/v1/reports/", report_body(reporter=REPORTER)).json()["id"]


@pytest.fixture
def lead(db):
    """A lead monitor."""
    return ApiClient(make_member(Role.LEAD_MONITOR))


def read(client, report, **body):
    path = f"/api/v1/reports/{report}/sealed/"
    return client.post(path, {"reason": "To ask the witness again."} | body)


def test_a_lead_monitor_and_its_organisation_read_who_it_was(alice, lead, report):
    for reader in (alice, lead):
        answer = read(reader, report)
        assert answer.status_code == 200
        assert answer.json() == {"reporter": REPORTER, "sources": {"w": "Umm Ahmed"}}
        assert answer["Cache-Control"] == "no-store"


def test_each_reading_is_in_the_ledger_without_what_was_read(lead, report):
    read(lead, report)
    entry = AuditEntry.objects.get(action="sealed.read")
    assert (entry.actor_id, str(entry.object_id)) == (lead.membership.user_id, report)
    assert entry.reason == "To ask the witness again."
    written = [row.data for row in AuditEntry.objects.all()]
    written += [row.payload for row in DomainEvent.objects.all()]
    assert not [secret for secret in SECRETS if secret in json.dumps(written)]


def test_without_the_ledger_nothing_is_read(lead, report, monkeypatch):
    def broken(**said):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(sealed_reading, "report_audit", broken)
    lead._client.raise_request_exception = False
    answer = read(lead, report)
    assert answer.status_code == 500
    assert not [secret for secret in SECRETS if secret.encode() in answer.content]


def test_nothing_of_it_is_logged(alice, report, caplog):
    with caplog.at_level(logging.DEBUG):
        read(alice, report)
        identities = sealed_read(
            actor=make_actor(Role.LEAD_MONITOR), report_id=Report.objects.get().id, reason="x"
        )
        logging.getLogger("test").info("%r %s", identities, identities)
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_a_report_without_secrets_tells_none_and_is_recorded_too(alice):
    body = report_body(sources__1__identity=None)
    plain = alice.post("/api/v1/reports/", body).json()["id"]
    assert read(alice, plain).json() == {"reporter": None, "sources": {}}
    assert AuditEntry.objects.filter(action="sealed.read").exists()


def test_outsiders_read_nothing_and_leave_no_entry(report, charlie, bob, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        answer = read(who, report)
        assert answer.status_code == status
        assert not [secret for secret in SECRETS if secret.encode() in answer.content]
    assert not AuditEntry.objects.filter(action="sealed.read").exists()


def test_a_token_without_the_scope_reads_nothing(alice, report):
    narrow = ApiClient(alice.membership, scopes=["report.read_own", "report.submit"])
    assert read(narrow, report).status_code == 403


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "  "}, {"reason": None}, {"why": "x"}])
def test_it_needs_a_reason(lead, report, body):
    assert read(lead, report, **body).status_code == 400
    assert not AuditEntry.objects.filter(action="sealed.read").exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_it_is_an_act_and_no_page(alice, report, method):
    call = getattr(alice._client, method)
    assert call(f"/api/v1/reports/{report}/sealed/", **alice._headers).status_code == 405


def test_one_person_reads_so_many_an_hour(lead, alice, report, time_machine):
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for number in range(READS_PER_HOUR):
        time_machine.move_to(start + timedelta(minutes=number), tick=False)
        assert read(lead, report).status_code == 200
    answer = read(lead, report)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert str(READS_PER_HOUR) in answer.json()["detail"]
    assert AuditEntry.objects.filter(action="sealed.read").count() == READS_PER_HOUR
    assert read(alice, report).status_code == 200, "another person's reading is another count"
    time_machine.move_to(start + timedelta(minutes=61), tick=False)
    assert read(lead, report).status_code == 200
