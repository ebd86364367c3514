"""What an import says of itself: at which step it is, and nothing that cannot be."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents.models import ImportRun
from incidents.services.import_running import import_run
from tests.factories import make_actor, make_member
from tests.incidents.imports.files import (
    ALL_OR_NOTHING,
    FileReader,
    Sender,
    carry_out,
    start,
    table,
)


@pytest.fixture
def run(db):
    return start(make_actor(), table({}, {"latitude": "95"}))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"format": "exe"}, "import_format_is_known"),
        ({"rows_done": 3}, "import_not_beyond_its_end"),
        ({"rows_checked": 3}, "import_checked_to_its_end"),
        ({"new": 1, "known": 1, "refused": 1}, "import_counts_rows_it_has"),
        ({"total_rows": None}, "import_counts_rows_it_has"),
        ({"new": -1}, "new_check"),
        ({"finished_at": None}, "import_finished_when_it_ended"),
        ({"state": "running"}, "import_finished_when_it_ended"),
        ({"state": "waiting", "finished_at": timezone.now()}, "import_finished_when_it_ended"),
    ],
)
def test_the_database_refuses_what_cannot_be(run, change, constraint):
    carry_out(run)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportRun.objects.filter(id=run.id).update(**change)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [("storing", 0), ("storing", 100)]),
        ({"dry_run": True}, [("checking", 0), ("checking", 100)]),
        ({"mode": ALL_OR_NOTHING}, [("checking", 0), ("storing", 50), ("storing", 100)]),
    ],
)
def test_it_tells_at_which_step_it_is(db, asked, expected):
    run, told = start(make_actor(), table({}), **asked), []
    assert run.step() == ""
    import_run(
        run_id=run.id,
        reader=FileReader(),
        progress=lambda now: told.append((now.step(), now.percent())),
    )
    assert told == expected
    assert ImportRun.objects.get(id=run.id).step() == ""


def test_the_api_tells_it_too(db):
    sender = Sender(make_member())
    run_id = sender.send(table({})).json()["id"]
    ImportRun.objects.filter(id=run_id).update(state="running")
    answer = sender.get(f"{run_id}/").json()
    assert (answer["state"], answer["step"]) == ("running", "storing")
