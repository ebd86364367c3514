"""What is done from the page of one incident, what is refused, and that nothing typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.actors import actor_of
from accounts.models import Role
from feed.models import LogEntry
from feed.publishing import publications_write
from incidents.models import Assessment, Comment, Incident, Report, Response
from incidents.services.judging import incident_assess
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, make_member, merge_incidents
from tests.monitor.signing_in import signed_in


@pytest.fixture
def bob(db):
    return make_member(Role.MONITOR, name="Bob")


@pytest.fixture
def desk(bob):
    return signed_in(bob)


def send(client, incident, deed, **typed):
    return client.post(f"/incidents/{incident.id}/{deed}/", typed)


def now(incident):
    return Incident.objects.get(id=incident.id)


def test_a_grade_is_given_and_the_page_comes_back(desk):
    incident = make_incident()
    answer = send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    assert (answer.status_code, answer["Location"]) == (302, f"/incidents/{incident.id}/#grade")
    assert now(incident).grade == "fair"


def test_what_is_wrong_with_a_form_is_said_at_its_field_and_what_was_typed_stays(desk):
    incident = make_incident()
    answer = send(desk, incident, "grade", version=1, grade="fair", reason="Hidden\u202eword")
    assert answer.status_code == 400
    form = answer.context["forms"]["grade"]
    assert "U+202E" in str(form.errors["reason"])
    assert form["reason"].value() == "Hidden\u202eword"
    assert not Assessment.objects.exists()


def test_two_monitors_on_one_version_the_second_sees_both(desk):
    incident = make_incident()
    beth = make_actor(Role.MONITOR)
    incident_assess(actor=beth, incident_id=incident.id, version=1, grade="weak", reason="One.")
    answer = send(desk, incident, "grade", version=1, grade="fair", reason="I saw two.")
    assert answer.status_code == 412
    conflict = answer.context["conflict"]
    assert (conflict["seen"], conflict["current"]) == ("1", 2)
    differing = {field["label"]: (field["before"], field["after"]) for field in conflict["fields"]}
    assert differing == {"State": ("new", "in review"), "Grade": ("nothing", "weak")}
    form = answer.context["forms"]["grade"]
    assert (form["reason"].value(), form["version"].value()) == ("I saw two.", "2")
    again = {name: form[name].value() for name in ("version", "grade", "reason")}
    assert send(desk, incident, "grade", **again).status_code == 302
    assert now(incident).grade == "fair"


def test_what_was_merged_meanwhile_is_told_with_what_was_typed(desk):
    incident, survivor = make_incident(), make_incident()
    merge_incidents(survivor, incident)
    answer = send(desk, incident, "comment", text="A long thought.")
    assert answer.status_code == 409
    assert "A long thought." in answer.content.decode()
    assert not Comment.objects.exists()


def test_nobody_grades_what_they_submitted(bob, desk):
    incident = make_incident(actor_of(bob))
    answer = send(desk, incident, "grade", version=1, grade="fair", reason="Mine.")
    assert answer.status_code == 403
    assert "themselves" in answer.content.decode()


def test_the_steps_that_the_state_allows_are_offered_and_taken(desk):
    incident = make_incident()
    assert b'value="triage"' in desk.get(f"/incidents/{incident.id}/").content
    send(desk, incident, "step", version=1, step="triage")
    assert now(incident).state == "triaged"
    page = desk.get(f"/incidents/{incident.id}/").content
    assert b'value="triage"' not in page
    assert b'value="review"' in page


def test_a_step_taken_in_the_queue_goes_back_there_and_nowhere_else(desk):
    incident = make_incident()
    typed = {"version": 1, "step": "triage", "from_queue": "state=new&x=//elsewhere.example"}
    answer = send(desk, incident, "step", **typed)
    assert answer["Location"] == "/queue/?state=new&x=%2F%2Felsewhere.example"


def test_it_is_assigned_and_taken_away(bob, desk):
    incident = make_incident()
    send(desk, incident, "assign", user=bob.user_id)
    assert now(incident).assignment.user_id == bob.user_id
    send(desk, incident, "assign", user="")
    assert not hasattr(now(incident), "assignment")


def test_a_comment_and_an_answer_are_recorded(desk):
    incident = make_incident()
    send(desk, incident, "comment", text="Look at the time.")
    assert Comment.objects.get().text == "Look at the time."
    figure = {"outcome": "killed", "civilian_status": "civilian", "minimum": 2}
    typed = {"party": "The army", "stance": "partly", "quote": "Two died."} | figure
    send(desk, incident, "respond", version=1, **typed)
    assert Response.objects.get().conceded[0]["minimum"] == 2


def test_a_figure_that_says_nothing_of_whom_is_refused(desk):
    typed = {"party": "The army", "stance": "partly", "quote": "Two died.", "best": 2}
    answer = send(desk, make_incident(), "respond", version=1, **typed)
    assert answer.status_code == 400
    assert not Response.objects.exists()


def test_only_leads_set_an_embargo(desk):
    incident = make_incident()
    typed = {"version": 1, "until": "2099-01-01T10:30", "reason": "People are fleeing."}
    assert send(desk, incident, "embargo", **typed).status_code == 403
    lead = signed_in(make_member(Role.LEAD_MONITOR))
    assert send(lead, incident, "embargo", **typed).status_code == 302
    assert now(incident).embargo_until == datetime(2099, 1, 1, 10, 30, tzinfo=UTC)
    lifted = {"version": 2, "until": "", "reason": "They are safe."}
    assert send(lead, incident, "embargo", **lifted).status_code == 302
    assert now(incident).embargo_until is None


def test_what_is_published_is_what_was_shown(desk):
    incident = make_incident()
    send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    page = desk.get(f"/incidents/{incident.id}/publish/")
    shown = {
        (one["audience"], feature["bytes"])
        for one in page.context["previews"]
        for feature in one["features"]
    }
    assert send(desk, incident, "publish", version=2).status_code == 302
    assert now(incident).published_version == 2
    publications_write(list(now(incident).publications.all()))
    assert set(LogEntry.objects.values_list("audience", "feature")) == shown
    assert len(shown) == 4  # the incident and its exposure, for both


def test_the_preview_says_it_in_words(desk):
    incident = make_incident()
    send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    page = desk.get(f"/incidents/{incident.id}/publish/").content.decode()
    shown = re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    for words in ("barrel bomb", "Killed, at least", "Place on the map"):
        assert words in shown
    for code in ("barrel_bomb", "killed_min", "place_basis", "{"):
        assert code not in shown


def test_the_preview_tells_when_what_was_published_is_out(desk):
    incident = make_incident()
    path = f"/incidents/{incident.id}/publish/"
    assert "<textarea" not in desk.get(path).content.decode()  # without a grade nothing to send
    send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    answer = send(desk, incident, "publish", version=2)
    assert answer["Location"] == path
    page = desk.get(path).content.decode()
    assert "on its way" in page
    assert "<textarea" not in page
    publications_write(list(now(incident).publications.all()))
    page = desk.get(path).content.decode()
    assert "on its way" not in page
    assert f"/ogc/collections/incidents/items/{incident.id}" in page


def test_another_version_than_the_one_shown_is_not_published(desk):
    incident = make_incident()
    send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    answer = send(desk, incident, "publish", version=1)
    assert answer.status_code == 412
    assert now(incident).published_version is None


def test_only_leads_see_and_publish_a_finer_place(desk):
    incident = make_incident()
    send(desk, incident, "grade", version=1, grade="fair", reason="Two agree.")
    path = f"/incidents/{incident.id}/publish/?resolution=9"
    assert desk.get(path).context["resolution"] is None
    lead = signed_in(make_member(Role.LEAD_MONITOR))
    assert lead.get(path).context["resolution"] == 9
    typed = {"version": 2, "public_resolution": 9, "reason": "All know it."}
    assert send(desk, incident, "publish", **typed).status_code == 403
    assert send(lead, incident, "publish", **typed).status_code == 302


def test_who_is_behind_a_report_is_shown_to_those_who_may_with_an_entry(desk):
    report = Report.objects.get(incident=make_incident())
    path = f"/reports/{report.id}/sealed/"
    assert desk.post(path, {"reason": "To call them."}).status_code == 404
    lead = signed_in(make_member(Role.LEAD_MONITOR))
    assert lead.post(path, {"reason": "..."}).status_code == 400
    answer = lead.post(path, {"reason": "To call them."})
    assert "Umm Ahmed" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.filter(action="sealed.read").count() == 1
    page = lead.get(path).content.decode()
    assert "Umm Ahmed" not in page
    assert "data-unkept" in page


@pytest.mark.parametrize(
    "deed", ["grade", "step", "assign", "comment", "respond", "publish", "withdraw", "embargo"]
)
def test_outsiders_do_nothing(db, client, deed):
    incident = make_incident()
    entries = AuditEntry.objects.filter(object_id=incident.id)
    before = entries.count()
    answer = send(client, incident, deed, version=1, text="x", reason="x", grade="fair")
    assert answer["Location"].startswith("/account/login/")
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        answer = send(signed_in(make_member(role)), incident, deed, version=1, reason="x")
        assert answer.status_code == 403
    assert (now(incident).version, entries.count()) == (1, before)


def test_without_the_token_of_the_form_nothing_is_done(bob):
    incident = make_incident()
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(bob.user)
    assert send(forged, incident, "comment", text="Forged.").status_code == 403
    assert not Comment.objects.exists()
