"""The strike form filled in with KoboToolbox: the JSON that its REST services pass on."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.canonical import sha256_hex
from core.errors import FieldError, InvalidInput
from incidents.forms import REPEATS
from incidents.intake.json_reports import UnreadableBody, body_decode
from incidents.intake.strike_form import (
    Answers,
    attachment_names,
    checked_names,
    draft_of_answers,
    identifier,
)
from incidents.types import Submission

# What the server adds of its own, beside all that begins with an underscore.
_KOBOS_OWN = frozenset({"formhub/uuid"})


def submission_parse(body: bytes) -> Submission:
    """Read one submission; its instance id is the key.

    Raises ``UnreadableBody`` for what is not JSON and ``InvalidInput`` naming the question.
    """
    content = body_decode(body)
    if not isinstance(content, dict):
        message = _("One submission is a JSON object.")
        raise UnreadableBody(errors=[FieldError("body", message, "not_object")])
    answers = _answers(content)
    instance_id = identifier(answers, "instanceID")
    if not instance_id:
        message = _("The submission has no instance id.")
        raise InvalidInput(errors=[FieldError("meta/instanceID", message, "required")])
    corrected = identifier(answers, "deprecatedID")
    return Submission(
        draft=draft_of_answers(answers),
        idempotency_key=f"kobo:{instance_id}",
        body_sha256=sha256_hex(body),
        corrects=f"kobo:{corrected}" if corrected else "",
        attachments=checked_names(attachment_names(answers)),
    )


def _answers(content: dict[str, Any]) -> Answers:
    answers: Answers = {}
    for path, value in _questions(content):
        if path in REPEATS and isinstance(value, list):
            answers[path] = [_row(path, index, row) for index, row in enumerate(value)]
        else:
            answers[path] = _text(path, value)
    return answers


def _questions(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return (
        (path, value)
        for path, value in content.items()
        if not path.startswith("_") and path not in _KOBOS_OWN
    )


def _row(path: str, index: int, row: Any) -> dict[str, str]:
    if not isinstance(row, dict):
        raise _not_text(f"{path}[{index}]")
    return {name: _text(name, value) for name, value in _questions(row)}


def _text(path: str, value: Any) -> str:
    """Return an answer as the form has it; numbers come as text or as numbers."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or path in REPEATS:
        raise _not_text(path)
    return str(value).strip()


def _not_text(path: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(path, _("This is no answer to the question."), "type")])
