"""The only door to the publication log: what an audience may see, and as of which entry."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max, QuerySet

from accounts.actors import Actor
from accounts.permissions import Action, may
from feed.models import Audience, Kind, LogEntry


def audience_of(actor: Actor | None) -> Audience:
    """Return the audience that a caller belongs to: partners by right, everybody else public."""
    return Audience.PARTNER if may(actor, Action.FEED_READ_PARTNER) else Audience.PUBLIC


def log_visible_to(audience: Audience) -> QuerySet[LogEntry]:
    """Return the sealed entries of an audience."""
    return LogEntry.objects.filter(audience=audience, seq__isnull=False)


def latest_seq(audience: Audience) -> int:
    """Return the number of the newest sealed entry; 0 where there is none."""
    return log_visible_to(audience).aggregate(latest=Max("seq"))["latest"] or 0


def feature_by_id(audience: Audience, kind: Kind, object_id: UUID) -> str | None:
    """Return the standing version of one object as JSON; None where there is none to be seen."""
    standing = log_visible_to(audience).filter(kind=kind, object_id=object_id)
    standing = standing.filter(closed_by_seq__isnull=True).exclude(feature="")
    return standing.values_list("feature", flat=True).first()


def merged_into(audience: Audience, kind: Kind, object_id: UUID) -> UUID | None:
    """Return the object that a merged one lives on in, as this audience was told."""
    last = log_visible_to(audience).filter(kind=kind, object_id=object_id, closed_by_seq=None)
    return last.values_list("merged_into", flat=True).first()


def latest_versions(incident_ids: Iterable[UUID]) -> dict[tuple[Audience, UUID], LogEntry]:
    """Return the newest entry of each for each audience, sealed or not; also of context events."""
    of_record = [Kind.INCIDENT, Kind.CONTEXT_EVENT]
    entries = LogEntry.objects.filter(kind__in=of_record, object_id__in=list(incident_ids))
    newest = entries.order_by("audience", "object_id", "-object_version")
    newest = newest.distinct("audience", "object_id")
    return {(Audience(entry.audience), entry.object_id): entry for entry in newest}
