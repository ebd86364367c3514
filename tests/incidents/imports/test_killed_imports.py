"""An import that was killed goes on where it was: nothing lost, nothing twice."""

from datetime import timedelta

import pytest

from incidents.models import Claim, ImportRun, Incident, RejectedRow, Report, Source
from incidents.selectors.imports import imports_to_carry_out, rejected_errors
from incidents.services.imports import imports_sweep
from ledger.consumers import consumers_of
from ledger.models import AuditEntry, Delivery, DomainEvent
from tests.factories import make_actor
from tests.incidents.imports.files import (
    ALL_OR_NOTHING,
    CLAIMS,
    SOURCES,
    carry_out,
    counts,
    killed,
    start,
    table,
)
from tests.support.processes import wait_until

DIE = "tests.support.children.import_and_die"
WAIT = "tests.support.children.import_and_wait"
ROWS, GOOD = 1000, 990


def content():
    """Return a thousand rows, each hundredth bad."""
    return table(*({"latitude": "95"} if n % 100 == 7 else {} for n in range(ROWS)))


def fresh(run):
    return ImportRun.objects.get(id=run.id)


def long_ago(run):
    ImportRun.objects.filter(id=run.id).update(created_at=run.created_at - timedelta(minutes=1))


def assert_all_is_there_once():
    assert Report.objects.count() == Incident.objects.count() == GOOD
    assert Source.objects.count() == GOOD * SOURCES
    assert Claim.objects.count() == GOOD * CLAIMS
    assert AuditEntry.objects.filter(action="report.received").count() == GOOD
    assert DomainEvent.objects.count() == GOOD
    assert Delivery.objects.count() == GOOD * len(consumers_of("incident.opened"))


def test_killed_at_half_and_resumed_it_gives_exact_counts(committed_db, start_child):
    run = start(make_actor(), content())
    assert killed(start_child(DIE, run.id, ROWS // 2 + 1), run)

    half = fresh(run)
    assert (half.state, half.rows_done, half.percent()) == ("running", 500, 50)
    assert counts(half) == (495, 0, 5)
    assert Report.objects.count() == 495
    assert RejectedRow.objects.count() == 5

    whole = carry_out(run)
    assert (whole.state, whole.rows_done) == ("done", ROWS)
    assert counts(whole) == (GOOD, 0, 10)
    assert [number for number, _ in rejected_errors(run)] == list(range(8, ROWS, 100))
    assert_all_is_there_once()


def test_killed_again_and_again_it_comes_to_its_end(committed_db, start_child):
    run = start(make_actor(), content())
    for row in (51, 401, 751, ROWS):
        assert killed(start_child(DIE, run.id, row), run)
    assert counts(carry_out(run)) == (GOOD, 0, 10)
    assert_all_is_there_once()


def test_all_or_nothing_killed_at_half_leaves_nothing_and_then_stores_all(
    committed_db, start_child
):
    run = start(make_actor(), table(numbers=200), mode=ALL_OR_NOTHING)
    assert killed(start_child(DIE, run.id, 101), run)
    assert not Report.objects.exists()
    assert counts(carry_out(run)) == (200, 0, 0)
    assert Report.objects.count() == 200


def test_what_somebody_is_at_is_left_to_them(committed_db, start_child, tmp_path):
    go = tmp_path / "go"
    run = start(make_actor(), table(numbers=10))
    long_ago(run)
    assert imports_to_carry_out() == [run.id]
    child = start_child(WAIT, run.id, go)
    child.wait_until((tmp_path / "go.started").exists, "the import has begun")

    assert imports_to_carry_out() == []
    assert carry_out(run).state == "running"

    child.kill()
    wait_until(lambda: imports_to_carry_out() == [run.id], "its lock has fallen")
    assert counts(carry_out(run)) == (10, 0, 0)
    assert imports_to_carry_out() == []


@pytest.mark.celery
def test_the_sweep_has_a_worker_go_on(committed_db, start_child, celery_worker):
    run = start(make_actor(), content())
    long_ago(run)
    assert killed(start_child(DIE, run.id, ROWS // 2 + 1), run)
    celery_worker("imports")

    imports_sweep()

    wait_until(lambda: fresh(run).state == "done", "the import is done")
    assert_all_is_there_once()
