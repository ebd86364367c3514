"""What happened to an incident, in plain words, with before and after."""

import pytest

from accounts.models import Organisation, Role
from incidents.models import Incident
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import merge, split, undo, url
from tests.incidents.test_judging import assess, publish
from tests.incidents.test_workflow import move, withdraw

pytestmark = pytest.mark.usefixtures("committed_db")
SARA = "Sara (Watch)"


@pytest.fixture
def sara(committed_db):
    watch = Organisation.objects.create(name="Watch")
    return ApiClient(make_member(Role.MONITOR, watch, name="Sara"))


def lines(client, incident, query=""):
    answer = client.get(url(incident, f"timeline/{query}"))
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def texts(client, incident):
    return [line["text"] for line in lines(client, incident)]


def changes(line):
    return {change["field"]: (change["before"], change["after"]) for change in line["changes"]}


def test_each_step_is_told_with_before_and_after(sara):
    incident = make_incident()
    move(sara, incident, "triage")
    assess(sara, incident, version=2)
    publish(sara, incident, 3)
    withdraw(sara, incident)
    arrived, triaged, graded, published, withdrawn = lines(sara, incident)
    assert arrived["text"] == f"A report by {arrived['by']} arrived."
    assert (triaged["text"], changes(triaged)) == (
        f"{SARA} moved it from new to triaged.",
        {"state": ("new", "triaged")},
    )
    assert (graded["text"], graded["reason"]) == (
        f"{SARA} graded it fair: Two independent sources.",
        "Two independent sources.",
    )
    assert changes(graded) == {"state": ("triaged", "in_review"), "grade": ("", "fair")}
    assert (published["text"], changes(published)) == (
        f"{SARA} published version 3.",
        {"state": ("in_review", "published"), "published_version": (None, 3)},
    )
    assert (withdrawn["text"], changes(withdrawn)) == (
        f"{SARA} withdrew it: A hoax.",
        {"state": ("published", "withdrawn")},
    )
    versions = [line["version"] for line in (arrived, triaged, graded, published, withdrawn)]
    assert versions == [1, 2, 3, 3, 4]


def test_confirmed_by_one_says_that_another_is_awaited(sara):
    incident = make_incident()
    assess(sara, incident, "confirmed")
    beth = ApiClient(make_member(Role.MONITOR, name="Beth"))
    assess(beth, incident, "confirmed", version=2)
    _arrived, first, second = lines(sara, incident)
    assert "which stands once a second person says so" in first["text"]
    assert "grade" not in changes(first)
    assert changes(second) == {"grade": ("", "confirmed")}


def test_a_grade_that_changes_nothing_else_is_told_all_the_same(sara):
    incident = make_incident()
    assess(sara, incident)
    assess(sara, incident, version=2)
    assert (lines(sara, incident)[2]["version"], lines(sara, incident)[2]["changes"]) == (3, [])


def test_of_who_submitted_the_organisation_is_named(sara):
    alice = make_actor(Role.SUBMITTER)
    incident = make_incident(alice)
    (line,) = lines(sara, incident)
    name, organisation = alice.label.removesuffix(")").split(" (")
    assert line["by"] == organisation
    assert name not in line["text"]


@pytest.mark.parametrize("graded", ["the one that stays", "the one that goes"])
def test_after_a_merge_the_survivor_tells_of_both(sara, graded):
    one, two = make_incident(), make_incident()
    chosen = two if graded == "the one that stays" else one
    assess(sara, chosen)
    merge(sara, two, one)
    told = texts(sara, two)
    assert len(told) == 4
    assert told[0].startswith("A report by")
    assert told[1].startswith("A report by")
    prefix = "" if chosen == two else f"Incident {one.id}: "
    assert told[2] == f"{prefix}{SARA} graded it fair: Two independent sources."
    assert told[3] == f"{SARA} merged another incident into it: The same strike."


