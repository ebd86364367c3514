"""Two monitors at once: one of them is told that the record has changed; nobody waits for good."""

import pytest

from accounts.models import Role
from incidents.models import Incident, Report
from incidents.services.merging import incident_merge, incident_split
from tests.factories import make_actor, make_incident
from tests.support.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")


def _merge(actor, into, other):
    return lambda: incident_merge(
        actor=actor,
        into_id=into.id,
        from_ids=[other.id],
        versions={into.id: into.version, other.id: other.version},
        reason="same",
    )


def test_each_into_the_other_at_once_leaves_one():
    bob, beth = make_actor(Role.MONITOR), make_actor(Role.MONITOR)
    for _round in range(5):
        one, two = make_incident(), make_incident()
        results = at_once(_merge(bob, one, two), _merge(beth, two, one))
        assert results.count("done") == 1
        assert set(results) <= {"done", "stale-version", "invalid-transition"}
        standing = Incident.objects.get(id__in=[one.id, two.id], merged_into=None)
        assert standing.reports.count() == 2


def test_merging_and_splitting_at_once_loses_no_report():
    bob, beth = make_actor(Role.MONITOR), make_actor(Role.MONITOR)
    one, two, three = make_incident(), make_incident(), make_incident()
    _merge(bob, one, two)()
    one.refresh_from_db()

    def split():
        incident_split(
            actor=beth,
            incident_id=one.id,
            report_ids=[one.reports.first().id],
            version=one.version,
            reason="other",
        )

    assert at_once(_merge(bob, three, one), split).count("done") == 1
    assert Report.objects.filter(incident__merged_into=None).count() == 3
