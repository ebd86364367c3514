"""What the queue hands on: where a step leads back to, what filters and bulk orders say."""

import pytest

from accounts.models import Role
from incidents.models import MatchSuggestion
from incidents.services.matching import matches_refresh
from monitor.sketch import Spot, sketch
from tests.factories import make_incident, make_member
from tests.monitor.signing_in import signed_in


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR, name="Bob"))


def rooms_marked(answer):
    return [str(link["title"]) for link in answer.context["links"] if link["current"]]


def test_a_step_leads_back_to_the_same_page_in_the_same_order(desk):
    incident = make_incident()
    asked = "needs_decision=true&order=oldest&limit=1"
    cursor = desk.get(f"/queue/?{asked}").context["here"]
    assert cursor == asked
    make_incident()
    following = desk.get(f"/queue/?{asked}").context["next"]
    here = desk.get(f"/queue/?{following}").context["here"]
    assert here == following
    typed = {"version": 1, "step": "triage", "from_queue": here}
    answer = desk.post(f"/incidents/{incident.id}/step/", typed)
    assert answer["Location"] == f"/queue/?{here}"
    said = desk.get(answer["Location"]).context["messages"]
    assert [str(one) for one in said] == ["Barrel bombs on Fallujah: triaged now."]


def test_a_step_from_the_queue_without_a_filter_leads_to_it_without_one(desk):
    typed = {"version": 1, "step": "triage", "from_queue": ""}
    answer = desk.post(f"/incidents/{make_incident().id}/step/", typed)
    assert answer["Location"] == "/queue/"


def test_what_is_wrong_with_a_filter_is_said_at_its_field_which_is_open(desk):
    answer = desk.get("/queue/?time_from=yesterday&bbox=1")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "A time is like" in answer.context["filter"].errors["time_from"][0]
    assert [one.field for one in answer.context["errors"]] == ["bbox"]
    assert '<details class="panel filters" open>' in page
    assert "No incident fits" not in page


def test_a_country_is_found_in_small_letters_too(desk):
    incident = make_incident()
    rows = desk.get("/queue/?country=iq").context["rows"]
    assert [row["incident"].id for row in rows] == [incident.id]


def test_an_empty_answer_says_whether_a_filter_made_it_empty(desk):
    assert "Nothing needs a decision now." in desk.get("/queue/").content.decode()
    assert "No incident fits this filter." in desk.get("/queue/?country=SY").content.decode()


def test_many_at_once_are_told_in_words_before_they_are_done(desk):
    make_incident(title="", location__place_name="Fallujah")
    typed = {"action": "grade", "grade": "weak", "reason": "One source."}
    page = desk.post("/queue/bulk/?state=new,triaged&country=IQ", typed).content.decode()
    assert "State: <bdi>new, triaged</bdi>; Country: <bdi>IQ</bdi>" in page
    assert "Grade this 1 incident: weak" in page
    assert "One source." in page
    assert ">Fallujah</a>" in page


def test_the_pages_of_incidents_and_pairs_belong_to_the_queue(desk):
    one = make_incident()
    make_incident()
    matches_refresh(incident_ids=[one.id])
    pair = MatchSuggestion.objects.get()
    for path in (f"/incidents/{one.id}/", f"/incidents/{one.id}/timeline/", f"/matches/{pair.id}/"):
        assert rooms_marked(desk.get(path)) == ["Queue"], path
    assert rooms_marked(desk.get("/map/")) == ["Map"]


def test_numbers_and_names_keep_their_direction_in_arabic(desk):
    one = make_incident()
    make_incident(title="براميل متفجرة")
    matches_refresh(incident_ids=[one.id])
    pair = MatchSuggestion.objects.get()
    page = desk.get(f"/matches/{pair.id}/", headers={"accept-language": "ar"})
    values = [field["one"] for field in page.context["fields"]]
    assert "\u206833.34970, 43.78410\u2069" in values
    assert any("\u20685 (4–7)\u2069" in value for value in values)


def test_two_spots_at_one_place_have_both_their_labels():
    drawn = sketch([Spot(43.0, 33.0, None, "1"), Spot(43.0, 33.0, None, "2")])
    first, second = drawn.spots
    assert (first.x, first.y) == (second.x, second.y)
    assert float(second.label_y) - float(first.label_y) > 26
