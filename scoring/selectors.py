"""Reading layers and exposures. Whether a person may, the incident's own door tells."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, may
from core.errors import Conflict, NotFound
from ledger.models import Delivery
from scoring.engine.exposure import FORMULA_VERSION
from scoring.models import (
    Exposure,
    ExposureQuestion,
    PopulationLayer,
    Rescoring,
    ScoringBlock,
)
from scoring.weapon_profiles import PROFILES_VERSION


def active_layer() -> PopulationLayer | None:
    """Return the layer that figures are computed from, if there is one."""
    return PopulationLayer.objects.filter(is_active=True).first()


def layers_beside() -> QuerySet[PopulationLayer]:
    """Return the layers that incidents are scored by beside the active one, to compare."""
    return PopulationLayer.objects.filter(is_beside=True).order_by("id")


def layer_in_use(layer_id: UUID) -> PopulationLayer | None:
    """Return a layer if incidents are scored by it."""
    in_use = Q(is_active=True) | Q(is_beside=True)
    return PopulationLayer.objects.filter(in_use, id=layer_id).first()


def layer_matching(reference: str) -> PopulationLayer:
    """Return the layer with this id, or whose checksum begins so (six digits at least).

    Raises ``NotFound``, or ``Conflict`` where several begin so.
    """
    try:
        which = Q(id=UUID(reference))
    except ValueError:
        which = Q(sha256__startswith=reference.lower()) if len(reference) >= 6 else Q(pk__in=[])
    found = list(PopulationLayer.objects.filter(which)[:2])
    if not found:
        raise NotFound(_("There is no population layer %(name)r.") % {"name": reference})
    if len(found) > 1:
        raise Conflict(_("Several layers begin with %(name)r.") % {"name": reference})
    return found[0]


def exposure_of(incident_id: UUID) -> Exposure | None:
    """Return an incident's figures by the active layer, present formula and weapon profiles.

    For the house's own computing; None until the incident was scored by that layer.
    """
    return _present(incident_id, active_layer())


def exposures_beside(incident_id: UUID) -> list[Exposure]:
    """Return the same by each of the layers beside the active one that it was scored by."""
    found = [_present(incident_id, layer) for layer in layers_beside()]
    return [exposure for exposure in found if exposure]


def _present(incident_id: UUID, layer: PopulationLayer | None) -> Exposure | None:
    rows = Exposure.objects.filter(
        incident_id=incident_id,
        layer=layer,
        formula_version=FORMULA_VERSION,
        profiles_version=PROFILES_VERSION,
    )
    return rows.select_related("layer").prefetch_related("layer__groups").first()


def rescoring_visible_to(actor: Actor | None) -> QuerySet[Any]:
    """Return the runs with how far each has come: total, done, left_out and stuck (incidents).

    For those who read the record.
    """
    if not may(actor, Action.INCIDENT_READ):
        return Rescoring.objects.none()
    return rescorings()


def rescorings() -> QuerySet[Any]:
    """Return the same for the house's own commands."""

    def incidents(**which: Any) -> Coalesce:
        return Coalesce(Sum("blocks__size", filter=Q(**which)), 0)

    parked = Delivery.objects.filter(
        consumer="scoring.rescore", state=Delivery.State.PARKED, object_id=OuterRef("id")
    )
    stuck = ScoringBlock.objects.filter(Exists(parked), run=OuterRef("id"), outcome="")
    stuck_size = stuck.values("run").annotate(size_sum=Sum("size")).values("size_sum")
    return Rescoring.objects.select_related("layer").annotate(
        total=incidents(),
        done=incidents(blocks__outcome=ScoringBlock.Outcome.SCORED),
        left_out=incidents(blocks__outcome=ScoringBlock.Outcome.LEFT_OUT),
        stuck=Coalesce(Subquery(stuck_size), 0),
        last_done_at=Max("blocks__done_at"),
    )


def question_visible_to(actor: Actor | None) -> QuerySet[ExposureQuestion]:
    """Return the questions that an actor asked and that have not expired; nobody sees another's."""
    if actor is None or not may(actor, Action.EXPOSURE_ASK):
        return ExposureQuestion.objects.none()
    own = ExposureQuestion.objects.filter(
        created_by_id=actor.id, organisation_id=actor.organisation_id
    )
    return own.filter(expires_at__gt=timezone.now())


def question_is_parked(question_id: UUID) -> bool:
    """Tell whether a part of a question was given up after many attempts."""
    parked = Delivery.objects.filter(consumer="scoring.questions", state=Delivery.State.PARKED)
    return parked.filter(event__payload__question=str(question_id)).exists()
