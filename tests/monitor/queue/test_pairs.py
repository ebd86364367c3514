"""Pairs side by side: merged, told apart, undone, split; nothing typed is lost."""

import pytest

from accounts.models import Role
from incidents.models import Incident, MatchSuggestion, MergeRecord, Report
from incidents.services.judging import incident_assess
from incidents.services.matching import matches_refresh
from tests.factories import make_actor, make_incident, make_member, merge_incidents
from tests.monitor.signing_in import signed_in


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR, name="Bob"))


@pytest.fixture
def match(db):
    one = make_incident()
    make_incident(title="Barrel bombs on Falluja", weapon="aerial_bomb")
    matches_refresh(incident_ids=[one.id])
    return MatchSuggestion.objects.get()


def merging(match, **changes):
    return {
        "into": match.one_id,
        "one_version": 1,
        "other_version": 1,
        "reason": "The same.",
    } | changes


def test_both_are_shown_field_by_field_with_what_differs(
    desk, match, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        answer = desk.get(f"/matches/{match.id}/")
    differing = {field["label"] for field in answer.context["fields"] if field["differs"]}
    assert differing == {"Title", "Weapon"}
    assert answer.context["map"].spots


def test_the_list_has_them_with_reasons(desk, match, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        answer = desk.get("/queue/matches/")
    assert f"/matches/{match.id}/" in answer.content.decode()
    assert answer.context["pairs"][0]["reasons"]


def test_they_are_merged_and_it_is_undone(desk, match):
    answer = desk.post(f"/matches/{match.id}/merge/", merging(match))
    assert answer["Location"] == f"/incidents/{match.one_id}/matches/"
    assert Incident.objects.get(id=match.other_id).merged_into_id == match.one_id
    merge = MergeRecord.objects.get()
    assert f"/merges/{merge.id}/undo/" in desk.get(answer["Location"]).content.decode()
    version = Incident.objects.get(id=match.one_id).version
    desk.post(f"/merges/{merge.id}/undo/", {"version": version, "reason": "No."})
    assert Incident.objects.get(id=match.other_id).merged_into_id is None


def test_a_pair_that_changed_meanwhile_is_shown_in_both_versions(desk, match):
    beth = make_actor(Role.MONITOR)
    incident_assess(actor=beth, incident_id=match.other_id, version=1, grade="weak", reason="One.")
    answer = desk.post(f"/matches/{match.id}/merge/", merging(match, reason="My words."))
    assert answer.status_code == 412
    assert answer.context["conflict"]["current"] == 2
    form = answer.context["merge"]
    assert form["reason"].value() == "My words."
    again = merging(match, other_version=form["other_version"].value())
    assert desk.post(f"/matches/{match.id}/merge/", again).status_code == 302


def test_they_are_told_apart_once(desk, match):
    path = f"/matches/{match.id}/dismiss/"
    assert desk.post(path, {"reason": "Two quarters."}).status_code == 302
    assert MatchSuggestion.objects.get().decision == "different"
    assert desk.post(path, {"reason": "Again."}).status_code == 409


def test_some_reports_get_an_incident_of_their_own(desk):
    incident, other = make_incident(), make_incident()
    moved = Report.objects.get(incident=other)
    merge_incidents(incident, other)
    path = f"/incidents/{incident.id}/split/"
    version = Incident.objects.get(id=incident.id).version
    answer = desk.post(path, {"version": version, "reports": [], "reason": "Two."})
    assert answer.status_code == 400
    desk.post(path, {"version": version, "reports": [moved.id], "reason": "Two."})
    moved.refresh_from_db()
    assert moved.incident_id not in {incident.id, other.id}


def test_an_undoing_that_comes_too_late_says_so_where_the_words_are_kept(desk):
    incident, other = make_incident(), make_incident()
    merge = merge_incidents(incident, other)
    answer = desk.post(f"/merges/{merge.id}/undo/", {"version": 1, "reason": "No."})
    assert answer.status_code == 412
    assert "No." in answer.content.decode()


@pytest.mark.parametrize("part", ["", "merge/", "dismiss/"])
def test_outsiders_are_turned_away(match, client, part):
    path = f"/matches/{match.id}/{part}"
    assert client.post(path)["Location"].startswith("/account/login/")
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert signed_in(make_member(role)).post(path, merging(match)).status_code == 403
    assert MatchSuggestion.objects.get().decision is None


def test_outsiders_neither_split_nor_undo(db, client):
    incident, other = make_incident(), make_incident()
    merge = merge_incidents(incident, other)
    for path in (f"/incidents/{incident.id}/split/", f"/merges/{merge.id}/undo/"):
        for caller in (client, signed_in(make_member(Role.SUBMITTER))):
            assert caller.post(path, {"version": 2, "reason": "x"}).status_code in {302, 403}
    assert MergeRecord.objects.get().undone_at is None
