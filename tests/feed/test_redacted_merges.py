"""What was merged into an incident was published of the same event, and is redacted with it."""

import pytest

from accounts.models import Role
from feed.models import Audience, LogEntry
from feed.sealing import seal
from incidents.models import Incident
from incidents.services.merging import incident_merge
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident
from tests.feed.making import decided

pytestmark = pytest.mark.usefixtures("db")
SECRET = "Umm Ahmed's house"


def told():
    dispatch("feed.publish")
    seal()


def merged(absorbed, into):
    versions = {one.id: Incident.objects.get(id=one.id).version for one in (absorbed, into)}
    lead = make_actor(Role.LEAD_MONITOR)
    given = {"into_id": into.id, "from_ids": [absorbed.id], "versions": versions}
    incident_merge(actor=lead, reason="the same strike", **given)
    told()


def features_of(incident, audience):
    rows = LogEntry.objects.filter(audience=audience, object_id=incident.id)
    return "".join(rows.values_list("feature", flat=True))


def test_what_was_published_before_a_merge_is_blanked_too():
    first, second, last, other = (make_incident(title=SECRET) for _ in range(4))
    for one in (first, second, last, other):
        decided(one)
        told()
    merged(first, second)
    merged(second, last)
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=last.id, reason="a name")
    told()
    for audience in Audience:
        for one in (first, second, last):
            assert features_of(one, audience) == ""
            newest = LogEntry.objects.filter(audience=audience, object_id=one.id).latest("seq")
            assert newest.change == "redacted"
    assert SECRET in features_of(other, Audience.PARTNER)
