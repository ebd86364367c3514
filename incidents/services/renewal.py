"""What becomes of an incident when its reports, or what may be done with them, changed."""

from datetime import datetime

from django.utils import timezone

from incidents.models import Incident, Report
from incidents.services.figures import figures_recount
from incidents.services.recording import incident_tell
from incidents.services.understanding import understanding_renew
from incidents.services.workflow import Step, is_possible, step_take
from incidents.vocab import State


def incident_renew(
    incident: Incident, *, at: datetime | None = None, take_back: bool = False
) -> None:
    """Count and understand a locked incident anew, make a new version of it, tell who follows.

    ``take_back``: what is out of it holds no longer and leaves the feed until a monitor publishes
    it again. An incident of which no report counts any more is withdrawn.
    """
    figures_recount(incident)
    understanding_renew(incident)
    left = _step_out(incident, take_back)
    if left:
        step_take(incident, left[0])
    incident.version += 1
    incident.changed_at = at or timezone.now()
    incident.save()
    for kind in ("incident.changed", *left[1:]):
        incident_tell(kind, incident)


def _step_out(incident: Incident, take_back: bool) -> tuple[()] | tuple[Step, str]:
    """Return the step by which an incident leaves what is public, and its event; or neither."""
    stands = incident.merged_into_id is None
    if stands and is_possible(incident, Step.WITHDRAW) and not incident.reports.current().exists():
        return Step.WITHDRAW, "incident.withdrawn"
    if take_back and is_possible(incident, Step.TAKE_BACK):
        return Step.TAKE_BACK, "incident.taken_back"
    return ()


def is_out_with(incident: Incident, report: Report) -> bool:
    """Tell whether the version that is published rests on a report, or on one that it corrects."""
    if incident.state != State.PUBLISHED or incident.published_version is None:
        return False
    out = incident.publications.get(incident_version=incident.published_version)
    stated = {str(report.id)}
    while report.corrects:
        report = report.corrects
        stated.add(str(report.id))
    # The oldest snapshots do not say what they rest on.
    return not stated.isdisjoint(out.snapshot.get("reports", stated))
