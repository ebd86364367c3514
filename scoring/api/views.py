"""How many people live around an incident."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import NotFound
from incidents.api.moved import moved_answer
from incidents.api.schema import refusals
from incidents.api.serializers import MovedAnswer
from incidents.selectors import incident_visible_to
from incidents.vocab import IncidentKind
from scoring.api.serializers import ExposureAnswer, layer_exposure
from scoring.selectors import active_layer, exposure_of, exposures_beside


class IncidentExposure(APIView):
    """The exposure of one incident."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_exposure",
        responses={200: ExposureAnswer, 308: MovedAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Return the figures at each radius with layer, formula and place model."""
        strikes = incident_visible_to(actor_of_request(request)).filter(kind=IncidentKind.STRIKE)
        strike = strikes.filter(id=incident_id).first()
        if strike is None:
            raise NotFound()
        if moved := moved_answer(request, strike):
            return moved
        exposure = exposure_of(incident_id)
        explained = layer_exposure(exposure) if exposure else None
        answer = {
            "incident": incident_id,
            "layer": active_layer(),
            "figures": explained["figures"] if explained else [],
            "explanation": explained,
            "beside": [layer_exposure(one) for one in exposures_beside(incident_id)],
        }
        return Response(ExposureAnswer(answer).data)
