"""What monitors say to each other stays inside and is never changed."""

import pytest
from django.db import DatabaseError, transaction

from accounts.actors import actor_of
from accounts.models import Role
from core.errors import NotAllowed
from incidents.models import Comment
from incidents.services.comments import comment_add
from incidents.snapshots import snapshot_of
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, merge, undo, url


def comment(client, incident, text="Look at the second video.", **more):
    return client.post(url(incident, "comments/"), {"text": text} | more)


def texts(client, incident):
    rows = client.get(url(incident, "comments/")).json()["results"]
    return [row["text"] for row in rows]


def test_comments_are_listed_the_oldest_first(bob, beth):
    incident = make_incident()
    first = comment(bob, incident, "One.")
    assert first.status_code == 201, first.content
    comment(beth, incident, "Two.")
    assert texts(bob, incident) == ["One.", "Two."]
    assert first.json()["written_by"]["name"] == bob.membership.user.name
    page = bob.get(url(incident, "comments/") + "?limit=1").json()
    assert [row["text"] for row in bob.get(page["next"]).json()["results"]] == ["Two."]


def test_a_comment_changes_nothing_of_the_incident_and_its_words_stay_out_of_the_ledger(bob):
    incident = make_incident()
    comment(bob, incident, "The witness is a cousin.")
    assert fresh(incident).version == 1
    entry = AuditEntry.objects.get(action="incident.commented")
    assert entry.data == {"comment": str(Comment.objects.get().id), "replaces": None}
    assert "cousin" not in str(snapshot_of(fresh(incident)))


def test_a_correction_is_a_newer_comment_of_one_s_own(bob, beth):
    incident = make_incident()
    old = comment(bob, incident, "Tow videos.").json()["id"]
    assert comment(beth, incident, "Mine now.", replaces=old).status_code == 400
    new = comment(bob, incident, "Two videos.", replaces=old)
    assert (new.status_code, new.json()["replaces"]) == (201, old)
    assert texts(bob, incident) == ["Tow videos.", "Two videos."]
    assert comment(bob, incident, "Again.", replaces=old).status_code == 409


def test_a_comment_on_another_incident_is_not_replaced(bob):
    elsewhere = comment(bob, make_incident()).json()["id"]
    answer = comment(bob, make_incident(), replaces=elsewhere)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "replaces")


def test_the_database_keeps_comments_as_they_are(bob, beth):
    incident = make_incident()
    old = comment_add(actor=actor_of(bob.membership), incident_id=incident.id, text="One.")
    for change in (
        lambda: Comment.objects.update(text="Other."),
        lambda: Comment.objects.all().delete(),
        lambda: Comment.objects.create(
            incident=incident, text="x", written_by_id=beth.membership.user_id, replaces=old
        ),
        lambda: Comment.objects.create(
            incident=make_incident(), text="x", written_by_id=old.written_by_id, replaces=old
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Comment.objects.get().text == "One."


def test_what_was_said_of_a_merged_incident_is_found_from_the_one_it_lives_on_in(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    old = comment(bob, one, "Of one.").json()["id"]
    record = merge(bob, two, one).json()
    outer = merge(bob, three, two).json()
    comment(bob, three, "Of three.")
    assert texts(bob, three) == ["Of one.", "Of three."]
    assert comment(bob, one, "Too late.").status_code == 409
    assert comment(bob, three, "Better.", replaces=old).status_code == 201
    assert bob.get(url(one, "comments/"))["Location"].endswith(url(three, "comments/"))
    undo(bob, outer, three)
    undo(bob, record, two)
    assert texts(bob, one) == ["Of one."]


def test_what_was_replaced_while_merged_can_be_replaced_again_once_that_is_undone(bob):
    one, two = make_incident(), make_incident()
    old = comment(bob, one, "Of one.").json()["id"]
    record = merge(bob, two, one).json()
    comment(bob, two, "Of both.", replaces=old)
    undo(bob, record, two)
    assert comment(bob, one, "Of one alone.", replaces=old).status_code == 201
    assert comment(bob, one, "Again.", replaces=old).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": " \n"},
        {"text": "x" * 20_001},
        {"text": "a\x00b"},
        {"text": None},
        {"text": ["x"]},
        {},
        {"text": "x", "incident": "y"},
        {"text": "x", "replaces": "y"},
    ],
)
def test_a_bad_comment_is_refused(bob, body):
    assert bob.post(url(make_incident(), "comments/"), body).status_code == 400
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_read_nor_write(bob, role):
    incident, outsider = make_incident(), ApiClient(make_member(role))
    comment(bob, incident)
    assert outsider.get(url(incident, "comments/")).status_code == 403
    assert comment(outsider, incident).status_code == 403
    with pytest.raises(NotAllowed):
        comment_add(actor=make_actor(role), incident_id=incident.id, text="x")


def test_nothing_is_said_of_what_is_not_there(bob):
    nowhere = "00000000-0000-0000-0000-000000000000"
    assert comment(bob, nowhere).status_code == 404
    assert bob.get(url(nowhere, "comments/")).status_code == 404
