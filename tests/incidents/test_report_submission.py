import json

from core.canonical import sha256_hex
from incidents.models import Incident, Report
from ledger.models import AuditEntry, DomainEvent
from tests.factories import FALLUJAH, report_body

URL = "/api/v1/reports/"


def test_a_good_report_is_answered_with_a_receipt_of_the_body_as_sent(alice):
    body = json.dumps(report_body())
    answer = alice.post(URL, body)
    assert answer.status_code == 201, answer.content
    receipt = answer.json()["receipt"]
    assert receipt["body_sha256"] == sha256_hex(body.encode())
    assert receipt["report_id"] == answer.json()["id"]
    assert answer["Location"].endswith(f"/api/v1/reports/{answer.json()['id']}/")


def test_report_incident_audit_entry_and_event_are_stored_together(alice):
    answer = alice.post(URL, report_body()).json()
    report = Report.objects.get(id=answer["id"])
    incident = Incident.objects.get(id=answer["incident"])
    assert report.incident == incident
    assert (incident.location.x, incident.location.y) == FALLUJAH
    assert incident.weapon == "barrel_bomb"
    assert incident.state == "new"
    assert incident.time_start.isoformat() == "2014-05-11T00:00:00+00:00"
    assert incident.time_end.isoformat() == "2014-05-11T23:59:59+00:00"
    entry = AuditEntry.objects.get(object_id=report.id)
    assert entry.actor_id == alice.membership.user_id
    assert DomainEvent.objects.get(kind="incident.opened").object_id == incident.id


def test_each_first_report_of_a_strike_opens_its_own_incident(alice):
    first = alice.post(URL, report_body(), HTTP_IDEMPOTENCY_KEY="1").json()
    second = alice.post(URL, report_body(), HTTP_IDEMPOTENCY_KEY="2").json()
    assert first["incident"] != second["incident"]


def test_who_a_source_is_stays_out_of_receipt_and_database_in_the_clear(alice):
    answer = alice.post(URL, report_body(reporter={"name": "Abu Sami"}))
    text = json.dumps(answer.json()["receipt"], ensure_ascii=False)
    assert "Umm Ahmed" not in text
    assert "Abu Sami" not in text
    report = Report.objects.get(id=answer.json()["id"])
    sealed = bytes(report.sources.get(ref="w").identity_sealed)
    assert b"Umm Ahmed" not in sealed
    assert set(answer.json()["salts"]) == {"sources[1].identity", "reporter"}


def test_the_salted_digest_proves_to_the_sender_what_was_sealed(alice):
    answer = alice.post(URL, report_body()).json()
    salt = bytes.fromhex(answer["salts"]["sources[1].identity"]["salt"])
    digest = answer["receipt"]["report"]["sources"][1]["identity"]["salted_sha256"]
    assert sha256_hex(salt + b"Umm Ahmed") == digest


def test_the_uncertainty_follows_the_precision_unless_it_is_stated(alice):
    town = alice.post(URL, report_body(location__precision="town")).json()
    stated = alice.post(URL, report_body(location__uncertainty_m=750)).json()
    assert Incident.objects.get(id=town["incident"]).uncertainty_m == 3000
    assert Incident.objects.get(id=stated["incident"]).uncertainty_m == 750


def test_casualty_figures_name_their_claims(alice):
    answer = alice.post(URL, report_body()).json()
    incident = Incident.objects.get(id=answer["incident"])
    (figure,) = incident.casualties
    assert (figure["minimum"], figure["best"], figure["maximum"]) == (4, 5, 7)
    assert figure["claims"] == [str(incident.reports.get().claims.get().id)]


def test_an_open_ended_figure_keeps_its_open_end(alice):
    claim = {"source": "h", "outcome": "displaced", "minimum": 50_000}
    answer = alice.post(URL, report_body(claims=[claim])).json()
    (figure,) = Incident.objects.get(id=answer["incident"]).casualties
    assert (figure["minimum"], figure["maximum"]) == (50_000, None)
