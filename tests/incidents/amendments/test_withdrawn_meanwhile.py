"""A report withdrawn, or permitted to fewer, at the moment at which monitors act on it."""

import pytest

from accounts.models import Role
from feed.models import Audience, LogEntry
from incidents.models import Incident, Report
from incidents.selectors.queue import IncidentFilter
from incidents.services.amendments import consent_change, report_withdraw
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out, bulk_propose
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.merging import incident_merge, incident_split
from incidents.vocab import Purpose
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident, merge_incidents
from tests.support.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")
SECRET = "House of Umm Yusuf"
OTHER = {"title": "Strike on a bakery", "location__longitude": 44.1}
ROUNDS = 3


class Story:
    """A graded incident as one report says it, which another organisation's report is part of."""

    def __init__(self):
        self.alice, self.monitor = make_actor(Role.SUBMITTER), make_actor(Role.LEAD_MONITOR)
        incident = make_incident(self.alice, title=SECRET)
        self.report = incident.reports.get()
        merge_incidents(incident, make_incident(**OTHER))
        self.known = Incident.objects.get(id=incident.id)
        incident_assess(
            actor=self.monitor,
            incident_id=incident.id,
            version=self.known.version,
            grade="fair",
            reason="Seen.",
        )
        self.known.refresh_from_db()

    @property
    def what(self):
        return {
            "actor": self.monitor,
            "incident_id": self.known.id,
            "version": self.known.version,
        }

    def withdraw(self):
        report_withdraw(actor=self.alice, report_id=self.report.id, reason="Mistaken.")

    def narrow(self):
        consent_change(
            actor=self.alice,
            report_id=self.report.id,
            purposes={Purpose.PUBLISH: False, Purpose.SHARE: False},
            basis=None,
            reason="They asked.",
        )

    def publish(self):
        incident_publish(**self.what)

    def split(self):
        incident_split(**self.what, report_ids=[self.report.id], reason="Another crater.")

    def merge(self):
        new = make_incident(**OTHER)
        versions = {self.known.id: self.known.version, new.id: 1}
        incident_merge(
            actor=self.monitor,
            into_id=new.id,
            from_ids=[self.known.id],
            versions=versions,
            reason="The same.",
        )

    def bulk(self, action):
        grade = "weak" if action == BulkAction.GRADE else None
        order = BulkOrder(action, IncidentFilter(states=("in_review",)), "All.", grade)
        proposal = bulk_propose(actor=self.monitor, order=order)

        def carry_out():
            bulk_carry_out(
                actor=self.monitor,
                order=order,
                token=proposal.token,
                confirm_count=proposal.count,
            )

        return carry_out

    def acts(self):
        return {
            "publish": self.publish,
            "split": self.split,
            "merge": self.merge,
            "bulk grade": self.bulk(BulkAction.GRADE),
            "bulk publish": self.bulk(BulkAction.PUBLISH),
        }


def newest_shown():
    """Return what each audience is shown of each object now."""
    dispatch("feed.publish")
    rows = LogEntry.objects.order_by("audience", "object_id", "-object_version")
    return [row.feature for row in rows.distinct("audience", "object_id") if row.feature]


@pytest.mark.parametrize("said", ["withdraw", "narrow"])
@pytest.mark.parametrize("act", ["publish", "split", "merge", "bulk grade", "bulk publish"])
def test_nothing_shows_it_afterwards_whoever_was_first(said, act):
    for _round in range(ROUNDS):
        story = Story()
        results = at_once(story.acts()[act], getattr(story, said))
        assert results[1] == "done"
        assert results[0] in {"done", "stale-version"}
        assert SECRET not in "".join(newest_shown())
        home = Report.objects.get(id=story.report.id).incident
        if home.state == "published":  # then by a later word than that of the report's owner
            assert home.publications.latest("published_at").snapshot["title"] != SECRET


def test_published_anew_it_shows_what_is_permitted_now():
    story = Story()
    story.publish()
    story.narrow()
    story.known.refresh_from_db()
    story.publish()
    assert newest_shown() == []
    assert {row.audience for row in LogEntry.objects.all()} == set(Audience.values)
