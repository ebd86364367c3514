"""What others do while a file is imported: send it too, merge what it opened, take a role away."""

import json

import pytest

from accounts.models import Membership, Organisation, Role
from incidents.models import ImportRun, Incident, Report
from incidents.services import import_running
from incidents.services.import_running import import_run
from incidents.services.merging import incident_merge
from tests.factories import make_actor, make_member
from tests.incidents.imports.files import (
    ALL_OR_NOTHING,
    FileReader,
    Sender,
    carry_out,
    counts,
    killed,
    start,
    table,
)
from tests.support.at_once import at_once

DIE = "tests.support.children.import_and_die"
WHEN = "tests.support.children.import_when"
ROWS = 60


def carried_out_at_once(start_child, folder, *runs):
    """Carry out imports in processes that begin at one moment; return what became of each."""
    go = folder / "go"
    children = [start_child(WHEN, go, run.id) for run in runs]
    for number, child in enumerate(children, start=1):
        child.wait_until(
            lambda number=number: len(list(folder.glob("*.ready"))) >= number, "all are ready"
        )
    go.touch()
    return [child.result().strip() for child in children]


def test_the_same_file_sent_many_times_at_once_is_one_import(committed_db, imports_folder):
    alice, content = make_member(), table(numbers=3)
    bob = make_member(organisation=Organisation.objects.get())
    senders = [Sender(alice), Sender(bob), Sender(alice), Sender(bob)]
    answers = []
    at_once(*(lambda one=one: answers.append(one.send(content)) for one in senders))

    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    run = carry_out(ImportRun.objects.get())
    assert counts(run) == (3, 0, 0)
    assert list(imports_folder.iterdir()) == []


def test_one_import_carried_out_by_two_at_once_comes_once(committed_db, start_child, tmp_path):
    run = start(make_actor(), table(numbers=ROWS))
    carried_out_at_once(start_child, tmp_path, run, run)
    assert counts(carry_out(run)) == (ROWS, 0, 0)
    assert Report.objects.count() == Incident.objects.count() == ROWS


def test_the_same_rows_in_two_imports_at_once_come_once(committed_db, start_child, tmp_path):
    actor, content = make_actor(), table(numbers=ROWS)
    runs = [start(actor, content), start(actor, content + b"\n")]
    assert carried_out_at_once(start_child, tmp_path, *runs) == ["done", "done"]
    done = [ImportRun.objects.get(id=run.id) for run in runs]
    assert sum(run.new for run in done) == sum(run.known for run in done) == ROWS
    assert Report.objects.count() == Incident.objects.count() == ROWS


def test_what_a_killed_import_opened_can_be_merged_before_it_goes_on(committed_db, start_child):
    run = start(make_actor(), table(numbers=200))
    assert killed(start_child(DIE, run.id, 101), run)
    one, two, *_others = Incident.objects.order_by("id")
    record = incident_merge(
        actor=make_actor(Role.MONITOR),
        into_id=one.id,
        from_ids=[two.id],
        versions={one.id: one.version, two.id: two.version},
        reason="The same strike.",
    )

    assert counts(carry_out(run)) == (200, 0, 0)
    assert Report.objects.count() == Incident.objects.count() == 200
    assert Incident.objects.get(id=two.id).merged_into_id == one.id
    assert Report.objects.filter(incident_id=one.id).count() == 2
    assert record.undone_at is None


@pytest.mark.parametrize(("mode", "kept"), [("good_rows", 2), (ALL_OR_NOTHING, 0)])
def test_who_loses_the_role_half_way_imports_no_further(db, monkeypatch, mode, kept):
    actor = make_actor()
    run = start(actor, table(numbers=6), mode=mode)
    monkeypatch.setattr(import_running, "CHUNK", 2)

    def take_away(now):
        if now.rows_done == 2:
            Membership.objects.filter(user_id=actor.id).update(role=Role.PARTNER)

    import_run(run_id=run.id, reader=FileReader(), progress=take_away)

    run = ImportRun.objects.get(id=run.id)
    assert (run.state, run.error) == ("failed", "Who sent the file may import no longer.")
    assert Report.objects.count() == kept
    assert (run.rows_done, run.new) == (kept, kept)


def test_a_mapping_that_another_organisation_saved_helps_nobody_else(db):
    alice, charlie = Sender(make_member()), Sender(make_member())
    content = table({}).replace(b"latitude", b"y_coord")
    refused = alice.send(content).json()
    mapping = refused["suggested_mapping"] | {"latitude": "y_coord"}
    assert alice.send(content, mapping=json.dumps(mapping)).status_code == 202
    assert alice.send(content, dry_run="true").status_code == 202
    assert charlie.send(content).status_code == 400
