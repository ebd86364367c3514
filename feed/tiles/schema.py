"""The description of the tiles for openapi.yaml."""

import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from feed.schema import ITEMS_PARAMETERS
from incidents.api.schema import refusals

ATTRIBUTION = "Harmwatch and the organisations that reported to it"
_WHOLE = {"type": "integer", "minimum": 0}
PARAMETERS = [
    *(
        OpenApiParameter(name, _WHOLE, OpenApiParameter.PATH, required=True)
        for name in ("z", "x", "y")
    ),
    *(
        parameter
        for parameter in ITEMS_PARAMETERS
        if parameter.name in {"datetime", "filter", "filter-lang", "filter-crs"}
    ),
]
TILE: dict[Any, Any] = {
    (200, "application/vnd.mapbox-vector-tile"): OpenApiResponse(
        response={"type": "string", "format": "binary"}
    ),
    204: OpenApiResponse(description="Nothing is there."),
    304: OpenApiResponse(description="It is as the caller has it."),
    **refusals(400, 401, 404, 503),
}
TILEJSON: dict[Any, Any] = {
    (200, "application/json"): OpenApiResponse(response={"type": "object"}),
    **refusals(400, 401, 404),
}


def as_json(document: dict[str, Any]) -> str:
    """Return a document as JSON text."""
    return json.dumps(document, ensure_ascii=False)
