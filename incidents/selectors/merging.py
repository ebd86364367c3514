"""What was merged into what, and where an old id leads."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from incidents.models import Incident, MergeRecord
from incidents.selectors.incidents import incident_visible_to


def merge_visible_to(actor: Actor | None) -> QuerySet[MergeRecord]:
    """Return the merges of incidents that an actor may read."""
    return MergeRecord.objects.filter(survivor__in=incident_visible_to(actor))


def survivor_id_of(incident: Incident) -> UUID:
    """Return the incident that a merged one lives on in, over as many merges as there were."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    return incident.id


def family_of(incident_id: UUID) -> set[UUID]:
    """Return an incident with those that live on in it, over as many merges as there were."""
    family, found = {incident_id}, {incident_id}
    while found:
        merged_here = Incident.objects.filter(merged_into_id__in=found)
        found = set(merged_here.values_list("id", flat=True)) - family
        family |= found
    return family
