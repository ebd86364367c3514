"""Reading layers and exposures. Whether a person may, the incident's own door tells."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Conflict, NotFound
from scoring.engine.exposure import FORMULA_VERSION
from scoring.models import Exposure, PopulationLayer


def active_layer() -> PopulationLayer | None:
    """Return the layer that figures are computed from, if there is one."""
    return PopulationLayer.objects.filter(is_active=True).first()


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


def exposure_of(incident_id: UUID) -> QuerySet[Exposure]:
    """Return an incident's figures by the active layer and present formula, smallest radius first.

    For the house's own computing; empty until the incident was scored by that layer.
    """
    layer = active_layer()
    return Exposure.objects.filter(
        incident_id=incident_id,
        layer_sha256=layer.sha256 if layer else "",
        formula_version=FORMULA_VERSION,
    ).order_by("radius_m")