def test_after_undoing_both_tell_of_it(sara):
    one, two = make_incident(), make_incident()
    assess(sara, one)
    record = merge(sara, two, one).json()
    undo(sara, record, two)
    by_one, by_two = texts(sara, one), texts(sara, two)
    assert by_one[1:] == [
        f"{SARA} graded it fair: Two independent sources.",
        f"{SARA} merged it into incident {two.id}: The same strike.",
        f"{SARA} undid its merging into incident {two.id}: Not the same.",
    ]
    assert by_two[1:] == [
        f"{SARA} merged another incident into it: The same strike.",
        f"{SARA} undid the merging of another incident into it: Not the same.",
    ]
    assert changes(lines(sara, one)[2])["merged_into"] == (None, str(two.id))
    assert changes(lines(sara, one)[3])["merged_into"] == (str(two.id), None)


def test_merges_of_merges_are_told_by_the_last(sara):
    one, two, three = (make_incident() for _ in range(3))
    merge(sara, two, one)
    merge(sara, three, two)
    told = texts(sara, three)
    assert [text.startswith("A report by") for text in told] == [True, True, True, False, False]
    assert told[3] == f"Incident {two.id}: {SARA} merged another incident into it: The same strike."


def test_a_split_is_told_by_both_and_what_came_with_the_report_by_the_new_one(sara):
    one, two = make_incident(), make_incident()
    report = two.reports.get()
    merge(sara, one, two)
    new = split(sara, one, report).json()
    told = texts(sara, new["id"])
    assert told[0].startswith("A report by")
    assert told[1:] == [f"{SARA} split it off from incident {one.id}: Another strike."]
    text = f"{SARA} split a report off, into incident {new['id']}: Another strike."
    assert texts(sara, one)[-1] == text
    assert len(texts(sara, one)) == 4


def test_a_change_past_the_services_is_told_too(sara, superuser):
    incident = make_incident()
    superuser.execute("UPDATE incidents_incident SET grade = 'confirmed'")
    line = lines(sara, incident)[-1]
    assert (line["by"], line["action"], line["seq"]) == (superuser.info.user, "row.changed", None)
    assert "without an entry in the ledger" in line["text"]
    assert changes(line) == {"grade": ("", "confirmed")}


def test_places_and_times_are_told_as_the_incident_tells_them(sara):
    incident = make_incident()
    Incident.objects.update(place_name="Ramadi", location="SRID=4326;POINT(43.3 33.4)")
    told = changes(lines(sara, incident)[-1])
    assert told["location.place_name"] == ("Fallujah", "Ramadi")
    assert told["location"][1] == {"longitude": 43.3, "latitude": 33.4}


def test_it_is_read_in_pages(sara):
    incident = make_incident()
    for version in range(1, 6):
        assess(sara, incident, version=version)
    whole, walked, path = lines(sara, incident), [], url(incident, "timeline/?limit=4")
    while path:
        page = sara.get(path).json()
        walked += page["results"]
        path = page["next"]
    assert walked == whole
    assert len(whole) == 6


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?cursor=x", "?cursor=WzEsMl0"])
def test_a_bad_page_is_400(sara, query):
    assert sara.get(url(make_incident(), f"timeline/{query}")).status_code == 400


def test_what_was_merged_redirects_below_its_address_too(sara):
    one, two = make_incident(), make_incident()
    merge(sara, two, one)
    for step in ("", "timeline/", "timeline/?limit=1", "exposure/"):
        answer = sara.get(url(one, step))
        assert (answer.status_code, answer.json()) == (308, {"merged_into": str(two.id)})
        assert answer["Location"].endswith(url(two, step))


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR, None])
def test_others_do_not_read_it(role):
    incident = make_incident()
    outsider = ApiClient(make_member(role) if role else None)
    assert outsider.get(url(incident, "timeline/")).status_code == (403 if role else 401)


def test_of_what_is_not_there_nothing_is_told(sara):
    nowhere = "00000000-0000-0000-0000-000000000000"
    assert sara.get(url(nowhere, "timeline/")).status_code == 404
