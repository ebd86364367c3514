"""The only door to reports and incidents: querysets of what an actor may see."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, FloatField, Func, Q, QuerySet, When

from accounts.actors import Actor
from accounts.permissions import Action, may
from incidents.models import Incident, Publication, Report
from incidents.models.reports import ReportQuerySet
from incidents.vocab import IncidentKind

# A point's degrees as numbers; making objects of points takes ten times as long.
LON = Func("location", function="ST_X", output_field=FloatField())
LAT = Func("location", function="ST_Y", output_field=FloatField())


def report_visible_to(actor: Actor | None) -> ReportQuerySet:
    """Return the reports an actor may read: all, their organisation's, or none."""
    if may(actor, Action.REPORT_READ_ALL):
        return Report.objects.all()
    if actor is not None and may(actor, Action.REPORT_READ_OWN):
        return Report.objects.filter(organisation_id=actor.organisation_id)
    return Report.objects.none()


def report_owned_by(actor: Actor | None) -> ReportQuerySet:
    """Return the reports that an actor may add to, correct or withdraw: their organisation's."""
    if actor is not None and may(actor, Action.REPORT_SUBMIT):
        return Report.objects.filter(organisation_id=actor.organisation_id)
    return Report.objects.none()


def report_visible_whole_to(actor: Actor | None) -> QuerySet[Report]:
    """Return the same with all that belongs to a report, in a fixed number of queries."""
    return (
        report_visible_to(actor)
        .select_related("withdrawal")
        .prefetch_related(
            "sources__relays",
            "claims__source",
            "evidence__working_copy",
            "links",
            "consent_changes",
        )
    )


def sealed_visible_to(actor: Actor | None) -> QuerySet[Report]:
    """Return the reports whose sealed identities an actor may read: all, their own, or none."""
    if may(actor, Action.SEALED_READ_ALL):
        return Report.objects.all()
    if actor is not None and may(actor, Action.SEALED_READ_OWN):
        return Report.objects.filter(organisation_id=actor.organisation_id)
    return Report.objects.none()


def incident_visible_to(actor: Actor | None) -> QuerySet[Incident]:
    """Return the incidents an actor may read in the record itself."""
    if may(actor, Action.INCIDENT_READ):
        return Incident.objects.all()
    return Incident.objects.none()


def incident_listed_to(actor: Actor | None) -> QuerySet[Incident]:
    """Return the incidents an actor may read but those that live on in another."""
    return incident_visible_to(actor).filter(merged_into__isnull=True)


def strikes_by_id(ids: Iterable[UUID]) -> QuerySet[Incident]:
    """Return those that are strikes, for the house's own computing; no caller is a person."""
    return Incident.objects.filter(id__in=list(ids), kind=IncidentKind.STRIKE)


def strikes_standing() -> QuerySet[Incident]:
    """Return the strikes that were not merged into another, for the house's own computing."""
    return Incident.objects.filter(merged_into__isnull=True, kind=IncidentKind.STRIKE)


def strikes_by_place() -> "QuerySet[Incident, tuple[UUID, bool]]":
    """Return the id of each strike that stands, and whether its place is known vaguely.

    For the house's own computing. Those at exact points come first, and neighbours follow each
    other (PostGIS sorts points along a Hilbert curve), so that few of them touch much of a raster.
    """
    in_a_unit = Q(location=None) & ~Q(pcode="")
    is_vague = Case(When(Q(uncertainty_m__gt=0) | in_a_unit, then=True), default=False)
    return (
        strikes_standing()
        .annotate(is_vague=is_vague)
        .order_by("is_vague", "location", "uncertainty_m", "id")
        .values_list("id", "is_vague")
    )


def strikes_in_units() -> "QuerySet[Incident, UUID]":
    """Return the ids of strikes that stand and of whose place only a unit's P-code is known."""
    return (
        strikes_standing()
        .filter(location=None)
        .exclude(pcode="")
        .order_by("id")
        .values_list("id", flat=True)
    )


def incidents_lock(ids: Iterable[UUID]) -> None:
    """Let nobody else change these incidents until the transaction ends."""
    locked = Incident.objects.select_for_update(no_key=True).filter(id__in=list(ids))
    list(locked.order_by("id").values_list("id"))


def embargoed_among(ids: Iterable[UUID]) -> set[UUID]:
    """Return which incidents are under embargo; that stays so until the transaction ends."""
    locked = Incident.objects.select_for_update(no_key=True).filter(id__in=list(ids))
    rows = locked.order_by("id").values_list("id", "embargo_until")
    return {id_ for id_, until in rows if until is not None}


def publications_by_id(ids: Iterable[UUID]) -> QuerySet[Publication]:
    """Return frozen publications for the feed."""
    return Publication.objects.filter(id__in=list(ids))
