"""One incident, whole: what the page tells, and who may open it."""

import pytest
from django.core.files.base import ContentFile

from accounts.actors import actor_of
from accounts.models import Membership, Role
from incidents.models import Incident, Report
from incidents.services.comments import comment_add
from incidents.services.evidence import evidence_receive
from incidents.services.judging import incident_assess
from tests.factories import CONTEXT, make_actor, make_incident, make_member, merge_incidents
from tests.incidents.openrosa.sending import MP4
from tests.monitor.signing_in import signed_in

# So that a check for the second factor has room below the house's 20.
MOST_QUERIES = 19
RELAYED = [
    {"ref": "a", "kind": "article", "name": "The Daily", "relays": ["n"]},
    {"ref": "b", "kind": "article", "name": "The Evening", "relays": ["n", "w"]},
    {"ref": "n", "kind": "agency", "name": "Agency One"},
    {"ref": "w", "kind": "witness", "description": "resident", "identity": "Umm Ahmed"},
]
CLAIMS = [
    {"source": "n", "outcome": "killed", "best": 5, "civilian_status": "civilian"},
    {"source": "a", "outcome": "killed", "best": 5, "civilian_status": "civilian"},
]


@pytest.fixture
def bob(db):
    return make_member(Role.MONITOR, name="Bob")


def page(member, incident, part=""):
    return signed_in(member).get(f"/incidents/{incident.id}/{part}")


def test_it_tells_all_that_is_known_in_few_queries(bob, django_assert_max_num_queries):
    incident = make_incident(sources=RELAYED, claims=CLAIMS)
    incident_assess(
        actor=make_actor(Role.MONITOR),
        incident_id=incident.id,
        version=1,
        grade="fair",
        reason="Two agree.",
    )
    comment_add(actor=actor_of(bob), incident_id=incident.id, text="Look at the time.")
    client = signed_in(bob)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(f"/incidents/{incident.id}/")
    text = answer.content.decode()
    for told in (
        "Barrel bombs on Fallujah",
        "33.34970, 43.78410",
        "barrel bomb",
        "Agency One",
        "Two agree.",
        "Look at the time.",
        "repeats another; not counted again",
        "<strong>fair</strong>",
    ):
        assert told in text, told
    assert "Umm Ahmed" not in text
    assert answer["Cache-Control"] == "private, no-store"


def test_its_queries_do_not_grow_with_what_is_in_it(
    bob, evidence_folder, django_assert_max_num_queries
):
    incident = make_incident(sources=RELAYED, claims=CLAIMS)
    others = [make_incident() for _number in range(4)]
    merge_incidents(incident, *others)
    for report in Report.objects.all():
        evidence_receive(
            actor=actor_of_submitter(report),
            report_id=report.id,
            name="a.mp4",
            content=ContentFile(MP4),
        )
    client = signed_in(bob)
    with django_assert_max_num_queries(MOST_QUERIES + 1):  # one more for each merge below a merge
        client.get(f"/incidents/{incident.id}/")


def actor_of_submitter(report):
    return actor_of(Membership.objects.get(user=report.submitted_by_id))


@pytest.mark.parametrize(
    "changes", [CONTEXT, {"location__longitude": None, "location__latitude": None}]
)
def test_a_context_event_and_a_place_without_a_point_have_a_page(bob, changes):
    assert page(bob, make_incident(**changes)).status_code == 200


@pytest.mark.parametrize("part", ["", "timeline/", "publish/", "matches/"])
def test_an_old_id_leads_on(bob, part):
    gone, stays = make_incident(), make_incident()
    merge_incidents(stays, gone)
    assert page(bob, gone, part)["Location"] == f"/incidents/{stays.id}/{part}"


@pytest.mark.parametrize("part", ["timeline/", "publish/", "matches/"])
def test_its_parts_are_pages_in_few_queries(bob, layer, part, django_assert_max_num_queries):
    incident, other = make_incident(), make_incident()
    merge_incidents(incident, other)
    client = signed_in(bob)
    with django_assert_max_num_queries(20):
        answer = client.get(f"/incidents/{incident.id}/{part}")
    assert answer.status_code == 200


@pytest.mark.parametrize("part", ["", "timeline/", "publish/", "matches/", "grade/", "looking/"])
def test_outsiders_are_turned_away(db, client, part):
    incident = make_incident()
    path = f"/incidents/{incident.id}/{part}"
    assert client.get(path)["Location"].startswith("/account/login/?next=")
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert signed_in(make_member(role)).get(path).status_code == 403


def test_what_is_not_there_is_404(bob):
    assert page(bob, Incident()).status_code == 404


def test_others_are_told_who_looks(bob):
    incident = make_incident()
    page(make_member(Role.MONITOR, name="Beth"), incident)
    assert "Beth" in page(bob, incident).content.decode()
