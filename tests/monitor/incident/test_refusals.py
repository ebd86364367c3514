"""A form that was refused: told at the top, leading to it, in a room that stays marked."""

import pytest

from accounts.models import Role
from tests.factories import make_incident, make_member
from tests.monitor.signing_in import signed_in


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR, name="Bob"))


def test_it_is_told_at_the_top_where_to_look(desk):
    answer = desk.post(f"/incidents/{make_incident().id}/grade/", {"version": 1, "grade": "fair"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.index('<a href="#grade">go there</a>') < page.index("<h1")


def test_a_conflict_leads_to_what_was_typed(desk):
    incident = make_incident()
    typed = {"version": 1, "grade": "fair", "reason": "Two agree."}
    assert desk.post(f"/incidents/{incident.id}/grade/", typed).status_code == 302
    page = desk.post(f"/incidents/{incident.id}/grade/", typed).content.decode()
    assert '<a href="#grade">To what you typed</a>' in page


def test_a_day_is_told_once(desk):
    page = desk.get(f"/incidents/{make_incident().id}/").content.decode()
    assert '">2014-05-11 00:00</time> – <time' in page
    assert '">23:59</time> UTC' in page


def test_old_comments_and_assessments_are_folded_so_that_the_forms_stay_near(desk):
    incident = make_incident()
    for number in range(7):
        desk.post(f"/incidents/{incident.id}/comment/", {"text": f"Thought {number}"})
    for number, grade in enumerate(["fair", "weak", "fair", "weak"], 1):
        typed = {"version": number, "grade": grade, "reason": f"Round {number}"}
        desk.post(f"/incidents/{incident.id}/grade/", typed)
    answer = desk.get(f"/incidents/{incident.id}/")
    page = answer.content.decode()
    assert [one.text for one in answer.context["comments"]] == [f"Thought {n}" for n in range(2, 7)]
    assert page.count("<summary>Earlier ones (") == 2
    assert all(f"Thought {number}" in page for number in range(7))
    assert all(f"Round {number}" in page for number in range(1, 5))
