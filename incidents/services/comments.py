"""What monitors say to each other about an incident. It stays inside and is never changed."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput
from incidents.models import Comment, Incident
from incidents.selectors.casework import comments_of
from incidents.services.locking import incident_lock_unmerged
from incidents.services.recording import incident_audit


@transaction.atomic
def comment_add(
    *, actor: Actor, incident_id: UUID, text: str, replaces: UUID | None = None
) -> Comment:
    """Add a comment, or a newer one that ``replaces`` one of the actor's own.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidTransition`` for an incident that was merged,
    ``InvalidInput`` where ``replaces`` is not an own comment on it, and ``Conflict`` where that was
    replaced before. The incident's version stays.
    """
    demand(actor, Action.INCIDENT_ASSESS)
    incident = incident_lock_unmerged(actor, incident_id)
    if replaces is not None:
        _demand_replaceable(actor, incident, replaces)
    comment = Comment.objects.create(
        incident=incident, text=text, written_by_id=actor.id, replaces_id=replaces
    )
    incident_audit(
        actor=actor,
        action="incident.commented",
        incident=incident,
        data={"comment": str(comment.id), "replaces": str(replaces) if replaces else None},
    )
    return comment


def _demand_replaceable(actor: Actor, incident: Incident, id_: UUID) -> None:
    here = comments_of(incident)
    own = here.filter(id=id_, written_by_id=actor.id).first()
    if own is None:
        message = _("Name one of your own comments on this incident.")
        raise InvalidInput(errors=[FieldError("replaces", message, "replaces")])
    if here.filter(replaces=own).exists():
        raise Conflict(_("That comment was replaced before; replace the newer one."))
