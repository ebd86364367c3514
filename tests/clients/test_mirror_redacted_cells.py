"""A copy loses the versions of risk cells that named what was redacted, and no others."""

import json
import sqlite3
from uuid import uuid4

import pytest

from accounts.models import Role
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident
from tests.feed.making import published
from tests.support.mirror import mirror_program
from tests.support.web import serving


@pytest.fixture
def url(committed_db):
    with serving() as url:
        yield url


def cell(object_id, version, *incidents):
    """Write one version of a cell that gives these incidents as reasons."""
    reasons = [str(one.id) for one in incidents]
    feature = {"id": str(object_id), "properties": {"license": "CC0", "reasons": reasons}}
    LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=Kind.RISK_CELL,
        object_id=object_id,
        object_version=version,
        change=Change.UPDATED,
        feature=json.dumps(feature),
    )
    seal()


def copied(folder):
    with sqlite3.connect(folder / "harmwatch.sqlite") as db:
        return db.execute("SELECT seq, feature FROM entries ORDER BY seq").fetchall()


def test_a_copy_from_before_and_one_from_after_hold_what_the_server_holds(url, tmp_path):
    program = mirror_program()
    incident, other = published(make_incident()), published(make_incident())
    named_now, named_once, never = uuid4(), uuid4(), uuid4()
    cell(named_once, 1, incident)
    cell(named_once, 2, other)
    cell(named_now, 1, other)
    cell(named_now, 2, other, incident)
    cell(never, 1, other)
    before, after = tmp_path / "before", tmp_path / "after"
    assert program.main([url, str(before)]) == 0
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    dispatch("feed.publish")
    seal()
    held = LogEntry.objects.filter(audience=Audience.PUBLIC).order_by("seq")
    expected = [(seq, text or None) for seq, text in held.values_list("seq", "feature")]
    for folder in (before, after):
        assert program.main([url, str(folder), "--check"]) == 0
        assert copied(folder) == expected
        for path in folder.iterdir():
            assert f'["{incident.id}"]'.encode() not in path.read_bytes(), path
    shown = (before / "risk_cell.geojsonl").read_text()
    assert str(never) in shown
    assert str(named_now) not in shown
    texts = [text for _seq, text in expected if text and '"reasons"' in text]
    assert len(texts) == 3  # the second of one, the first of another, and the third
