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
    return {
        one.audience: one.then for one in incident_preview(known, **options) if one.then != one.now
    }


def published(incident, **options):
    incident.refresh_from_db()
    publication = incident_publish(
        actor=make_actor(Role.LEAD_MONITOR),
        incident_id=incident.id,
        version=incident.version,
        **options,
    )
    entries = publications_write([publication])
    return {Audience(entry.audience): entry.feature for entry in entries}


BREAKDOWN = [
    {"source": "h", "outcome": "killed", "best": 9, "civilian_status": "civilian"},
    {"source": "h", "outcome": "killed", "best": 6, "civilian_status": "civilian", "sex": "female"},
]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"location__uncertainty_m": 1500, "location__precision": "village"},
        {"claims": BREAKDOWN, "damage": ["fire", "destroyed"], "targets": ["school", "market"]},
        CONTEXT,
        {"consent__publish": False},
    ],
    ids=["plain", "vague", "with parts", "context event", "not for the public"],
)
def test_the_preview_is_what_is_published(layer, units, changes):
    incident = graded(**changes)
    before = LogEntry.objects.count()
    shown = previewed(incident)
    assert LogEntry.objects.count() == before
    assert shown == published(incident)
    assert len(shown) == (1 if "consent__publish" in changes else 2)


def test_a_finer_place_is_previewed_as_it_will_be(layer, units):
    longitude, latitude = TOWN
    incident = graded(location__longitude=longitude, location__latitude=latitude)
    finer = previewed(incident, public_resolution=9)
    assert finer[Audience.PUBLIC] != previewed(incident)[Audience.PUBLIC]
    assert finer == published(incident, public_resolution=9, reason="All know it.")


def test_the_next_version_is_previewed_with_what_was_told_before(layer, units):
    incident = graded(claims=BREAKDOWN)
    published(incident)
    now = LogEntry.objects.get(object_id=incident.id, audience=Audience.PUBLIC).feature
    grade(incident, "weak")
    known = Incident.objects.get(id=incident.id)
    preview = next(one for one in incident_preview(known) if one.audience == Audience.PUBLIC)
    assert preview.now == now
    assert {Audience.PUBLIC: preview.then} == {
        audience: text
        for audience, text in published(incident).items()
        if audience == Audience.PUBLIC
    }


def test_what_nobody_may_see_has_no_preview(layer):
    incident = graded(may_republish=False)
    shown = incident_preview(Incident.objects.get(id=incident.id))
    assert [(one.permitted, one.now, one.then) for one in shown] == [(False, "", "")] * 2
