"""The shapes of the log's answers, for openapi.yaml."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from feed.formats import FORMATS
from feed.models import Change, Kind
from feed.schema import ITEMS_PARAMETERS
from incidents.api.schema import refusals

Schema = dict[str, Any]

NDJSON = "application/x-ndjson"
_TEXT: Schema = {"type": "string"}
_HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SEQ: Schema = {"type": "integer", "minimum": 0}
_TIME: Schema = {"type": "string", "format": "date-time"}
_UUID: Schema = {"type": "string", "format": "uuid"}


def whole(**properties: Schema) -> Schema:
    """Return the shape of an object in which all of these are there."""
    return {"type": "object", "required": [*properties], "properties": properties}


def listed(items: Schema) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": items}


def or_null(shape: Schema) -> Schema:
    """Return the shape of something that may be missing."""
    return {**shape, "nullable": True}


def answers(*refused: int, **shapes: Schema) -> dict[Any, Any]:
    """Return the answers of an address: 200 in JSON, and these refusals."""
    described = OpenApiResponse(response=shapes["json"])
    return {(200, "application/json"): described, **refusals(400, 401, *refused)}


_CHANGE = whole(
    seq={"type": "integer", "minimum": 1},
    sealed_at=_TIME,
    kind={"type": "string", "enum": [*Kind]},
    id=_UUID,
    version={"type": "integer", "minimum": 1},
    change={"type": "string", "enum": [*Change]},
    reason=_TEXT,
    merged_into=or_null(_UUID),
    license=or_null(_TEXT),
    redacted={"type": "boolean"},
    salt=or_null(_TEXT),
    hash=_HEX,
    feature=or_null({"type": "object"}),
)
_PAGE = whole(
    changes=listed(_CHANGE),
    cursor=_TEXT,
    seq=_SEQ,
    digest=or_null(_HEX),
    at_head={"type": "boolean"},
)
CHANGES = answers(json=_PAGE) | {(200, NDJSON): OpenApiResponse(response=_TEXT)}
CHANGES_PARAMETERS = [
    OpenApiParameter("since", str, description="The cursor of an earlier answer; none: all."),
    OpenApiParameter(
        "wait",
        {"type": "integer", "minimum": 0},
        description="Seconds, at most 30, to wait for an entry where there is none.",
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1},
        description="Entries an answer: 1,000 unless asked for, at most 10,000; as lines 100,000.",
    ),
    OpenApiParameter(
        "kind",
        {"type": "array", "items": {"type": "string", "enum": [*Kind]}},
        style="form",
        explode=False,
        description="Only entries of these kinds. The cursor holds for the same kinds alone.",
    ),
    OpenApiParameter(
        "f",
        {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
        description="ndjson: a line for each entry, streamed, and a last line with the cursor.",
    ),
]
SIGNED: Schema = {"key_id": _TEXT, "signature": _TEXT}
DIGEST = answers(
    404,
    json=whole(
        statement=whole(
            type=_TEXT, audience=_TEXT, seq=_SEQ, sealed_at=or_null(_TIME), digest=_HEX
        ),
        **SIGNED,
    ),
)
DIGEST_PARAMETERS = [
    OpenApiParameter("seq", _SEQ, description="The entry up to which; the last unless named.")
]
_NAME: Schema = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
_FILE = whole(
    name=_TEXT,
    media_type=_TEXT,
    size=_SEQ,
    sha256=_HEX,
    superseded_at=or_null(_TIME),
    superseded_because=_TEXT,
)
RELEASES = whole(
    releases=listed(
        whole(
            name=_NAME,
            audience=_TEXT,
            seq=_SEQ,
            created_at=_TIME,
            previous=or_null(_NAME),
            is_made={"type": "boolean"},
            changes={"type": "object", "additionalProperties": _SEQ},
        )
    )
)
RELEASE = whole(
    statement=whole(
        type=_TEXT,
        name=_NAME,
        audience=_TEXT,
        seq=_SEQ,
        digest=_HEX,
        created_at=_TIME,
        previous=or_null(_NAME),
        changes={"type": "object", "additionalProperties": _SEQ},
        files=listed(_FILE),
    ),
    **SIGNED,
)
EXPORTS = {
    **{(200, one.media_type.partition(";")[0]): bytes for one in FORMATS.values()},
    **refusals(400, 401, 404, 503),
}
EXPORTS_PARAMETERS = [one for one in ITEMS_PARAMETERS if one.name not in ("f", "limit", "cursor")]
