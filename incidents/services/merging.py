"""Merging incidents that are one strike, splitting one that is several, and undoing a merge.

Reports move; nothing is deleted. Every incident touched gets a new version and is scored anew. What
was published and no longer holds leaves the feed until a monitor publishes it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import FieldError, InvalidInput, InvalidTransition, NotFound
from incidents.models import Incident, MergeRecord, Report
from incidents.selectors.merging import merge_visible_to
from incidents.services.embargo import embargo_inherit
from incidents.services.figures import figures_recount
from incidents.services.locking import demand_standing, incident_lock, incidents_lock
from incidents.services.matching import match_part, matches_settle, matches_unsettle
from incidents.services.recording import incident_audit, incident_tell
from incidents.services.renewal import incident_renew
from incidents.services.understanding import incident_understand
from incidents.services.workflow import Step, is_possible, step_take


@transaction.atomic
def incident_merge(
    *,
    actor: Actor,
    into_id: UUID,
    from_ids: Sequence[UUID],
    versions: Mapping[UUID, int],
    reason: str,
) -> MergeRecord:
    """Move all reports of some incidents into another, whose place, time and grade stand.

    ``versions`` names the version known of each. Raises ``NotFound``, ``StaleVersion``,
    ``InvalidInput`` where they are of different kinds, and ``InvalidTransition`` where one of them
    was merged already.
    """
    demand(actor, Action.INCIDENT_MERGE)
    _demand_others(into_id, from_ids)
    incidents = incidents_lock(actor, [into_id, *from_ids])
    for id_, incident in incidents.items():
        demand_standing(incident, versions[id_])
    survivor = incidents[into_id]
    _demand_one_kind(incidents.values())
    moved = {str(id_): _report_ids(incidents[id_]) for id_ in from_ids}
    Report.objects.filter(incident_id__in=from_ids).update(incident=survivor)
    for id_ in from_ids:
        incidents[id_].merged_into = survivor
        incident_renew(incidents[id_])
        data = {"into": str(into_id), "reports": moved[str(id_)]}
        _audit(actor, "incident.merged_into", incidents[id_], reason, data)
        incident_tell("incident.merged", incidents[id_], into=str(into_id))
    embargo_inherit(survivor, incidents.values())
    incident_renew(survivor)
    _audit(actor, "incident.merged", survivor, reason, {"from": moved})
    matches_settle(actor=actor, incident_ids=list(incidents), reason=reason)
    return MergeRecord.objects.create(
        survivor=survivor, moved=moved, reason=reason, merged_by_id=actor.id
    )


@transaction.atomic
def merge_undo(*, actor: Actor, merge_id: UUID, version: int, reason: str) -> MergeRecord:
    """Give the reports of a merge back to their incidents, which stand again under their old ids.

    ``version`` is the survivor's. Raises ``NotFound``, ``StaleVersion``, and ``InvalidTransition``
    where it was undone already or its reports have moved on.
    """
    demand(actor, Action.INCIDENT_MERGE)
    record = merge_visible_to(actor).filter(id=merge_id).first()
    if record is None:
        raise NotFound()
    incidents = incidents_lock(actor, [record.survivor_id, *map(UUID, record.moved)])
    survivor = incidents.pop(record.survivor_id)
    demand_standing(survivor, version)
    record.refresh_from_db()
    _demand_undoable(record)
    for incident in incidents.values():
        moved = record.moved[str(incident.id)]
        Report.objects.filter(id__in=moved).update(incident=incident)
        incident.merged_into = None
        _unpublish(incident)
        incident_renew(incident)
        data = {"merge": str(merge_id), "from": str(survivor.id), "reports": moved}
        _audit(actor, "incident.restored", incident, reason, data)
    published_since = survivor.publications.filter(published_at__gte=record.merged_at).exists()
    if published_since:
        _unpublish(survivor)
    incident_renew(survivor)
    if published_since:
        incident_tell("incident.split", survivor)
    data = {"merge": str(merge_id), "to": record.moved}
    _audit(actor, "incident.merge_undone", survivor, reason, data)
    matches_unsettle(incident_ids=[survivor.id, *incidents])
    record.survivor, record.undone_by_id, record.undone_at = survivor, actor.id, timezone.now()
    record.save(update_fields=["undone_by", "undone_at"])
    return record


@transaction.atomic
def incident_split(
    *, actor: Actor, incident_id: UUID, report_ids: Sequence[UUID], version: int, reason: str
) -> Incident:
    """Move some reports of an incident into a new one, understood as the oldest of them says.

    It is undone by merging the new one back. Raises ``NotFound``, ``StaleVersion``, and
    ``InvalidInput`` for reports that are not its own, or all of them.
    """
    demand(actor, Action.INCIDENT_MERGE)
    incident = incident_lock(actor, incident_id, version)
    reports = list(incident.reports.filter(id__in=report_ids))
    _demand_some(incident, reports, report_ids)
    new = Incident(embargo_until=incident.embargo_until)
    incident_understand(
        new, incident.reports.current().filter(id__in=report_ids).earliest("received_at", "id")
    )
    new.save()
    Report.objects.filter(id__in=[report.id for report in reports]).update(incident=new)
    figures_recount(new)
    new.save()
    incident_tell("incident.opened", new)
    _unpublish(incident)
    incident_renew(incident)
    incident_tell("incident.split", incident)
    moved = [str(report.id) for report in reports]
    _audit(actor, "incident.split", incident, reason, {"to": str(new.id), "reports": moved})
    data = {"from": str(incident.id), "reports": moved}
    _audit(actor, "incident.split_off", new, reason, data)
    match_part(actor=actor, one=incident, other=new, reason=reason)
    return new


def _demand_one_kind(incidents: Iterable[Incident]) -> None:
    if len({incident.kind for incident in incidents}) > 1:
        message = _("A strike and a context event, or two kinds of them, are never one.")
        raise InvalidInput(errors=[FieldError("incidents", message, "kind")])


def _demand_others(into_id: UUID, from_ids: Sequence[UUID]) -> None:
    if not from_ids or into_id in from_ids or len(set(from_ids)) < len(from_ids):
        message = _("Name one or more other incidents, each once.")
        raise InvalidInput(errors=[FieldError("incidents", message, "incidents")])


def _demand_undoable(record: MergeRecord) -> None:
    if record.undone_at is not None:
        raise InvalidTransition(_("This merge was undone already."))
    moved = {id_ for reports in record.moved.values() for id_ in reports}
    here = set(
        map(str, Report.objects.filter(incident=record.survivor_id).values_list("id", flat=True))
    )
    if not moved <= here:
        raise InvalidTransition(_("Reports of this merge have moved to other incidents since."))
    if moved == here:
        raise InvalidTransition(_("Undoing it would leave the incident without a report."))


def _demand_some(incident: Incident, reports: Sequence[Report], report_ids: Sequence[UUID]) -> None:
    if not reports or len(reports) != len(set(report_ids)):
        message = _("Name reports of this incident.")
    elif not _both_stand(incident, reports):
        message = _("At least one report that counts stays, and at least one goes.")
    else:
        return
    raise InvalidInput(errors=[FieldError("reports", message, "reports")])


def _both_stand(incident: Incident, going: Sequence[Report]) -> bool:
    counting = set(incident.reports.current().values_list("id", flat=True))
    gone = {report.id for report in going}
    return bool(counting & gone) and bool(counting - gone)


def _report_ids(incident: Incident) -> list[str]:
    return [str(id_) for id_ in incident.reports.order_by("id").values_list("id", flat=True)]


def _unpublish(incident: Incident) -> None:
    """Take the state back; what the feed shows is taken back by its own event."""
    if is_possible(incident, Step.TAKE_BACK):
        step_take(incident, Step.TAKE_BACK)


def _audit(
    actor: Actor, action: str, incident: Incident, reason: str, data: dict[str, Any]
) -> None:
    counted = {"version": incident.version, "independent_sources": incident.independent_sources}
    incident_audit(
        actor=actor, action=action, incident=incident, reason=reason, data=counted | data
    )
