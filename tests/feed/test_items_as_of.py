"""What stood yesterday, asked for today."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from tests.feed.making import ITEMS, entry

pytestmark = pytest.mark.usefixtures("db")
YESTERDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = (YESTERDAY + timedelta(hours=1)).isoformat().replace("+00:00", "Z")


def told(*changes):
    for gone, change, into in changes:
        LogEntry.objects.create(
            audience=Audience.PUBLIC,
            kind=Kind.INCIDENT,
            object_id=gone.object_id,
            object_version=9,
            change=change,
            merged_into=into,
            reason="" if into else "no longer supported",
        )
    seal()


@pytest.fixture
def yesterday():
    """Four incidents, sealed as 1 to 4."""
    with time_machine.travel(YESTERDAY, tick=True):
        made = [entry() for _number in range(4)]
        seal()
    return made


@pytest.mark.parametrize("as_of", [LATER, "2026-03-01", "4"])
def test_yesterday_s_bytes_after_all_that_came_since(client, yesterday, as_of):
    merged, regraded, goes, stays = yesterday
    pages = [f"{ITEMS}?as_of={as_of}&limit=3", f"{ITEMS}/{merged.object_id}?as_of={as_of}"]
    before = [client.get(page).content for page in pages]
    survivor = entry()
    told((merged, Change.MERGED_INTO, survivor.object_id), (goes, Change.WITHDRAWN, None))
    entry(object_id=regraded.object_id, version=2, change=Change.REGRADED)
    seal()
    assert [client.get(page).content for page in pages] == before
    walked = client.get(pages[0]).json()
    following = next(one["href"] for one in walked["links"] if one["rel"] == "next")
    seen = [*walked["features"], *client.get(following).json()["features"]]
    assert {one["id"] for one in seen} == {str(one.object_id) for one in yesterday}
    now = {one["id"] for one in client.get(ITEMS).json()["features"]}
    assert now == {str(one.object_id) for one in (regraded, stays, survivor)}


def test_what_is_gone_now_says_why_and_is_still_there_in_the_past(client, yesterday):
    goes = yesterday[2]
    told((goes, Change.WITHDRAWN, None))
    answer = client.get(f"{ITEMS}/{goes.object_id}")
    assert answer.status_code == 404
    problem = answer.json()
    assert (problem["change"], problem["reason"]) == ("withdrawn", "no longer supported")
    assert client.get(f"{ITEMS}/{goes.object_id}?as_of=4").status_code == 200


def test_what_comes_later_is_not_told_of_a_time_before_it(client, yesterday):
    late = entry()
    seal()
    told((late, Change.WITHDRAWN, None))
    problem = client.get(f"{ITEMS}/{late.object_id}?as_of=4").json()
    assert problem["status"] == 404
    assert "change" not in problem


@pytest.mark.parametrize("as_of", ["5", "9" * 30, "2999-01-01", "yesterday", "-1", "", "٤"])
def test_a_state_that_is_not_yet_is_refused(client, yesterday, as_of):
    for path in (ITEMS, f"{ITEMS}/{yesterday[0].object_id}"):
        answer = client.get(path, {"as_of": as_of})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "as_of"


def test_a_time_that_has_not_settled_is_refused(client, yesterday):
    with time_machine.travel(YESTERDAY + timedelta(minutes=1), tick=False):
        near = "2026-03-01T12:00:55Z"
        assert client.get(ITEMS, {"as_of": near}).status_code == 400
        assert client.get(ITEMS, {"as_of": "2026-03-01T12:00:40Z"}).status_code == 200


def test_a_cursor_of_another_state_is_refused(client, yesterday):
    page = client.get(f"{ITEMS}?as_of=4&limit=1").json()
    following = next(one["href"] for one in page["links"] if one["rel"] == "next")
    assert client.get(following).status_code == 200
    assert client.get(following.replace("as_of=4", "as_of=3")).status_code == 400
