"""Comments on incidents and responses to them, with those of the incidents merged into them.

Merging moves reports alone. What was said of an incident that lives on in another is found from
there, and stands by itself again once the merge is undone.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import Comment, Incident, Response
from incidents.selectors.merging import family_of


def comments_of(incident: Incident, family: Collection[UUID] = ()) -> QuerySet[Comment]:
    """Return the comments, with their authors; ``family`` where ``family_of`` is known already."""
    rows = Comment.objects.filter(incident_id__in=family or family_of(incident.id))
    return rows.select_related("written_by")


def responses_of(incident: Incident, family: Collection[UUID] = ()) -> QuerySet[Response]:
    """Return the responses, oldest first; each ``stands`` unless a newer one here replaces it.

    One that was replaced while two incidents were merged stands again once they no longer are.
    """
    rows = Response.objects.filter(incident_id__in=family or family_of(incident.id))
    newer = rows.filter(replaces=OuterRef("pk"))
    rows = rows.annotate(stands=~Exists(newer)).select_related("recorded_by")
    return rows.order_by("recorded_at", "id")


def responses_standing(incident: Incident) -> QuerySet[Response]:
    """Return the responses that no newer one replaces, oldest first."""
    return responses_of(incident).filter(Q(stands=True))
