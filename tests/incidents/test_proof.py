"""``GET /api/v1/incidents/{id}/proof/``: who gets it, its bytes, and what it never holds."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from core.canonical import canonical_json, sha256_hex
from core.errors import NotAllowed, NotFound
from incidents.models import Incident, Publication
from incidents.selectors.proof import proof_bundle
from incidents.services.amendments import consent_change
from incidents.vocab import ConsentBasis, Grade, Purpose
from ledger import sealing, signing
from ledger.models import AuditEntry
from ledger.services import audit_record
from tests.clients import stories
from tests.factories import make_actor, make_incident, make_member, merge_incidents
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, url


def proof_url(incident, purpose=""):
    return url(incident, "proof/") + (f"?purpose={purpose}" if purpose else "")


def test_the_answer_is_the_canonical_form_of_what_was_signed(bob):
    incident = make_incident()
    sealing.seal()
    answer = bob.get(proof_url(incident))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    bundle = json.loads(answer.content)
    assert canonical_json(bundle) == answer.content
    signature = bundle.pop("signature")
    assert signing.signature_is_good(bundle, signature, bundle["key_id"])
    assert (bundle["incident"]["id"], bundle["purpose"]) == (str(incident.id), "record")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 401),
        (Role.SUBMITTER, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.PARTNER, 403),
        (Role.MONITOR, 200),
        (Role.LEAD_MONITOR, 200),
    ],
)
def test_monitors_alone_get_it(db, role, status):
    caller = ApiClient(make_member(role)) if role else ApiClient()
    incident = make_incident()
    assert caller.get(proof_url(incident)).status_code == status
    for method in ("post", "put", "delete"):
        answer = getattr(caller._client, method)(proof_url(incident), **caller._headers)
        assert answer.status_code in ({401, 403} if status != 200 else {405})


def test_who_submitted_it_gets_it_neither(alice):
    incident = make_incident(make_actor(organisation=alice.membership.organisation))
    assert alice.get(proof_url(incident)).status_code == 403


@pytest.mark.parametrize("scope", ["incident.read", "report.read_all"])
def test_a_token_needs_both_scopes(db, scope):
    incident = make_incident()
    narrow = ApiClient(make_member(Role.MONITOR), scopes=[scope])
    assert narrow.get(proof_url(incident)).status_code == 403
    both = ApiClient(make_member(Role.MONITOR), scopes=["incident.read", "report.read_all"])
    assert both.get(proof_url(incident)).status_code == 200


def test_an_incident_that_is_not_there(bob):
    assert bob.get(proof_url("01a1fd3c-a584-7a06-923c-0d2f422018b6")).status_code == 404
    with pytest.raises(NotFound):
        proof_bundle(actor=make_actor(Role.SUBMITTER), incident_id=make_incident().id)


@pytest.mark.parametrize("purpose", ["publish", "x", "%00", ""])
def test_another_purpose_is_refused(bob, purpose):
    answer = bob.get(url(make_incident(), f"proof/?purpose={purpose}"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "purpose"


def test_a_merged_incident_leads_to_the_proof_of_the_one_it_lives_on_in(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    monitor = make_actor(Role.MONITOR)
    merge_incidents(two, one)
    merge_incidents(three, two)
    answer = bob.get(proof_url(one, "court"))
    assert (answer.status_code, answer.json()) == (308, {"merged_into": str(three.id)})
    assert answer["Location"].endswith(proof_url(three, "court"))
    with pytest.raises(NotFound):
        proof_bundle(actor=monitor, incident_id=one.id)


def test_it_holds_the_acts_on_what_lives_on_in_it(db):
    incident = stories.merged_twice()
    bundle = json.loads(stories.bundle_of(incident))
    assert [row["grade"] for row in bundle["assessments"]] == ["weak"]
    actions = [one["entry"]["action"] for one in bundle["entries"]]
    assert actions.count("report.received") == 4
    assert actions.count("incident.merged") == 3
    assert {"incident.merge_undone", "incident.restored", "incident.assessed"} <= set(actions)


def test_what_is_sealed_is_not_in_it(db):
    reporter = {"name": "Layla Haddad", "contact": "+964 1"}
    content = stories.bundle_of(make_incident(reporter=reporter)).decode()
    for secret in ("Umm Ahmed", "Layla", "+964"):
        assert secret not in content
    assert "salt" not in content.replace("salted_sha256", "")


def test_the_entry_of_a_publication_holds_the_hash_of_what_was_frozen(db):
    stories.judged()
    publication = Publication.objects.get()
    entry = AuditEntry.objects.get(action="incident.published")
    assert entry.data["snapshot_sha256"] == sha256_hex(canonical_json(publication.snapshot))


def court_bundle(incident):
    return json.loads(stories.bundle_of(incident, "court"))


@pytest.fixture
def mixed(db):
    """An incident as one report tells it, with another report that may be used in court."""
    shown = {"title": "Shown", "weapon": "barrel_bomb", "consent__court": True}
    hidden = {"title": "Hidden", "location__place_name": "Hidden place", "description": "Hidden"}
    incident = make_incident(sources=[{"ref": "h", "kind": "ngo", "name": "Hidden"}], **hidden)
    merge_incidents(incident, make_incident(**shown))
    return fresh(incident)


def test_a_court_sees_only_reports_that_may_be_used_there(mixed):
    bundle = court_bundle(mixed)
    (report,) = bundle["reports"]
    assert (report["receipt"]["report"]["title"], bundle["reports_left_out"]) == ("Shown", 1)
    received = [one for one in bundle["entries"] if one["entry"]["action"] == "report.received"]
    assert len(received) == 1
    whole = json.loads(stories.bundle_of(mixed))
    assert (len(whole["reports"]), whole["reports_left_out"]) == (2, 0)


def test_no_byte_for_a_court_repeats_what_a_report_left_out_says(mixed):
    monitor = make_actor(Role.MONITOR)
    stories.assess(monitor, mixed, Grade.FAIR)
    stories.publish(monitor, mixed)
    assert "Hidden" not in stories.bundle_of(mixed, "court").decode()


def test_entries_of_old_that_repeat_a_title_are_not_shown_to_a_court(mixed):
    about = {"actor": None, "action": "incident.moved", "object_type": "incident"}
    audit_record(object_id=mixed.id, object_label="Shown", **about)
    assert court_bundle(mixed)["reports_left_out"] == 1
    audit_record(object_id=mixed.id, object_label="Hidden", **about)
    with pytest.raises(NotAllowed):
        court_bundle(mixed)
    assert json.loads(stories.bundle_of(mixed))["reports_left_out"] == 0


def test_figures_for_a_court_rest_on_what_it_sees(mixed):
    (figure,) = court_bundle(mixed)["incident"]["casualties"]
    assert len(figure["claims"]) == 1
    (figure,) = mixed.casualties
    assert len(figure["claims"]) == 2


def test_what_only_a_report_left_out_says_is_left_out(mixed):
    incident = court_bundle(mixed)["incident"]
    for name in ("title", "place_name", "longitude", "latitude", "units", "uncertainty_m"):
        assert incident[name] is None
    assert (incident["weapon"], incident["time_precision"]) == ("barrel_bomb", "day")


def test_what_was_published_of_all_is_left_out_too(mixed):
    monitor = make_actor(Role.MONITOR)
    stories.assess(monitor, mixed, Grade.FAIR)
    stories.publish(monitor, mixed)
    (publication,) = court_bundle(mixed)["publications"]
    assert "snapshot" not in publication
    (publication,) = json.loads(stories.bundle_of(mixed))["publications"]
    assert publication["snapshot"]["title"] == "Hidden"


def test_what_was_published_of_a_report_split_off_since_is_left_out_too(mixed):
    monitor = make_actor(Role.MONITOR)
    stories.assess(monitor, mixed, Grade.FAIR)
    stories.publish(monitor, mixed)
    stories.split(monitor, mixed, mixed.reports.get(title="Hidden"))
    content = stories.bundle_of(mixed, "court")
    assert b"Hidden" not in content
    assert json.loads(content)["reports_left_out"] == 0


def test_no_report_for_a_court_is_no_proof_for_it(bob):
    incident = make_incident()
    answer = bob.get(proof_url(incident, "court"))
    assert answer.status_code == 403
    assert "No report of this incident may be used in court." in answer.json()["detail"]
    with pytest.raises(NotAllowed):
        proof_bundle(actor=make_actor(Role.MONITOR), incident_id=incident.id, purpose="court")


def test_consent_that_was_taken_back_counts(db):
    alice = make_actor()
    _, report = stories.send(alice, consent__court=True)
    assert court_bundle(report.incident)["reports_left_out"] == 0
    consent_change(
        actor=alice,
        report_id=report.id,
        purposes={Purpose.COURT: False},
        basis=None,
        reason="They are afraid.",
    )
    with pytest.raises(NotAllowed):
        court_bundle(report.incident)


def test_consent_that_was_given_later_is_proved(db, tmp_path):
    alice = make_actor()
    _, report = stories.send(alice)
    consent_change(
        actor=alice,
        report_id=report.id,
        purposes={Purpose.COURT: True},
        basis=ConsentBasis.INFORMED,
        reason="They agreed.",
    )
    (shown,) = court_bundle(report.incident)["reports"]
    assert shown["receipt"]["report"]["consent"]["court"] is False
    assert shown["consent_changes"][0]["court"] is True


def test_the_number_of_queries_does_not_grow_with_the_reports(db):
    monitor = make_actor(Role.MONITOR)
    incident = stories.judged()

    def queries():
        sealing.seal()
        with CaptureQueriesContext(connection) as captured:
            proof_bundle(actor=monitor, incident_id=incident.id)
        return len(captured)

    before = queries()
    merge_incidents(incident, *(make_incident() for _ in range(10)))
    assert queries() == before


def test_asking_for_it_changes_nothing(db):
    incident = make_incident()
    rows = Incident.objects.filter(id=incident.id)
    before, entries = rows.values().get(), AuditEntry.objects.count()
    proof_bundle(actor=make_actor(Role.MONITOR), incident_id=incident.id)
    assert rows.values().get() == before
    assert AuditEntry.objects.count() == entries + 1  # make_actor's
