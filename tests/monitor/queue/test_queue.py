"""The queue: what is in it, why, and who may open it."""

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Incident
from incidents.services.assignment import incident_assign
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.matching import matches_refresh
from incidents.services.workflow import incident_withdraw
from tests.factories import make_actor, make_incident, make_member, merge_incidents
from tests.monitor.signing_in import signed_in
from tests.support.payloads import MARK, PAYLOADS, hostile_report


@pytest.fixture
def bob(db):
    return make_member(Role.MONITOR, name="Bob")


@pytest.fixture
def desk(bob):
    return signed_in(bob)


def graded(grade="fair", **changes):
    incident = make_incident(**changes)
    beth = make_actor(Role.MONITOR)
    incident_assess(
        actor=beth, incident_id=incident.id, version=1, grade=grade, reason="Two agree."
    )
    return incident


def published():
    incident = graded()
    incident_publish(actor=make_actor(Role.MONITOR), incident_id=incident.id, version=2)
    return incident


def listed(client, query=""):
    answer = client.get(f"/queue/?{query}")
    return {
        row["incident"].id: [one.code for one in row["decisions"]] for row in answer.context["rows"]
    }


def test_it_says_what_is_to_be_decided_and_why(desk):
    new, once, out = make_incident(), graded("confirmed"), graded()
    changed = published()
    incident_assess(
        actor=make_actor(Role.MONITOR),
        incident_id=changed.id,
        version=2,
        grade="weak",
        reason="Less sure.",
    )
    done, gone = published(), make_incident()
    incident_withdraw(
        actor=make_actor(Role.MONITOR), incident_id=gone.id, version=1, reason="A mistake."
    )
    assert listed(desk) == {
        new.id: ["look"],
        once.id: ["second"],
        out.id: ["publish"],
        changed.id: ["publish_again"],
    }
    assert done.id in listed(desk, "needs_decision=")


def test_likely_pairs_are_told_and_counted(desk):
    one, other = make_incident(), make_incident()
    matches_refresh(incident_ids=[one.id])
    assert listed(desk) == {one.id: ["look", "same"], other.id: ["look", "same"]}
    assert desk.get("/queue/").context["pairs"] == 1


def test_what_was_merged_is_not_listed(desk):
    gone, stays = make_incident(), make_incident()
    merge_incidents(stays, gone)
    assert list(listed(desk)) == [stays.id]


def test_its_filters_are_the_api_s_and_an_address_can_be_shared(bob, desk):
    mine, other = make_incident(title="Souk"), make_incident(weapon="mortar")
    incident_assign(actor=make_actor(Role.MONITOR), incident_id=mine.id, user_id=bob.user_id)
    assert set(listed(desk, "assigned_to=me")) == {mine.id}
    assert set(listed(desk, "weapon=mortar&grade=&q=")) == {other.id}
    assert set(listed(desk, "q=souk&state=new,triaged")) == {mine.id}


@pytest.mark.parametrize("query", ["state=x", "limit=0", "cursor=x", "misspelt=1", "bbox=1"])
def test_a_filter_that_is_none_is_said_so(desk, query):
    answer = desk.get(f"/queue/?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()


def test_it_goes_on_page_by_page(desk):
    made = {make_incident().id for _number in range(5)}
    seen, query = [], "limit=2&needs_decision=true"
    while query:
        context = desk.get(f"/queue/?{query}").context
        seen += [row["incident"].id for row in context["rows"]]
        query = context["next"]
    assert len(seen) == 5
    assert set(seen) == made


def test_many_rows_take_no_more_queries(desk, django_assert_max_num_queries):
    for _number in range(6):
        make_incident()
    matches_refresh(incident_ids=[Incident.objects.first().id])
    desk.get("/queue/")
    with django_assert_max_num_queries(11):
        desk.get("/queue/")


def test_many_are_graded_at_once_after_the_number_was_confirmed(desk):
    incidents = [make_incident(weapon="mortar") for _number in range(3)]
    make_incident()
    order = {"action": "grade", "grade": "weak", "reason": "One source."}
    path = "/queue/bulk/?weapon=mortar"
    asked = desk.post(path, order)
    proposal = asked.context["proposal"]
    assert proposal.count == 3
    assert not Incident.objects.filter(grade="weak").exists()
    wrong = desk.post(path, order | {"token": proposal.token, "confirm_count": 2})
    assert wrong.status_code == 400
    done = desk.post(path, order | {"token": proposal.token, "confirm_count": 3})
    assert done.status_code == 302
    graded_now = set(Incident.objects.filter(grade="weak").values_list("id", flat=True))
    assert graded_now == {incident.id for incident in incidents}


def test_many_at_once_by_a_filter_that_is_none_is_refused(desk):
    order = {"action": "grade", "grade": "weak", "reason": "One source."}
    assert desk.post("/queue/bulk/?state=x", order).status_code == 400


def test_the_whole_archive_is_not_graded_at_once(desk):
    make_incident()
    order = {"action": "grade", "grade": "weak", "reason": "One source."}
    answer = desk.post("/queue/bulk/?needs_decision=&order=newest", order)
    assert (answer.status_code, "proposal" in answer.context) == (400, False)


def test_the_filter_in_the_address_stays_in_the_form(desk):
    form = desk.get("/queue/?state=triaged,in_review").context["filter"]
    assert 'value="triaged,in_review" selected' in str(form["state"])


def test_what_could_not_be_done_is_told_one_by_one(bob, desk):
    mine = make_incident(actor_of(bob), weapon="mortar")
    order = {"action": "grade", "grade": "weak", "reason": "One source."}
    path = "/queue/bulk/?weapon=mortar"
    token = desk.post(path, order).context["proposal"].token
    answer = desk.post(path, order | {"token": token, "confirm_count": 1})
    assert [one.incident for one in answer.context["outcome"].refused] == [mine.id]
    assert str(mine.id) in answer.content.decode()


def test_hostile_words_are_texts(desk):
    for number in range(len(PAYLOADS)):
        make_incident(**hostile_changes(number))
    text = desk.get("/queue/").content.decode()
    assert MARK in text
    assert not [payload for payload in PAYLOADS if "<" in payload and payload in text]


def hostile_changes(number):
    body = hostile_report(number)
    return {name: body[name] for name in ("title", "alleged_actor")} | {
        "location__place_name": body["location"]["place_name"]
    }


@pytest.mark.parametrize("path", ["/queue/", "/queue/matches/", "/queue/bulk/"])
def test_outsiders_are_turned_away(db, client, path):
    assert client.get(path)["Location"] == f"/account/login/?next={path}"
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert signed_in(make_member(role)).get(path).status_code == 403
