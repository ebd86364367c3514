"""The proof of an incident, for monitors and courts."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.canonical import canonical_json
from core.errors import FieldError, InvalidInput, NotFound
from incidents.api.schema import refusals
from incidents.api.serializers import MovedAnswer
from incidents.selectors.incidents import incident_visible_to
from incidents.selectors.merging import survivor_id_of
from incidents.selectors.proof import RECORD, proof_bundle
from incidents.vocab import Purpose

_PURPOSES = (RECORD, str(Purpose.COURT))


class ProofAnswer(serializers.Serializer):
    """A proof bundle, which ``clients/harmwatch_verify.py bundle`` checks offline."""

    type = serializers.CharField()
    notice = serializers.CharField()
    made_at = serializers.DateTimeField()
    purpose = serializers.ChoiceField(_PURPOSES)
    incident = serializers.DictField(help_text="the record; null where no report shown says so")
    reports = serializers.ListField(child=serializers.DictField())
    reports_left_out = serializers.IntegerField(help_text="for want of consent to use in court")
    assessments = serializers.ListField(child=serializers.DictField())
    publications = serializers.ListField(child=serializers.DictField())
    merges = serializers.ListField(child=serializers.DictField())
    entries = serializers.ListField(child=serializers.DictField(), help_text="of the audit ledger")
    heads = serializers.ListField(child=serializers.DictField())
    pending = serializers.IntegerField(help_text="entries that are not sealed yet")
    key_id = serializers.CharField()
    signature = serializers.CharField()


class IncidentProof(APIView):
    """Proving. It holds whole reports, so it takes the right to read those too."""

    permission_classes = [requires(Action.INCIDENT_READ), requires(Action.REPORT_READ_ALL)]

    @extend_schema(
        operation_id="incidents_proof",
        parameters=[OpenApiParameter("purpose", enum=_PURPOSES, default=RECORD)],
        responses={200: ProofAnswer, 308: MovedAnswer, **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, incident_id: UUID) -> Response | HttpResponse:
        """Return an incident with everything that proves it offline, to be kept byte for byte."""
        actor, purpose = actor_of_request(request), _purpose(request)
        incident = incident_visible_to(actor).filter(id=incident_id).first()
        if incident is None:
            raise NotFound()
        if incident.merged_into_id is not None:
            survivor = survivor_id_of(incident)
            query = request.META["QUERY_STRING"]
            path = f"../../{survivor}/proof/" + (f"?{query}" if query else "")
            headers = {"Location": request.build_absolute_uri(path)}
            return Response({"merged_into": survivor}, status=308, headers=headers)
        bundle = proof_bundle(actor=actor, incident_id=incident_id, purpose=purpose)
        # Not DRF's renderer: the signature is over these very bytes.
        response = HttpResponse(canonical_json(bundle), content_type="application/json")
        response["Cache-Control"] = "no-store"
        response["Content-Disposition"] = f'attachment; filename="{incident_id}.proof.json"'
        return response


def _purpose(request: Request) -> str:
    purpose = request.query_params.get("purpose", RECORD)
    if purpose not in _PURPOSES:
        message = _("The purposes are: %(names)s.") % {"names": ", ".join(_PURPOSES)}
        raise InvalidInput(errors=[FieldError("purpose", message, "unknown")])
    return purpose
