"""Yesterday stays as it was in log, replay, releases and copies; but for what is redacted."""

import json
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role
from feed.changes import changes_after, digest_at
from feed.exposure import exposures_rescore
from feed.formats import FORMATS, columns_of
from feed.models import Audience, Change, Kind, LogEntry
from feed.releases import release_create, releases_make
from feed.sealing import seal
from feed.selectors import rows_standing, seq_at
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident
from tests.feed.making import decided, entry
from tests.support.mirror import mirror_program
from tests.support.web import serving

KINDS = {Kind.INCIDENT: "incidents", Kind.EXPOSURE: "exposure"}
YESTERDAY = timezone.now() - timedelta(days=1)


def sealed_entry(**options):
    made = entry(**options)
    seal()
    return made


@pytest.fixture
def releases_made(settings, tmp_path):
    """Return a function that gives what a release of a time holds, kind by kind."""
    settings.RELEASES_DIR = str(tmp_path / "releases")
    lead = make_actor(Role.LEAD_MONITOR)

    def held(name, as_of):
        from feed.models import Release

        if not Release.objects.filter(name=name).exists():
            release_create(actor=lead, name=name, audience=Audience.PUBLIC, as_of=as_of)
        releases_make()
        files = Release.objects.get(name=name).files.filter(superseded_at=None)
        paths = [files.get(name=f"{collection}.geojsons") for collection in KINDS.values()]
        folder = tmp_path / "releases"
        return b"".join(
            (folder / str(path.release_id) / path.sha256).read_bytes() for path in paths
        )

    return held


def as_logged(seq):
    return b"".join(
        chunk
        for kind in KINDS
        for chunk in FORMATS["geojsonseq"].chunks(
            rows_standing(Audience.PUBLIC, kind, seq), columns_of(kind, Audience.PUBLIC)
        )
    )


def as_sequence(features):
    return b"".join(b"\x1e" + feature.encode() + b"\n" for feature in features)


def as_replayed(seq):
    """Play the changes from the first to the one of that number."""
    standing = {}
    for line in changes_after(Audience.PUBLIC, 0, seq, ()).lines:
        change = json.loads(line)
        key = change["kind"], change["id"]
        standing.pop(key, None)
        if change["feature"]:
            standing[key] = line.partition(',"feature":')[2][:-1]
    return as_sequence([standing[key] for kind in KINDS for key in standing if key[0] == kind])


def as_copied(folder, seq):
    with closing(mirror_program().Copy(folder)) as copy:
        rows = copy.db.execute(
            "SELECT feature FROM entries WHERE seq <= :seq AND feature IS NOT NULL"
            " AND (closed_by IS NULL OR closed_by > :seq) ORDER BY kind DESC, seq",
            {"seq": seq},
        )
        return as_sequence([row["feature"] for row in rows])


def test_yesterday_s_bytes_are_the_same_everywhere_and_for_good(
    committed_db, releases_made, tmp_path
):
    with time_machine.travel(YESTERDAY, tick=True):
        named = make_incident(title="Umm Ahmed's house")
        decided(named)
        dispatch("feed.publish")
        seal()
        merged, regraded, goes, _stays = [sealed_entry() for _number in range(4)]
        sealed_entry(object_id=regraded.object_id, version=2, change=Change.UPDATED)
    seq = seq_at(Audience.PUBLIC, YESTERDAY + timedelta(hours=1))
    assert seq == 7  # with the exposure of the one that was published
    copy = tmp_path / "copy"

    def everywhere(url):
        assert mirror_program().main([url, str(copy)]) == 0
        found = {
            as_logged(seq),
            as_replayed(seq),
            releases_made("yesterday", YESTERDAY + timedelta(hours=1)),
            as_copied(copy, seq),
        }
        assert len(found) == 1
        return found.pop()

    with serving() as url:
        before, digest = everywhere(url), digest_at(Audience.PUBLIC, seq)
        assert before.count(b"\x1e") == 6
        exposures_rescore(Audience.PUBLIC)  # those written by hand have none yet
        seal()
        survivor = sealed_entry()
        for gone, change in ((merged, Change.MERGED_INTO), (goes, Change.WITHDRAWN)):
            into = survivor.object_id if change == Change.MERGED_INTO else None
            LogEntry.objects.create(
                audience=Audience.PUBLIC,
                kind=Kind.INCIDENT,
                object_id=gone.object_id,
                object_version=9,
                change=change,
                merged_into=into,
            )
        sealed_entry(object_id=regraded.object_id, version=3, change=Change.REGRADED)
        assert everywhere(url) == before
        lead = make_actor(Role.LEAD_MONITOR)
        incident_redact(actor=lead, incident_id=named.id, reason="a name")
        dispatch("feed.publish")
        seal()
        after = everywhere(url)
        # Of what was redacted nothing is left, of the others every byte.
        assert after == b"".join(
            b"\x1e" + part
            for part in before.split(b"\x1e")[1:]
            if str(named.id).encode() not in part
        )
        assert digest_at(Audience.PUBLIC, seq) == digest
