"""What a monitor is shown before publishing is, to the byte, what is then published."""

import pytest

from accounts.models import Role
from feed.models import Audience, LogEntry
from feed.preview import incident_preview
from feed.publishing import publications_write
from incidents.models import Incident
from incidents.services.judging import incident_assess, incident_publish
from tests.factories import CONTEXT, make_actor, make_incident
from tests.feed.conftest import TOWN


def graded(**changes):
    incident = make_incident(**changes)
    grade(incident, "fair")
    return incident


def grade(incident, word):
    incident.refresh_from_db()
    beth = make_actor(Role.LEAD_MONITOR)
    incident_assess(
        actor=beth, incident_id=incident.id, version=incident.version, grade=word, reason="Seen."
    )


def previewed(incident, **options):
    known = Incident.objects.get(id=incident.id)
    shown = incident_preview(known, **options)
    pairs = [(one.audience, one.now, one.then) for one in shown]
    pairs += [(one.audience, one.exposure_now, one.exposure_then) for one in shown]
    return {(audience, then) for audience, now, then in pairs if then != now}


def published(incident, **options):
    incident.refresh_from_db()
    version = incident.version
    publication = incident_publish(
        actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, version=version, **options
    )
    publications_write([publication])
    entries = LogEntry.objects.filter(object_id=incident.id, object_version=version)
    return set(entries.values_list("audience", "feature"))


BOTH = {Audience.PUBLIC, Audience.PARTNER}
BREAKDOWN = [
    {"source": "h", "outcome": "killed", "best": 9, "civilian_status": "civilian"},
    {"source": "h", "outcome": "killed", "best": 6, "civilian_status": "civilian", "sex": "female"},
]


@pytest.mark.parametrize(
    ("changes", "audiences"),
    [
        ({}, BOTH),
        ({"location__uncertainty_m": 1500, "location__precision": "village"}, BOTH),
        ({"claims": BREAKDOWN, "damage": ["fire"], "targets": ["school", "market"]}, BOTH),
        (CONTEXT, BOTH),
        ({"consent__publish": False}, {Audience.PARTNER}),
    ],
    ids=["plain", "vague", "with parts", "context event", "not for the public"],
)
def test_the_preview_is_what_is_published(layer, units, changes, audiences):
    incident = graded(**changes)
    before = LogEntry.objects.count()
    shown = previewed(incident)
    assert LogEntry.objects.count() == before
    assert shown == published(incident)
    assert {Audience(audience) for audience, _feature in shown} == audiences


def test_a_finer_place_is_previewed_as_it_will_be(layer, units):
    longitude, latitude = TOWN
    incident = graded(location__longitude=longitude, location__latitude=latitude)
    finer = previewed(incident, public_resolution=9)
    assert finer != previewed(incident)
    assert finer == published(incident, public_resolution=9, reason="All know it.")


def test_the_next_version_is_previewed_with_what_was_told_before(layer, units):
    incident = graded(claims=BREAKDOWN)
    published(incident)
    grade(incident, "weak")
    shown = previewed(incident)
    assert len(shown) >= 2
    assert shown == published(incident)


def test_what_nobody_may_see_has_no_preview(layer):
    incident = graded(may_republish=False)
    shown = incident_preview(Incident.objects.get(id=incident.id))
    assert [(one.permitted, one.now, one.then) for one in shown] == [(False, "", "")] * 2
