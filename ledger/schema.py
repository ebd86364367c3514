"""The description of what lies outside the REST API: health, keys and heads, for openapi.yaml."""

from typing import Any

from ledger.models import Head

_JSON = "application/json"
_CHECK = {
    "type": "object",
    "required": ["ok", "detail"],
    "properties": {"ok": {"type": "boolean"}, "detail": {"type": "string"}},
}
_READY = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": {"type": "string", "enum": ["ready", "not ready"]},
        "checks": {
            "type": "object",
            "description": "database, redis, workers, sweep, events; that of the events counts"
            " those parked and those that failed and wait for their next attempt (retrying).",
            "additionalProperties": _CHECK,
        },
    },
}
_TEXTS = ("root", "previous", "hash", "key_id", "signature")
_HEAD = {
    "type": "object",
    "properties": {
        "list": {"type": "string", "enum": list(Head.List.values)},
        **{name: {"type": "integer"} for name in ("number", "first_seq", "last_seq")},
        **{name: {"type": "string"} for name in _TEXTS},
        "sealed_at": {"type": "string", "format": "date-time"},
    },
}
_HEADS = {
    "type": "object",
    "properties": {"list": {"type": "string"}, "heads": {"type": "array", "items": _HEAD}},
}
_KEYS = {
    "type": "object",
    "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
}
_COUNT = {"type": "integer", "minimum": 1}
_PARAMETERS = [
    {"in": "query", "name": "list", "schema": {"type": "string", "enum": list(Head.List.values)}},
    {"in": "query", "name": "before", "schema": _COUNT, "description": "number of a head"},
    {"in": "query", "name": "limit", "schema": _COUNT},
]


def add_public_paths(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add what needs no account and no version (a drf-spectacular hook)."""
    alive = {"type": "object", "properties": {"status": {"type": "string"}}}
    problem = _content({"$ref": "#/components/schemas/Problem"}, "application/problem+json")
    result["paths"] |= {
        "/healthz": _get("healthz", "This process answers.", {"200": _content(alive)}),
        "/readyz": _get(
            "readyz",
            "Whether all that is needed answers; each check says what it found.",
            {"200": _content(_READY), "503": _content(_READY)},
        ),
        "/.well-known/harmwatch-keys.json": _get(
            "keys",
            "The public keys of receipts and heads, present and past (RFC 7517).",
            {"200": _content(_KEYS, "application/jwk-set+json")},
        ),
        "/.well-known/harmwatch-ledger.json": _get(
            "ledger_heads",
            "The ledger's signed heads, the newest first.",
            {"200": _content(_HEADS), "400": problem},
            parameters=_PARAMETERS,
        ),
    }
    return result


def _get(name: str, description: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    operation = {
        **more,
        "operationId": name,
        "description": description,
        "tags": ["public"],
        "security": [{}],
        "responses": responses,
    }
    return {"get": operation}


def _content(schema: dict[str, Any], content_type: str = _JSON) -> dict[str, Any]:
    return {"description": "", "content": {content_type: {"schema": schema}}}
