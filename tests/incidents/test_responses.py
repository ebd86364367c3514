"""What a party to the conflict answers, and what it concedes."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Role
from core.errors import InvalidInput, InvalidTransition, NotAllowed, StaleVersion
from incidents.models import Response
from incidents.services.responses import Conceded, ResponseDraft, response_record
from incidents.snapshots import snapshot_of
from incidents.vocab import CivilianStatus, Outcome, Stance
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import based_on, fresh, merge, undo, url

DENIAL = {"party": "Ministry of Defence", "stance": "denied", "url": "https://mod.example/1"}
ADMISSION = {
    "party": "Ministry of Defence",
    "stance": "partly",
    "conceded": [{"outcome": "killed", "civilian_status": "civilian", "best": 2}],
    "quote": "Two civilians died.",
    "url": "https://mod.example/2",
    "published_on": "2014-06-01",
}


def respond(client, incident, body=DENIAL, version=None, **more):
    seen = fresh(incident).version if version is None else version
    return client.post(url(incident, "responses/"), body | more, **based_on(seen))


def test_a_denial_makes_a_version_and_leaves_the_grade(bob):
    incident = make_incident()
    answer = respond(bob, incident)
    assert answer.status_code == 201, answer.content
    assert answer["ETag"] == '"2"'
    assert (fresh(incident).version, fresh(incident).grade) == (2, "")
    assert fresh(incident).state == "new"
    entry = AuditEntry.objects.get(action="incident.response_recorded")
    assert (entry.data["stance"], entry.data["version"]) == ("denied", 2)
    # No place has changed: nothing is to be scored anew.
    assert not DomainEvent.objects.filter(object_id=incident.id, kind="incident.changed").exists()


def test_conceded_figures_are_shown_and_never_counted(bob):
    incident = make_incident()
    counted = fresh(incident).casualties
    respond(bob, incident, ADMISSION)
    assert fresh(incident).casualties == counted
    assert fresh(incident).independent_sources == 2
    (shown,) = bob.get(url(incident)).json()["responses"]
    assert shown["conceded"] == [
        {
            "outcome": "killed",
            "civilian_status": "civilian",
            "minimum": None,
            "best": 2,
            "maximum": None,
        }
    ]
    assert (shown["recorded_by"], shown["stands"]) == (bob.membership.user.name, True)
    (frozen,) = snapshot_of(fresh(incident))["responses"]
    assert set(frozen) == {"party", "stance", "conceded", "url", "published_on"}


def test_a_newer_response_replaces_an_older_one(bob, beth):
    incident = make_incident()
    old = respond(bob, incident).json()["id"]
    assert respond(beth, incident, ADMISSION, replaces=old).status_code == 201
    shown = bob.get(url(incident)).json()["responses"]
    assert [(row["stance"], row["stands"]) for row in shown] == [
        ("denied", False),
        ("partly", True),
    ]
    assert [row["stance"] for row in snapshot_of(fresh(incident))["responses"]] == ["partly"]
    assert respond(bob, incident, replaces=old).status_code == 409
    assert respond(bob, make_incident(), replaces=old).status_code == 400


def test_a_response_to_a_merged_incident_is_one_to_the_incident_it_lives_on_in(bob):
    one, two = make_incident(), make_incident()
    respond(bob, one)
    record = merge(bob, two, one).json()
    assert len(snapshot_of(fresh(two))["responses"]) == 1
    assert respond(bob, one).status_code == 409
    respond(bob, two, ADMISSION)
    undo(bob, record, two)
    assert [row["stance"] for row in bob.get(url(one)).json()["responses"]] == ["denied"]
    assert [row["stance"] for row in bob.get(url(two)).json()["responses"]] == ["partly"]


def test_what_was_replaced_while_merged_stands_again_once_that_is_undone(bob):
    one, two = make_incident(), make_incident()
    old = respond(bob, one).json()["id"]
    record = merge(bob, two, one).json()
    respond(bob, two, ADMISSION, replaces=old)
    assert [row["stance"] for row in snapshot_of(fresh(two))["responses"]] == ["partly"]
    undo(bob, record, two)
    assert [row["stance"] for row in snapshot_of(fresh(one))["responses"]] == ["denied"]
    assert [row["stance"] for row in snapshot_of(fresh(two))["responses"]] == ["partly"]


def test_and_can_be_replaced_there_again(bob):
    one, two = make_incident(), make_incident()
    old = respond(bob, one).json()["id"]
    record = merge(bob, two, one).json()
    respond(bob, two, ADMISSION, replaces=old)
    assert respond(bob, two, replaces=old).status_code == 409
    undo(bob, record, two)
    assert respond(bob, one, stance="no_comment", replaces=old).status_code == 201
    assert respond(bob, one, replaces=old).status_code == 409
    for incident, stance in ((one, "no_comment"), (two, "partly")):
        assert [row["stance"] for row in snapshot_of(fresh(incident))["responses"]] == [stance]
    merge(bob, two, one)
    stances = [row["stance"] for row in snapshot_of(fresh(two))["responses"]]
    assert stances == ["partly", "no_comment"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"party": " "}, "party"),
        ({"stance": "sorry"}, "stance"),
        ({"url": "", "quote": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://x y"}, "url"),
        ({"url": "https://x/" + "y" * 2000}, "url"),
        ({"quote": "x" * 20_001}, "quote"),
        ({"published_on": "2014-02-30"}, "published_on"),
        ({"published_on": "9999-12-31"}, "published_on"),
        ({"replaces": "x"}, "replaces"),
        ({"stance": "denied"}, "conceded"),
        ({"conceded": [{"outcome": "killed"}]}, "conceded[0]"),
        ({"conceded": [{"outcome": "killed", "best": -1}]}, "conceded[0].best"),
        ({"conceded": [{"outcome": "killed", "best": 10**9}]}, "conceded[0].best"),
        ({"conceded": [{"outcome": "killed", "minimum": 3, "best": 2}]}, "conceded[0].minimum"),
        ({"conceded": [{"outcome": "killed", "best": 1}] * 2}, "conceded[1]"),
        ({"conceded": [{"outcome": "killed", "best": 1, "sex": "male"}]}, "conceded[0].sex"),
        ({"grade": "contested"}, "grade"),
    ],
)
def test_a_bad_response_is_refused_by_field(bob, changes, field):
    answer = respond(bob, make_incident(), ADMISSION | changes)
    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert Response.objects.count() == 0


def test_silence_needs_no_trace(bob):
    body = {"party": "Ministry of Defence", "stance": "no_comment"}
    assert respond(bob, make_incident(), body).status_code == 201


def test_a_version_is_demanded_and_an_old_one_refused(bob):
    incident = make_incident()
    assert bob.post(url(incident, "responses/"), DENIAL).status_code == 428
    respond(bob, incident)
    assert respond(bob, incident, version=1).status_code == 412


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_record_nothing(db, role):
    incident = make_incident()
    assert respond(ApiClient(make_member(role)), incident).status_code == 403
    with pytest.raises(NotAllowed):
        response_record(
            actor=make_actor(role),
            incident_id=incident.id,
            version=1,
            draft=ResponseDraft(party="P", stance=Stance.NO_COMMENT),
        )


def test_the_service_raises_what_it_says(db):
    bob, one, two = make_actor(Role.MONITOR), make_incident(), make_incident()
    silence = ResponseDraft(party="P", stance=Stance.NO_COMMENT)
    conceding = ResponseDraft("P", Stance.DENIED, [Conceded(Outcome.KILLED, best=1)], url="x")
    with pytest.raises(StaleVersion):
        response_record(actor=bob, incident_id=one.id, version=2, draft=silence)
    with pytest.raises(InvalidInput):
        response_record(actor=bob, incident_id=one.id, version=1, draft=conceding)
    one.merged_into = two
    one.save()
    with pytest.raises(InvalidTransition):
        response_record(actor=bob, incident_id=one.id, version=1, draft=silence)


def test_the_database_keeps_responses_as_they_are_and_sound(db):
    bob, incident = make_actor(Role.MONITOR), make_incident()
    figure = Conceded(Outcome.KILLED, CivilianStatus.CIVILIAN, best=2)
    draft = ResponseDraft("P", Stance.ACCEPTED_HARM, [figure], quote="Two.")
    response = response_record(actor=bob, incident_id=incident.id, version=1, draft=draft)
    for change in (
        lambda: Response.objects.update(stance="denied"),
        lambda: Response.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    good = {"party": "P", "stance": "denied", "quote": "No."}
    bad = ({"stance": "x"}, {"party": ""}, {"quote": ""}, {"conceded": [{}]})
    newer = {"replaces": response}
    Response.objects.create(incident=incident, recorded_by_id=bob.id, **good | newer)
    for changes in (*bad, newer):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.create(incident=incident, recorded_by_id=bob.id, **good | changes)
    with pytest.raises(DatabaseError, match="its own incident"), transaction.atomic():
        Response.objects.create(incident=make_incident(), recorded_by_id=bob.id, **good | newer)
