"""Redaction: who may, what is blanked, what stays, and how followers learn of it."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from core.ids import uuid7
from feed.models import Audience, LogEntry, TileCell, TileTouch
from feed.redaction import redaction_write
from feed.sealing import seal
from feed.selectors import seq_at
from incidents.models import Incident
from incidents.services.redaction import incident_redact
from incidents.vocab import State
from ledger.dispatch import dispatch
from ledger.models import AuditEntry
from tests.factories import bearer, make_actor, make_incident, make_member
from tests.feed.making import ITEMS, decided, published

pytestmark = pytest.mark.usefixtures("db")
CHANGES = "/api/v1/changes"
SECRET = "Umm Ahmed's house"
REDACTABLE = LogEntry.REDACTABLE_COLUMNS


def told():
    dispatch("feed.publish")
    seal()


@pytest.fixture
def incident():
    """Two published versions, the first of which names a house."""
    incident = make_incident(title=SECRET)
    decided(incident)
    told()
    decided(incident)
    told()
    return incident


def redacted(incident, **options):
    result = incident_redact(
        actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name", **options
    )
    told()
    return result


def versions(incident, audience=Audience.PARTNER):
    rows = LogEntry.objects.filter(audience=audience, object_id=incident.id, kind="incident")
    return list(rows.order_by("seq"))


def test_all_content_of_all_versions_is_blanked_for_every_audience(incident):
    assert SECRET in versions(incident)[0].feature
    redacted(incident)
    for audience in Audience:
        *before, last = versions(incident, audience)
        assert len(before) == 2
        for entry in before:
            values = {name: getattr(entry, name) for name in REDACTABLE}
            assert not any(values.values()), values
        assert (last.change, last.reason, last.feature) == ("redacted", "redacted", "")


def test_numbers_hashes_and_the_digest_stay(client, incident):
    kept = ("seq", "sealed_at", "hash", "chain", "object_id", "object_version", "change")
    before = list(LogEntry.objects.order_by("audience", "seq").values(*kept))
    digest = client.get(f"{CHANGES}/digest", {"seq": 2}).content
    redacted(incident)
    after = LogEntry.objects.exclude(change="redacted").order_by("audience", "seq")
    assert list(after.values(*kept)) == before
    assert client.get(f"{CHANGES}/digest", {"seq": 2}).content == digest


def test_followers_from_the_start_see_tombstones_and_those_ahead_a_new_entry(partner, incident):
    cursor = partner.get(CHANGES).json()["cursor"]
    redacted(incident)
    for change in partner.get(CHANGES).json()["changes"][:4]:
        assert (change["feature"], change["salt"], change["redacted"]) == (None, None, True)
    new = partner.get(CHANGES, {"since": cursor}).json()["changes"]
    assert [one["kind"] for one in new] == ["incident", "exposure"]
    for one in new:
        assert (one["change"], one["id"], one["feature"]) == ("redacted", str(incident.id), None)
    answer = partner.get(CHANGES, {"f": "ndjson"})
    assert SECRET not in b"".join(answer.streaming_content).decode()


def test_an_answer_kept_from_before_is_not_called_unchanged(partner, incident):
    etag = partner.get(CHANGES, {"limit": "2"})["ETag"]
    redacted(incident)
    answer = partner.get(CHANGES, {"limit": "2"}, headers={"If-None-Match": etag})
    assert answer.status_code == 200


def test_the_feed_does_not_show_it_any_more(partner, incident):
    assert len(partner.get(ITEMS).json()["features"]) == 1
    redacted(incident)
    assert partner.get(ITEMS).json()["features"] == []
    assert partner.get(f"{ITEMS}/{incident.id}").status_code == 404


def test_it_may_be_published_again(partner, incident):
    redacted(incident)
    incident.refresh_from_db()
    assert incident.state == State.IN_REVIEW
    decided(incident)
    told()
    assert [entry.change for entry in versions(incident)][-2:] == ["redacted", "created"]
    assert len(partner.get(ITEMS).json()["features"]) == 1


def test_what_was_decided_before_but_not_written_yet_is_not_written_after(partner):
    incident = make_incident(title=SECRET)
    decided(incident)
    told()
    decided(incident)
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    told()
    assert all(entry.feature == "" for entry in versions(incident))
    assert versions(incident)[-1].change == "redacted"


def test_what_waits_for_the_sealer_is_blanked_too(incident):
    decided(incident)
    dispatch("feed.publish")
    redacted(incident)
    assert [bool(entry.feature) for entry in versions(incident)] == [False] * 4


def test_done_again_it_writes_nothing(incident):
    version = redacted(incident).version
    count = LogEntry.objects.count()
    assert redaction_write(object_id=incident.id, version=version) == []
    assert LogEntry.objects.count() == count


def test_the_record_s_history_is_blanked_and_what_stands_is_not(incident):
    assert SECRET in incident.history.values_list("title", flat=True)
    redacted(incident)
    rows = incident.history.values("title", "alleged_actor", "place_name", "pcode", "location")
    assert {value for row in rows for value in row.values()} <= {"", None}
    assert Incident.objects.get(id=incident.id).title == SECRET  # monitors mend it first


def test_others_keep_theirs(incident):
    other = published()
    redacted(incident)
    assert versions(other)[0].feature
    assert other.history.exclude(title="").exists()


def test_the_ledger_says_who_and_why_and_nobody_else_is_told(client, partner, incident):
    version = redacted(incident).version
    entry = AuditEntry.objects.get(action="incident.redacted")
    assert (entry.object_id, entry.reason) == (incident.id, "a name")
    assert entry.data == {"version": version}
    for reader in (client, partner):
        assert "a name" not in reader.get(CHANGES).content.decode()


def test_without_an_entry_in_the_ledger_the_database_blanks_nothing(incident):
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
        redaction_write(object_id=incident.id, version=9)
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
        redaction_write(object_id=uuid7(), version=1)
    assert versions(incident)[0].feature


@pytest.mark.parametrize("role", ["harmwatch_app", "harmwatch_sealer"])
@pytest.mark.parametrize("column", ["feature = ''", "salt = NULL", "geometry = NULL", "grade = ''"])
def test_no_other_role_blanks_a_sealed_entry(incident, role, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"UPDATE feed_logentry SET {column}")


ALLOWED = {Role.LEAD_MONITOR, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [*Role, None])
def test_only_lead_monitors_and_administrators_may(client, incident, role):
    headers = bearer(make_member(role)) if role else {}
    version = Incident.objects.get(id=incident.id).version
    answer = client.post(
        f"/api/v1/incidents/{incident.id}/redact/",
        {"reason": "a name"},
        content_type="application/json",
        **headers,
        HTTP_IF_MATCH=f'"{version}"',
    )
    assert answer.status_code == (202 if role in ALLOWED else 403 if role else 401)
    told()
    assert bool(versions(incident)[0].feature) == (role not in ALLOWED)
    if role in ALLOWED:
        assert answer.json() == {"incident": str(incident.id), "version": version + 1}
        assert answer["ETag"] == f'"{version + 1}"'


@pytest.mark.parametrize(
    ("body", "if_match", "status"),
    [
        ({"reason": "x"}, None, 428),
        ({"reason": "x"}, '"1"', 412),
        ({"reason": "  "}, '"5"', 400),
        ({}, '"5"', 400),
        ({"reason": "x" * 5001}, '"5"', 400),
        ({"reason": "x", "versions": [1]}, '"5"', 400),
    ],
)
def test_bad_input(client, incident, body, if_match, status):
    headers = {"HTTP_IF_MATCH": if_match} if if_match else {}
    answer = client.post(
        f"/api/v1/incidents/{incident.id}/redact/",
        json.dumps(body),
        content_type="application/json",
        **bearer(make_member(Role.LEAD_MONITOR)),
        **headers,
    )
    assert answer.status_code == status
    assert "changes" not in answer.json()
    assert versions(incident)[0].feature


def test_services_refuse_too(incident):
    lead = make_actor(Role.LEAD_MONITOR)
    with pytest.raises(NotAllowed):
        incident_redact(actor=make_actor(Role.MONITOR), incident_id=incident.id, reason="x")
    with pytest.raises(InvalidInput):
        incident_redact(actor=lead, incident_id=incident.id, reason=" ")
    with pytest.raises(NotFound):
        incident_redact(actor=lead, incident_id=uuid7(), reason="x")


def test_the_command_redacts_at_once(incident):
    actor = make_member(Role.ADMINISTRATOR)
    call_command("redact_incident", str(incident.id), by=actor.user.email, reason="a name")
    assert versions(incident)[-1].change == "redacted"
    assert versions(incident)[-1].seq
    with pytest.raises(CommandError, match="Nobody"):
        call_command("redact_incident", str(incident.id), by="x@y.example", reason="a name")
    with pytest.raises(CommandError, match="reason"):
        call_command("redact_incident", str(incident.id), by=actor.user.email, reason=" ")


def test_the_number_at_a_time(incident):
    first, second = versions(incident)
    assert seq_at(Audience.PARTNER, first.sealed_at - timedelta(microseconds=1)) == 0
    assert seq_at(Audience.PARTNER, first.sealed_at) == 2  # its exposure is sealed with it
    assert seq_at(Audience.PARTNER, second.sealed_at - timedelta(microseconds=1)) == 2
    assert seq_at(Audience.PARTNER, second.sealed_at + timedelta(days=1)) == 4


def test_tiles_are_counted_and_drawn_anew(incident, client):
    seen = Incident.objects.get(id=incident.id)
    published()
    touched = TileTouch.objects.filter(audience=Audience.PARTNER)
    assert set(TileCell.objects.values_list("count", flat=True)) == {2}
    redacted(seen)
    assert set(TileCell.objects.values_list("count", flat=True)) == {1}
    newest = LogEntry.objects.filter(audience=Audience.PARTNER).order_by("-seq").first()
    assert set(touched.values_list("seq", flat=True)) == {newest.seq}
