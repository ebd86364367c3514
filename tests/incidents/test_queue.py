"""The monitors' queue: what each filter lets through, and in which order."""

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Incident, Report
from incidents.services.assignment import incident_assign
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.workflow import Step, incident_triage, incident_withdraw
from incidents.vocab import Grade
from tests.factories import CONTEXT, make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient

QUEUE = "/api/v1/incidents/"


def found(client, **parameters):
    answer = client.get(f"{QUEUE}?{'&'.join(f'{k}={v}' for k, v in parameters.items())}")
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["results"]}


def ids(*incidents):
    return {str(incident.id) for incident in incidents}


def test_by_state_one_or_several(bob):
    new, triaged, graded = make_incident(), make_incident(), make_incident()
    beth = make_actor(Role.MONITOR)
    incident_triage(actor=beth, incident_id=triaged.id, version=1, step=Step.TRIAGE)
    incident_assess(actor=beth, incident_id=graded.id, version=1, grade=Grade.FAIR, reason="r")
    assert found(bob, state="new") == ids(new)
    assert found(bob, state="new,triaged") == ids(new, triaged)


def test_by_grade_and_the_ungraded(bob):
    new, graded = make_incident(), make_incident()
    beth = make_actor(Role.MONITOR)
    incident_assess(actor=beth, incident_id=graded.id, version=1, grade=Grade.FAIR, reason="r")
    assert found(bob, grade="fair") == ids(graded)
    assert found(bob, grade="ungraded") == ids(new)
    assert found(bob, grade="ungraded,fair,weak") == ids(new, graded)


def test_by_what_needs_a_decision(bob):
    new, out, gone = make_incident(), make_incident(), make_incident()
    beth = make_actor(Role.MONITOR)
    incident_assess(actor=beth, incident_id=out.id, version=1, grade=Grade.FAIR, reason="r")
    incident_publish(actor=beth, incident_id=out.id, version=2)
    incident_withdraw(actor=beth, incident_id=gone.id, version=1, reason="r")
    assert found(bob, needs_decision="true") == ids(new)
    assert found(bob, needs_decision="false") == ids(out, gone)
    incident_assess(actor=beth, incident_id=out.id, version=2, grade=Grade.WEAK, reason="r")
    assert found(bob, needs_decision="true") == ids(new, out)


def test_by_kind_weapon_and_country(bob):
    barrel = make_incident()
    mortar = make_incident(weapon="mortar", location__country=None)
    ceasefire = make_incident(**CONTEXT)
    assert found(bob, weapon="mortar") == ids(mortar)
    assert found(bob, weapon="mortar,barrel_bomb") == ids(mortar, barrel)
    assert found(bob, kind="strike", country="IQ") == ids(barrel)
    assert found(bob, kind=Incident.objects.get(id=ceasefire.id).kind) == ids(ceasefire)


def test_by_who_works_on_it(bob):
    free, mine, hers = make_incident(), make_incident(), make_incident()
    me, beth = actor_of(bob.membership), make_actor(Role.MONITOR)
    incident_assign(actor=me, incident_id=mine.id, user_id=me.id)
    incident_assign(actor=me, incident_id=hers.id, user_id=beth.id)
    assert found(bob, assigned_to="me") == ids(mine)
    assert found(bob, assigned_to="none") == ids(free)
    assert found(bob, assigned_to=beth.id) == ids(hers)
    row = next(r for r in bob.get(QUEUE).json()["results"] if r["id"] == str(mine.id))
    assert row["assigned_to"] == {"id": str(me.id), "name": bob.membership.user.name}


def test_by_bounding_box_edges_included(bob):
    here = make_incident()
    make_incident(location__longitude=44.4, location__latitude=33.3)
    nowhere = make_incident(location__longitude=None, location__latitude=None)
    assert found(bob, bbox="43.7841,33.3497,43.7841,33.3497") == ids(here)
    assert found(bob, bbox="43,33,44,34") == ids(here)
    assert not ids(nowhere) & found(bob, bbox="-180,-90,180,90")


def test_by_bounding_box_across_the_antimeridian(bob):
    east = make_incident(location={"longitude": 179.5, "latitude": -17, "precision": "exact"})
    west = make_incident(location={"longitude": -179.5, "latitude": -17, "precision": "exact"})
    make_incident()
    assert found(bob, bbox="179,-18,-179,-16") == ids(east, west)


def test_by_time_what_may_have_happened_then(bob):
    day = make_incident()  # 2014-05-11
    month = make_incident(occurred={"start": "2014-05-01", "end": "2014-05-31"})
    assert found(bob, time_from="2014-05-11", time_until="2014-05-11") == ids(day, month)
    assert found(bob, time_from="2014-05-12T00:00:00Z") == ids(month)
    assert found(bob, time_until="2014-05-10") == ids(month)
    assert found(bob, time_from="2014-06-01") == set()


def test_by_flags_of_reports_that_were_not_corrected(bob, flag):
    plain, flagged = make_incident(), make_incident()
    flag(flagged)
    assert found(bob, has_flags="true") == ids(flagged)
    assert found(bob, has_flags="false") == ids(plain)


@pytest.fixture
def flag():
    """Return a function that adds a flagged copy of an incident's report: reports never change."""

    def add(incident):
        report = incident.reports.get()
        report.pk, report.idempotency_key = None, "flagged"
        report.id = Report._meta.pk.get_default()
        report.flags = ["figures_disagree"]
        report._state.adding = True
        report.save()

    return add


def test_by_the_number_of_independent_sources(bob):
    two = make_incident()
    make_incident(sources=[{"ref": "h", "kind": "hospital", "name": "A hospital"}])
    assert found(bob, minimum_independent_sources=2) == ids(two)


def test_by_words_of_title_and_place_taken_literally(bob):
    title = make_incident(title="Bombs on المستشفى 100%_sure")
    place = make_incident(title="Else", location__place_name="Al-Mustashfa")
    assert found(bob, q="المستشفى") == ids(title)
    assert found(bob, q="mustash") == ids(place)
    assert found(bob, q="100%25_") == ids(title)
    assert found(bob, q="%25") == ids(title)
    assert found(bob, q="_") == ids(title)


def test_filters_are_joined_by_and(bob):
    make_incident(weapon="mortar", location__country=None)
    both = make_incident(weapon="mortar")
    make_incident()
    assert found(bob, weapon="mortar", country="IQ") == ids(both)


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_hold_each_once_in_order_whatever_the_filter(bob, order):
    made = [str(make_incident().id) for _ in range(5)]
    make_incident(weapon="mortar")
    path, walked = f"{QUEUE}?weapon=barrel_bomb&limit=2&order={order}", []
    while path:
        page = bob.get(path).json()
        walked += [row["id"] for row in page["results"]]
        path = page["next"]
    assert walked == (made if order == "oldest" else made[::-1])


def test_pages_cost_the_same_number_of_queries_however_long(bob, django_assert_max_num_queries):
    me = actor_of(bob.membership)
    for _ in range(6):
        incident_assign(actor=me, incident_id=make_incident().id, user_id=me.id)
    with django_assert_max_num_queries(4):
        assert len(found(bob)) == 6


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_see_no_queue(db, role):
    make_incident()
    outsider = ApiClient(make_member(role))
    assert outsider.get(f"{QUEUE}?state=new").status_code == 403
