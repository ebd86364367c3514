"""The only door to the publication log: what an audience may see, and as of which entry."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import inf
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Action, may
from feed.formats import LogRow
from feed.models import Audience, Kind, LogEntry, Release

# What is sealed at a moment is committed, and so to be seen, a little later.
SETTLED_AFTER = timedelta(seconds=10)
_ROWS_AT_ONCE = 2_000


def audience_of(actor: Actor | None) -> Audience:
    """Return the audience that a caller belongs to: partners by right, everybody else public."""
    return Audience.PARTNER if may(actor, Action.FEED_READ_PARTNER) else Audience.PUBLIC


def log_visible_to(audience: Audience) -> QuerySet[LogEntry]:
    """Return the sealed entries of an audience."""
    return LogEntry.objects.filter(audience=audience, seq__isnull=False)


def latest_seq(audience: Audience) -> int:
    """Return the number of the newest sealed entry; 0 where there is none."""
    return log_visible_to(audience).aggregate(latest=Max("seq"))["latest"] or 0


def is_settled(moment: datetime) -> bool:
    """Tell whether ``seq_at`` a moment (UTC) is what it will be for good."""
    return moment <= timezone.now() - SETTLED_AFTER


def last_entry(audience: Audience) -> LogEntry | None:
    """Return the newest sealed entry; None where there is none."""
    return log_visible_to(audience).only("seq", "sealed_at").order_by("-seq").first()


def shown_now(audience: Audience, kind: Kind) -> QuerySet[LogEntry]:
    """Return the versions with content that stand now."""
    return log_visible_to(audience).filter(kind=kind, closed_by_seq=None).exclude(feature="")


def seq_at(audience: Audience, moment: datetime) -> int:
    """Return the number of the last entry sealed by a moment; 0 where there is none."""
    sealed = log_visible_to(audience).filter(sealed_at__lte=moment)
    return sealed.order_by("-sealed_at", "-seq").values_list("seq", flat=True).first() or 0


def standing_at(audience: Audience, seq: int) -> QuerySet[LogEntry]:
    """Return the versions with content that stood at an entry."""
    shown = log_visible_to(audience).filter(seq__lte=seq).exclude(feature="")
    return shown.filter(Q(closed_by_seq=None) | Q(closed_by_seq__gt=seq))


def rows_standing(audience: Audience, kind: Kind, seq: int) -> Iterator[LogRow]:
    """Yield the rows of a kind that stood at an entry, in the order of the log.

    They are read in handfuls: however long a reader takes, no transaction waits for them.
    """
    columns = ("seq", "sealed_at", "kind", "object_id", "object_version", "change", "feature")
    rows, after = standing_at(audience, seq).filter(kind=kind).order_by("seq"), 0
    while handful := list(rows.filter(seq__gt=after).values_list(*columns)[:_ROWS_AT_ONCE]):
        yield from map(LogRow._make, handful)
        after = handful[-1][0]


def releases_visible_to(audience: Audience) -> QuerySet[Release]:
    """Return the releases that an audience may read: partners also those for everybody."""
    partner = audience == Audience.PARTNER
    return Release.objects.filter(audience__in=[*Audience] if partner else [audience])


def releases_holding(entries: Iterable[LogEntry]) -> list[UUID]:
    """Return the releases that hold any of these versions."""
    spans: dict[str, list[tuple[int, float]]] = {audience: [] for audience in Audience}
    for entry in entries:
        if entry.seq and entry.feature:
            spans[entry.audience].append((entry.seq, entry.closed_by_seq or inf))
    return [
        id_
        for id_, audience, seq in Release.objects.values_list("id", "audience", "seq")
        if any(first <= seq < closed for first, closed in spans[audience])
    ]


def cells_naming(audience: Audience, incident_id: UUID) -> list[LogEntry]:
    """Return the versions of risk cells that give an incident as a reason, sealed or not.

    Looked through are those since the incident was first told. They come with their places in the
    log, and of their ``feature`` only that there is one: there may be thousands.
    """
    told = log_visible_to(audience).filter(kind=Kind.INCIDENT, object_id=incident_id)
    first = told.aggregate(first=Min("seq"))["first"]
    if first is None:
        return []
    since = Q(seq__gt=first) | Q(seq=None)
    cells = LogEntry.objects.filter(since, audience=audience, kind=Kind.RISK_CELL)
    naming = cells.exclude(feature="").filter(feature__contains=str(incident_id))
    columns = ("audience", "object_id", "seq", "closed_by_seq")
    return [LogEntry(**row, feature="-") for row in naming.values(*columns)]


def feature_by_id(
    audience: Audience, kind: Kind, object_id: UUID, at_seq: int | None = None
) -> str | None:
    """Return the version of one object that stood at an entry (None: now) as JSON; None: nothing.

    What was redacted since is gone from every state.
    """
    versions = log_visible_to(audience) if at_seq is None else standing_at(audience, at_seq)
    if at_seq is None:
        versions = versions.filter(closed_by_seq__isnull=True).exclude(feature="")
    found = versions.filter(kind=kind, object_id=object_id)
    return found.values_list("feature", flat=True).first()


def versions_shown(
    audience: Audience, kind: Kind, object_id: UUID, at_seq: int | None = None
) -> QuerySet[LogEntry]:
    """Return all that an audience was told of one object by an entry (None: now), the last first.

    What was redacted since has no content any more.
    """
    told = log_visible_to(audience).filter(kind=kind, object_id=object_id)
    if at_seq is not None:
        told = told.filter(seq__lte=at_seq)
    return told.only("seq", "sealed_at", "change", "object_version").order_by("-seq")


def tombstone_of(audience: Audience, kind: Kind, object_id: UUID) -> LogEntry | None:
    """Return what this audience was last told of an object that is gone; None: it never was."""
    return (
        log_visible_to(audience)
        .filter(kind=kind, object_id=object_id, closed_by_seq=None, feature="")
        .first()
    )


def versions_of(object_ids: Iterable[UUID], kinds: Iterable[Kind]) -> QuerySet[LogEntry]:
    """Return all entries of some objects, sealed or not, by the index: it wants audience first."""
    return LogEntry.objects.filter(
        audience__in=[*Audience], kind__in=[*kinds], object_id__in=[*object_ids]
    )


def latest_versions(
    ids: Iterable[UUID], kinds: Iterable[Kind] = (Kind.INCIDENT, Kind.CONTEXT_EVENT)
) -> dict[tuple[Audience, UUID], LogEntry]:
    """Return the newest entry of each for each audience, sealed or not: of incidents and events.

    ``kinds``: others instead, of which an id has one at most.
    """
    entries = versions_of(ids, kinds)
    newest = entries.order_by("audience", "object_id", "-object_version")
    newest = newest.distinct("audience", "object_id")
    return {(Audience(entry.audience), entry.object_id): entry for entry in newest}
