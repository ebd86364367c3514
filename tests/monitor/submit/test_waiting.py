"""What was typed without a line is sent by who wrote it, once, when there is one."""

import pytest
from django.test import Client

from accounts.models import Membership, Role
from accounts.sessions import MEMBERSHIP_KEY
from incidents.models import Report
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.monitor.submit.filling import filled

pytestmark = pytest.mark.django_db
DOOR = "/submit/waiting/"


def sender(member):
    return f"{member.user_id}.{member.organisation_id}"


def test_a_device_learns_who_would_send_and_gets_a_token_that_is_good(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    told = client.get(DOOR).json()
    assert told["sender"] == sender(alice)
    sent = filled(sender=sender(alice))
    assert client.post(DOOR, sent).status_code == 403
    answer = client.post(DOOR, sent, headers={"X-CSRFToken": told["token"]})
    assert answer.json() == {"receipt": f"/receipts/{Report.objects.get().id}/"}
    assert answer["Cache-Control"] == "private, no-store"


def test_sent_again_because_the_answer_was_lost_it_is_one_report_with_one_receipt(alice):
    client = signed_in(alice)
    answers = [client.post(DOOR, filled(sender=sender(alice))).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert Report.objects.count() == 1


def test_the_form_and_the_device_send_the_same_report(alice):
    client = signed_in(alice)
    by_form = client.post("/submit/", filled())
    by_device = client.post(DOOR, filled(sender=sender(alice)))
    assert by_device.json()["receipt"] == by_form["Location"]


def test_under_a_key_that_was_used_other_words_are_refused(alice):
    client = signed_in(alice)
    client.post(DOOR, filled(sender=sender(alice)))
    other = client.post(DOOR, filled(sender=sender(alice), title="Another"))
    assert (other.status_code, other.json()["type"][-20:]) == (409, "idempotency-conflict")
    assert Report.objects.get().title == "Barrel bomb on the market"


def test_words_that_are_wrong_under_a_key_that_was_used_are_told_that_they_went_mended(alice):
    client = signed_in(alice)
    client.post("/submit/", filled())
    answer = client.post(DOOR, filled(sender=sender(alice), where="95, 43"))
    assert (answer.status_code, answer.json()["type"][-20:]) == (409, "idempotency-conflict")


def test_what_is_wrong_is_said_in_words_with_its_field(alice):
    answer = signed_in(alice).post(DOOR, filled(sender=sender(alice), where="95, 43"))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == ["location"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "5F0C0B1E-3F5A-4A62-9D0E-1F6D2B7C8A90"])
def test_without_a_key_nothing_is_taken(alice, key):
    answer = signed_in(alice).post(DOOR, filled(sender=sender(alice), key=key))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "key")
    assert not Report.objects.exists()


def test_nobody_sends_what_another_wrote(alice, charlie):
    for written_by in (sender(alice), "", None):
        answer = signed_in(charlie).post(DOOR, filled(sender=written_by))
        assert answer.status_code == 409
        assert answer.json()["type"].endswith(":another-sender")
    assert not Report.objects.exists()


def test_what_was_written_for_one_organisation_is_not_sent_for_another(alice, charlie):
    both = Membership.objects.create(
        user=alice.user, organisation=charlie.organisation, role=Role.SUBMITTER
    )
    client = signed_in(alice)
    session = client.session
    session[MEMBERSHIP_KEY] = str(both.id)
    session.save()
    assert client.get(DOOR).json()["sender"] == sender(both)
    assert client.post(DOOR, filled(sender=sender(alice))).status_code == 409
    assert client.post(DOOR, filled(sender=sender(both))).status_code == 200
    assert Report.objects.get().organisation_id == charlie.organisation_id


@pytest.mark.parametrize(
    "sent",
    [{}, {"key": "x"}, filled(sources="9" * 400), filled(title="\x00"), filled(sender="\x00")],
)
def test_rubbish_is_refused_as_a_problem(alice, sent):
    answer = signed_in(alice).post(DOOR, {"sender": sender(alice)} | sent)
    assert answer.status_code in (400, 409)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Report.objects.exists()


def test_who_is_not_signed_in_goes_to_the_login():
    for answer in (Client().get(DOOR), Client().post(DOOR, filled())):
        assert answer["Location"].startswith("/account/login/")
    assert not Report.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER])
def test_roles_without_the_action_are_turned_away(role):
    member = make_member(role)
    client = signed_in(member)
    assert client.get(DOOR).status_code == 403
    assert client.post(DOOR, filled(sender=sender(member))).status_code == 403
    assert not Report.objects.exists()
