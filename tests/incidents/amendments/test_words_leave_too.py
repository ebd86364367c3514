"""Where, when and what an incident says goes with the last report that counts and says it."""

import json

import pytest

from accounts.models import Role
from incidents.models import Report
from incidents.services.judging import incident_assess
from incidents.snapshots import audiences_permitted
from tests.factories import make_actor, make_incident, report_body
from tests.incidents.amendments.saying import correct, publish, second_report, withdraw
from tests.incidents.judging import fresh, merge, split

ITS_OWN = {"title": "House of Umm Yusuf", "location__place_name": "House of Umm Yusuf"}
OTHER = {"title": "Strike on a bakery", "location__longitude": 44.1, "weapon": "mortar"}


@pytest.fixture
def reserved(alice):
    """A report that nobody may be shown, in an incident of its own."""
    body = report_body(consent__share=False, consent__publish=False, **ITS_OWN)
    made = alice.post("/api/v1/reports/", body).json()
    return Report.objects.select_related("incident").get(id=made["id"])


def is_as_the_other_says(incident):
    incident = fresh(incident)
    now = incident.title, incident.location.x, incident.weapon
    return now == ("Strike on a bakery", 44.1, "mortar")


def test_what_a_withdrawn_report_says_is_not_published(alice, charlie, reserved):
    second_report(charlie, reserved, **OTHER)
    withdraw(alice, reserved)
    assert is_as_the_other_says(reserved.incident)
    snapshot = publish(reserved.incident_id).snapshot
    assert "Umm Yusuf" not in json.dumps(snapshot)
    assert audiences_permitted(snapshot) == ["public", "partner"]


def test_what_a_report_says_is_split_off_with_it(charlie, bob, reserved):
    second_report(charlie, reserved, **OTHER)
    assert split(bob, reserved.incident, reserved).json()["title"] == "House of Umm Yusuf"
    assert is_as_the_other_says(reserved.incident)


def test_what_stands_on_nothing_takes_the_words_of_what_is_merged_into_it(alice, bob, reserved):
    withdraw(alice, reserved)
    merge(bob, reserved.incident, make_incident(**OTHER))
    assert is_as_the_other_says(reserved.incident)


def test_it_stays_while_a_report_says_it(charlie, reserved):
    withdraw(charlie, second_report(charlie, reserved, **OTHER))
    assert fresh(reserved.incident).title == "House of Umm Yusuf"


def test_a_correction_that_more_may_see_brings_its_own_words(alice, reserved):
    grade(reserved.incident)
    assert correct(alice, reserved, **OTHER).status_code == 201
    assert is_as_the_other_says(reserved.incident)


def grade(incident):
    incident_assess(
        actor=make_actor(Role.MONITOR),
        incident_id=incident.id,
        version=fresh(incident).version,
        grade="fair",
        reason="Seen.",
    )
