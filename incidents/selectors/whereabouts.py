"""Which incident a report belonged to at any time: merging and splitting move reports."""

from collections import defaultdict
from collections.abc import Set
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from incidents.models import Evidence, EvidenceLink, Report
from ledger.history import history_of
from ledger.models import AuditEntry

# What comes with a report and has entries of its own.
_OF_REPORTS = (Evidence, EvidenceLink)


class Whereabouts:
    """The reports that are, or once were, of some incidents, and where they were when.

    ``objects`` has the ids that entries about them name: theirs, and those of what came with them.
    """

    def __init__(self, incidents: Set[UUID]) -> None:
        self._incidents = incidents
        was_here = history_of(Report).filter(incident_id__in=incidents).values("pgh_obj_id")
        reports = Report.objects.filter(Q(incident_id__in=incidents) | Q(id__in=was_here))
        rows = list(reports.values_list("id", "incident_id", "organisation__name"))
        self._now = {id_: incident for id_, incident, _ in rows}
        self._organisations = {id_: organisation for id_, _, organisation in rows}
        self._moves: dict[UUID, list[tuple[datetime, UUID]]] = defaultdict(list)
        moves = history_of(Report).filter(pgh_obj_id__in=list(self._now)).order_by("pgh_id")
        for report, until, incident in moves.values_list(
            "pgh_obj_id", "pgh_created_at", "incident_id"
        ):
            self._moves[report].append((until, incident))
        self.objects = {id_: id_ for id_ in self._now}
        for model in _OF_REPORTS:
            came_with = model.objects.filter(report_id__in=list(self._now))
            self.objects |= dict(came_with.values_list("id", "report_id"))

    def incident_of(self, entry: AuditEntry) -> UUID | None:
        """Return the incident that an entry's report belonged to then.

        None where neither that is one of ours nor the one it belongs to now.
        """
        report = self.objects[entry.object_id]
        now = self._now[report]
        then = next((was for until, was in self._moves[report] if entry.recorded_at < until), now)
        return then if {then, now} & self._incidents else None

    def speaker_of(self, entry: AuditEntry) -> str:
        """Return the organisation for one of its own members, as reports name no person."""
        report = self.objects.get(entry.object_id)
        if report is None:  # of the incident, because of what was said of a report
            report = UUID(entry.data["report"]) if "report" in entry.data else None
        organisation = self._organisations.get(report) if report else None
        own = entry.actor_label.endswith(f"({organisation})")
        return organisation if organisation and own else entry.actor_label
