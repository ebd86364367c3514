"""What can go wrong, said so that the sender knows what to mend.

Services and parsers raise these; ``core.problems`` turns them into ``application/problem+json``.
``slug`` is stable: programs may depend on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field. ``field`` is a dotted path, ``row`` a file's row from 1."""

    field: str
    message: str
    code: str = "invalid"
    row: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in a problem document."""
        content: dict[str, Any] = {
            "field": self.field,
            "code": self.code,
            "message": str(self.message),
        }
        if self.row is not None:
            content["row"] = self.row
        return content


class DomainError(Exception):
    """A refusal with a stable type. Subclasses set ``slug``, ``status`` and ``title``."""

    slug = "refused"
    status = 400
    title: Any = _("Refused")

    def __init__(
        self, detail: Any = "", *, errors: Sequence[FieldError] = (), **extra: Any
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.errors = list(errors)
        self.extra = extra


class InvalidInput(DomainError):
    """The content sent cannot be understood or cannot be true."""

    slug, status, title = "invalid-input", 400, _("The input is not valid")


class NotAllowed(DomainError):
    """The caller is known but may not do this."""

    slug, status, title = "not-allowed", 403, _("Not allowed")


class NotFound(DomainError):
    """There is no such thing, as far as this caller may see."""

    slug, status, title = "not-found", 404, _("Not found")


class Conflict(DomainError):
    """The request contradicts what is already recorded."""

    slug, status, title = "conflict", 409, _("Conflict")


class IdempotencyConflict(Conflict):
    """The same idempotency key was used before with other content."""

    slug, title = "idempotency-conflict", _("The same key was used with other content")


class InvalidTransition(Conflict):
    """The workflow does not allow this step from the present state."""

    slug, title = "invalid-transition", _("This step is not possible now")


class PreconditionFailed(DomainError):
    """What the request supposes of the record does not hold."""

    slug, status, title = "precondition-failed", 412, _("The record has no such version")


class StaleVersion(PreconditionFailed):
    """The version named is not the current one."""

    slug, title = "stale-version", _("The record has changed since that version")


class PreconditionRequired(DomainError):
    """The request does not say which version it is based on."""

    slug, status, title = "precondition-required", 428, _("Say which version this is based on")


class TooLarge(DomainError):
    """The request is larger than is taken here."""

    slug, status, title = "too-large", 413, _("The request is too large")


class TooMany(DomainError):
    """The caller has done this as often as is allowed for now. ``wait`` is in seconds."""

    slug, status, title = "too-many-requests", 429, _("Too many requests")

    def __init__(self, detail: Any, *, wait: float) -> None:
        super().__init__(detail)
        self.wait = wait
