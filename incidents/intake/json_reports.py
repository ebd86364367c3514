"""Reports as JSON, in the exact shape of ``ReportDraft``."""

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.canonical import sha256_hex
from core.errors import FieldError, InvalidInput
from core.parsers import json_decode
from incidents.checks import typed_report_check
from incidents.intake.type_errors import words_of
from incidents.types import ReportDraft, Submission

_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_MEMBER = re.compile(r"field `(\w+)`")


class UnreadableBody(InvalidInput):
    """The body is not JSON at all."""

    slug, title = "unreadable-body", gettext_lazy("The body cannot be read")


def submission_parse(body: bytes, idempotency_key: str | None) -> Submission:
    """Read one report. Without a key of the sender's the body's own hash is the key.

    Raises ``UnreadableBody`` for what is not JSON and ``InvalidInput`` naming the fields otherwise.
    """
    draft = draft_convert(body_decode(body))
    typed_report_check(draft)
    digest = sha256_hex(body)
    return Submission(
        draft=draft, idempotency_key=idempotency_key or f"sha256:{digest}", body_sha256=digest
    )


def body_decode(body: bytes) -> Any:
    """Return what JSON says; ``UnreadableBody`` for anything else."""
    try:
        return json_decode(body)
    except ValueError as exc:
        error = FieldError("body", _("The body is not JSON: %s") % exc, "not_json")
        raise UnreadableBody(errors=[error]) from None


def draft_convert(content: Any) -> ReportDraft:
    """Return plain data as a draft; ``InvalidInput`` naming each member that does not fit."""
    try:
        return msgspec.convert(content, ReportDraft)
    except msgspec.ValidationError as exc:
        raise InvalidInput(errors=_type_errors(content, field_error_of(exc))) from None


def _type_errors(content: Any, whole: FieldError) -> list[FieldError]:
    """Return the first error of each member, so that a sender need not mend one at a time."""
    if not isinstance(content, dict):
        return [whole]
    errors = [whole]
    for member in msgspec.structs.fields(ReportDraft):
        if member.encode_name in content:
            try:
                msgspec.convert(content[member.encode_name], member.type)
            except msgspec.ValidationError as exc:
                error = field_error_of(exc, member.encode_name)
                errors += [error] if error != whole else []
    return errors


def field_error_of(exc: msgspec.ValidationError, base: str = "") -> FieldError:
    """Turn msgspec's message, ``… - at `$.location.latitude```, into a field error."""
    match = _PATH.match(str(exc))
    assert match is not None
    message, path = match["message"], (match["path"] or "$").removeprefix("$").removeprefix(".")
    path = f"{base}.{path}".strip(".").replace(".[", "[")
    code = "invalid"
    if member := _MEMBER.search(message):
        path = f"{path}.{member[1]}".lstrip(".")
        code = "unknown_field" if "unknown field" in message else "required"
    return FieldError(path or "body", words_of(message), code)
