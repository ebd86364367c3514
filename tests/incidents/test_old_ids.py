"""An old id leads to the incident it lives on in, at every address; nothing is written under it."""

import pytest

from tests.factories import make_incident
from tests.incidents.judging import based_on, fresh, merge, undo, url

READ = ["", "timeline/", "exposure/", "proof/", "comments/", "matches/", "looking/"]
WHY = {"reason": "Because."}
WRITTEN = {
    "assessments/": {"grade": "fair"} | WHY,
    "publish/": {},
    "triage/": {"step": "triage"},
    "withdraw/": WHY,
    "responses/": {"party": "Army", "stance": "denied", "quote": "No."},
    "comments/": {"text": "Look."},
}


@pytest.fixture
def merged(bob):
    """The one that is left, the old one, and the merge."""
    survivor, old = make_incident(), make_incident()
    bob.post(url(old, "comments/"), {"text": "Of the old one."})
    bob.put(url(old, "assignment/"), {"user": str(bob.membership.user_id)})
    record = merge(bob, survivor, old).json()
    return survivor, old, record


@pytest.mark.parametrize("step", READ)
def test_what_is_read_of_it_is_read_of_the_one_that_is_left(bob, merged, step):
    survivor, old, _ = merged
    answer = bob.get(url(old, step) + "?limit=1")
    assert answer.status_code == 308
    assert answer["Location"].endswith(url(survivor, step) + "?limit=1")


def test_who_looks_at_it_looks_at_the_one_that_is_left(bob, merged):
    survivor, old, _ = merged
    answer = bob.put(url(old, "looking/"))
    assert (answer.status_code, answer.json()) == (308, {"merged_into": str(survivor.id)})


@pytest.mark.parametrize("step", WRITTEN)
def test_nothing_is_written_under_it(bob, merged, step):
    survivor, old, _ = merged
    answer = bob.post(url(old, step), WRITTEN[step], **based_on(fresh(old).version))
    assert (answer.status_code, answer.json()["merged_into"]) == (409, str(survivor.id))


def test_neither_is_it_given_to_somebody(bob, merged):
    survivor, old, _ = merged
    path, to_bob = url(old, "assignment/"), {"user": str(bob.membership.user_id)}
    for answer in (bob.put(path, to_bob), bob.delete(path)):
        assert (answer.status_code, answer.json()["merged_into"]) == (409, str(survivor.id))


def test_what_was_said_of_it_is_read_with_the_one_that_is_left_and_goes_back(bob, merged):
    survivor, old, record = merged

    def texts(incident):
        return [row["text"] for row in bob.get(url(incident, "comments/")).json()["results"]]

    assert texts(survivor) == ["Of the old one."]
    assert undo(bob, record, survivor).status_code == 200
    assert (texts(survivor), texts(old)) == ([], ["Of the old one."])


def test_the_queue_shows_it_once_and_to_whom_it_was_given_once_it_is_back(bob, merged):
    survivor, old, record = merged
    mine = "/api/v1/incidents/?assigned_to=me"
    assert bob.get(mine).json()["results"] == []
    assert [row["id"] for row in bob.get("/api/v1/incidents/").json()["results"]] == [
        str(survivor.id)
    ]
    undo(bob, record, survivor)
    assert [row["id"] for row in bob.get(mine).json()["results"]] == [str(old.id)]
