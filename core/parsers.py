"""Reading JSON bodies strictly."""

import json
from collections.abc import Mapping
from typing import IO, Any

import msgspec
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


def json_decode(body: bytes) -> Any:
    """Return what a JSON text says; ``ValueError`` with the reason for what is not quite JSON.

    Not taken: another encoding than UTF-8, lone surrogates, NaN, nesting without end, and a name
    twice in one object, since readers differ in which of the two they believe.
    """
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise ValueError(str(exc)) from None
    json.loads(body, object_pairs_hook=_refuse_twins)
    return content


def _refuse_twins(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _value in pairs]
    if len(set(names)) < len(names):
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("“%s” stands twice in one object.") % twin[:100])


class StrictJSONParser(JSONParser):
    """DRF's door to ``json_decode``."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the content of a body; ``ParseError`` where it is not JSON."""
        try:
            return json_decode(stream.read())
        except ValueError as exc:
            raise ParseError(_("The body is not JSON: %s") % exc) from None
