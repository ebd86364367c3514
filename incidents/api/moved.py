"""Where what was asked of a merged incident is found now."""

from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import Incident
from incidents.selectors.merging import survivor_id_of


def moved_answer(request: Request, incident: Incident) -> Response | None:
    """Return the redirect to the same address below the incident that a merged one lives on in.

    None for one that stands.
    """
    if incident.merged_into_id is None:
        return None
    survivor = survivor_id_of(incident)
    there = request.get_full_path().replace(str(incident.id), str(survivor), 1)
    headers = {"Location": request.build_absolute_uri(there)}
    return Response({"merged_into": survivor}, status=308, headers=headers)
