"""The only door to the publication log: what an audience may see, and as of which entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from psycopg.types.range import TimestamptzRange

from accounts.actors import Actor
from accounts.permissions import Action, may
from core.geo import touches_bbox
from feed.models import SPAN, Audience, Kind, LogEntry
from feed.params import ItemsQuery


@dataclass(frozen=True, slots=True)
class Page:
    """Some features as JSON with commas between them, and where the next page begins."""

    features: str
    returned: int
    at_seq: int
    next_after: int | None


def audience_of(actor: Actor | None) -> Audience:
    """Return the audience that a caller belongs to: partners by right, everybody else public."""
    return Audience.PARTNER if may(actor, Action.FEED_READ_PARTNER) else Audience.PUBLIC


def log_visible_to(audience: Audience) -> QuerySet[LogEntry]:
    """Return the sealed entries of an audience."""
    return LogEntry.objects.filter(audience=audience, seq__isnull=False)


def latest_seq(audience: Audience) -> int:
    """Return the number of the newest sealed entry; 0 where there is none."""
    return log_visible_to(audience).aggregate(latest=Max("seq"))["latest"] or 0


def versions_at(audience: Audience, kind: Kind, seq: int) -> QuerySet[LogEntry]:
    """Return the versions of a kind's objects that stood when ``seq`` was the newest entry."""
    standing = Q(closed_by_seq__isnull=True) | Q(closed_by_seq__gt=seq)
    return log_visible_to(audience).filter(standing, kind=kind, seq__lte=seq).exclude(feature="")


def feature_by_id(audience: Audience, kind: Kind, object_id: UUID) -> str | None:
    """Return the standing version of one object as JSON; None where there is none to be seen."""
    standing = log_visible_to(audience).filter(kind=kind, object_id=object_id)
    standing = standing.filter(closed_by_seq__isnull=True).exclude(feature="")
    return standing.values_list("feature", flat=True).first()


def merged_into(audience: Audience, kind: Kind, object_id: UUID) -> UUID | None:
    """Return the object that a merged one lives on in, as this audience was told."""
    last = log_visible_to(audience).filter(kind=kind, object_id=object_id, closed_by_seq=None)
    return last.values_list("merged_into", flat=True).first()


def items_page(audience: Audience, kind: Kind, query: ItemsQuery) -> Page:
    """Return one page, in the order of publication.

    A walk sees the log as it stood when it began: its cursors carry that ``seq`` along.
    """
    after, at_seq = query.position or (0, latest_seq(audience))
    rows = versions_at(audience, kind, at_seq).filter(seq__gt=after).order_by("seq")
    if query.bbox:
        rows = rows.filter(touches_bbox("geometry", query.bbox))
    if query.interval:
        asked = TimestamptzRange(query.interval.start, query.interval.end, "[]")
        rows = rows.alias(span=SPAN).filter(span__overlap=asked)
    # PostgreSQL puts the page together; the row beyond it only tells that there is another.
    numbered = rows.annotate(place=Window(RowNumber(), order_by="seq"))
    on_page = Q(place__lte=query.limit)
    found = numbered[: query.limit + 1].aggregate(
        features=StringAgg("feature", ",", order_by="seq", filter=on_page, default=""),
        last=Max("seq", filter=on_page),
        found=Count("seq"),
    )
    has_more = found["found"] > query.limit
    returned = min(found["found"], query.limit)
    return Page(found["features"], returned, at_seq, found["last"] if has_more else None)


def latest_versions(incident_ids: Iterable[UUID]) -> dict[tuple[Audience, UUID], LogEntry]:
    """Return the newest entry of each for each audience, sealed or not; also of context events."""
    of_record = [Kind.INCIDENT, Kind.CONTEXT_EVENT]
    entries = LogEntry.objects.filter(kind__in=of_record, object_id__in=list(incident_ids))
    newest = entries.order_by("audience", "object_id", "-object_version")
    newest = newest.distinct("audience", "object_id")
    return {(Audience(entry.audience), entry.object_id): entry for entry in newest}
