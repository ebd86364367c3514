"""What was frozen to be published goes with the redaction; its hash, and the order to, stay."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Role
from core.canonical import canonical_json, sha256_hex
from feed.models import Audience, Kind, LogEntry
from feed.sealing import seal
from incidents.models import Publication
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident
from tests.feed.making import decided

pytestmark = pytest.mark.usefixtures("db")
SECRET = "Umm Ahmed's house"


def told():
    dispatch("feed.publish")
    seal()


def redact(incident):
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")


@pytest.fixture
def incident():
    """Two published versions that name a house."""
    incident = make_incident(title=SECRET)
    decided(incident)
    decided(incident)
    told()
    return incident


def snapshots(incident):
    rows = Publication.objects.filter(incident=incident).order_by("incident_version")
    return list(rows.values_list("snapshot", flat=True))


def test_all_before_are_emptied_and_those_after_are_whole(incident):
    redact(incident)
    decided(incident)
    *before, after = snapshots(incident)
    assert before == [{}, {}]
    assert after["title"] == SECRET  # monitors mend it first


def test_the_hash_stays_in_the_ledger(incident):
    hashes = [sha256_hex(canonical_json(snapshot)) for snapshot in snapshots(incident)]
    redact(incident)
    entries = AuditEntry.objects.filter(action="incident.published").order_by("data__version")
    assert [entry.data["snapshot_sha256"] for entry in entries] == hashes


def test_others_keep_theirs(incident):
    other = make_incident()
    decided(other)
    redact(incident)
    assert snapshots(other)[0]["title"]


def test_what_was_decided_and_not_written_yet_is_never_written():
    incident = make_incident(title=SECRET)
    decided(incident)
    redact(incident)
    told()
    assert not LogEntry.objects.filter(object_id=incident.id).exists()
    decided(incident)
    told()
    changes = LogEntry.objects.filter(
        object_id=incident.id, audience=Audience.PUBLIC, kind=Kind.INCIDENT
    )
    assert list(changes.values_list("change", flat=True)) == ["created"]


@pytest.mark.parametrize("role", ["harmwatch_app", "harmwatch_sealer"])
def test_no_other_role_empties_one(incident, role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE incidents_publication SET snapshot = '{}'")
        cursor.execute("RESET ROLE")
    assert all(snapshots(incident))


def test_without_an_entry_in_the_ledger_nothing_is_emptied(incident):
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
        connection.cursor().execute("SELECT record_redact(%s, 9)", [incident.id])
    assert all(snapshots(incident))
