"""The monitors' queue: incidents chosen by what is known of them, and by how far they have come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from core.geo import BBox, points_about_bbox
from incidents.models import Incident, Report
from incidents.models.incidents import TO_DECIDE
from incidents.selectors.incidents import incident_listed_to


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents: those that fit everything that is given. Empty or None leaves it open.

    ``grades`` may hold "", the ungraded. ``time_from`` and ``time_until`` (UTC, both included) take
    what may have happened between them. ``text`` is looked for in titles and names of places.
    ``needs_decision``: what monitors have something to decide about, see ``selectors.decisions``.
    """

    states: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    country: str = ""
    assigned_to: UUID | None = None
    unassigned: bool = False
    bbox: BBox | None = None
    time_from: datetime | None = None
    time_until: datetime | None = None
    has_flags: bool | None = None
    minimum_independent_sources: int = 0
    text: str = ""
    needs_decision: bool | None = None


def incident_queue(actor: Actor | None, wanted: IncidentFilter) -> QuerySet[Incident]:
    """Return the incidents that an actor may read and that fit, with who works on them."""
    rows = incident_listed_to(actor).filter(_conditions(wanted))
    if wanted.has_flags is not None:
        flagged = Report.objects.current().filter(incident=OuterRef("pk"), flags__len__gt=0)
        rows = rows.filter(Exists(flagged) if wanted.has_flags else ~Exists(flagged))
    return rows.select_related("assignment__user")


def _conditions(wanted: IncidentFilter) -> Q:
    simple = {
        "state__in": wanted.states,
        "grade__in": wanted.grades,
        "kind__in": wanted.kinds,
        "weapon__in": wanted.weapons,
        "country": wanted.country,
        "assignment__user": wanted.assigned_to,
        "time_end__gte": wanted.time_from,
        "time_start__lte": wanted.time_until,
        "independent_sources__gte": wanted.minimum_independent_sources,
    }
    found = Q(**{lookup: value for lookup, value in simple.items() if value})
    if wanted.unassigned:
        found &= Q(assignment__isnull=True)
    if wanted.bbox:
        found &= points_about_bbox("location", wanted.bbox)
    if wanted.needs_decision is not None:
        found &= TO_DECIDE if wanted.needs_decision else ~TO_DECIDE
    if wanted.text:
        found &= Q(title__icontains=wanted.text) | Q(place_name__icontains=wanted.text)
    return found
