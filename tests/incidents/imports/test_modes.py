"""Good rows, all or nothing, and dry runs: what is stored, and what is told."""

import pytest

from incidents.models import Claim, Incident, RejectedRow, Report
from incidents.selectors.imports import rejected_errors
from ledger.consumers import consumers_of
from ledger.models import AuditEntry, Delivery, DomainEvent
from tests.factories import make_actor
from tests.incidents.imports.files import (
    ALL_OR_NOTHING,
    CLAIMS,
    carry_out,
    counts,
    imported,
    start,
    table,
)

BAD = {"latitude": "95"}


@pytest.fixture
def actor(db):
    return make_actor()


def test_good_rows_are_taken_and_the_others_are_told(actor):
    run = imported(actor, table({}, BAD, {}))
    assert (run.state, run.total_rows, run.rows_done, run.percent()) == ("done", 3, 3, 100)
    assert counts(run) == (2, 0, 1)
    ((number, (error,)),) = rejected_errors(run)
    assert (number, error.row, error.field) == (2, 2, "latitude")
    assert Report.objects.count() == 2


def test_a_row_is_stored_with_all_that_belongs_to_it(actor):
    imported(actor, table(numbers=3))
    assert Incident.objects.count() == 3
    assert Claim.objects.count() == 3 * CLAIMS
    received = AuditEntry.objects.filter(action="report.received")
    opened = DomainEvent.objects.filter(kind="incident.opened")
    assert received.count() == opened.count() == 3
    consumers = consumers_of("incident.opened")
    assert Delivery.objects.filter(event__in=opened).count() == 3 * len(consumers)


def test_all_or_nothing_stores_nothing_for_one_bad_row(actor):
    run = imported(actor, table({}, BAD, {}, BAD), mode=ALL_OR_NOTHING)
    assert (run.state, *counts(run)) == ("done", 0, 0, 2)
    assert list(RejectedRow.objects.values_list("number", flat=True)) == [2, 4]
    assert not Report.objects.exists()


def test_all_or_nothing_stores_a_whole_file(actor):
    run = imported(actor, table(numbers=3), mode=ALL_OR_NOTHING)
    assert (run.state, *counts(run), run.percent()) == ("done", 3, 0, 0, 100)
    assert Report.objects.count() == 3


@pytest.mark.parametrize("mode", ["good_rows", ALL_OR_NOTHING])
def test_a_dry_run_tells_the_same_and_stores_nothing(actor, mode):
    imported(actor, table({}))
    run = imported(actor, table({}, BAD, {}, {"id": "3"}), mode=mode, dry_run=True)
    assert (run.state, *counts(run)) == ("done", 1, 2, 1)
    assert Report.objects.count() == 1


@pytest.mark.parametrize("mode", ["good_rows", ALL_OR_NOTHING])
def test_a_row_that_is_there_twice_is_stored_once(actor, mode):
    run = imported(actor, table({}, {"id": "1"}, {}), mode=mode)
    assert counts(run) == (2, 1, 0)
    assert Report.objects.count() == 2


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_same_id_with_other_content_in_one_file_is_refused(actor, dry_run):
    run = imported(actor, table({}, {"id": "1", "best": "9", "high": "9"}), dry_run=dry_run)
    assert counts(run) == (1, 0, 1)
    ((number, (error,)),) = rejected_errors(run)
    assert (number, error.code) == (2, "conflict")


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("chunk", [1, 2])
def test_chunks_make_no_difference(actor, monkeypatch, chunk, dry_run):
    monkeypatch.setattr("incidents.services.import_running.CHUNK", chunk)
    run = imported(
        actor, table({}, {}, BAD, {"id": "1"}, {"id": "2", "best": "9"}), dry_run=dry_run
    )
    assert counts(run) == (2, 1, 2)


def test_two_organisations_may_send_the_same_file(actor):
    imported(actor, table({}))
    assert counts(imported(make_actor(), table({}))) == (1, 0, 0)
    assert Report.objects.count() == 2


def test_a_file_is_deleted_when_all_of_it_was_taken(
    actor, imports_folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        whole = imported(actor, table({}))
    kept = imported(actor, table({}, BAD))
    assert whole.storage_name == ""
    assert [file.name for file in imports_folder.iterdir()] == [kept.storage_name]


def test_an_import_of_one_who_left_fails_and_says_so(actor):
    from accounts.models import Membership

    run = start(actor, table({}))
    Membership.objects.filter(user_id=actor.id).update(ended_at=run.created_at)
    run = carry_out(run)
    assert run.state == "failed"
    assert run.error == "Who sent the file may import no longer."
    assert not Report.objects.exists()


def test_an_import_that_dies_each_time_is_given_up(actor, monkeypatch):
    def die(**options):
        raise MemoryError

    run = start(actor, table({}))
    monkeypatch.setattr("incidents.services.import_running.chunk_store", die)
    for _ in range(5):
        with pytest.raises(MemoryError):
            carry_out(run)
    run = carry_out(run)
    assert (run.state, run.error) == ("failed", "It was begun 5 times and got nowhere.")
