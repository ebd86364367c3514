"""Grading or publishing many incidents: first what it would touch, then just that.

What a monitor confirms is in a signed token: the very ids and versions they were told of. Each
incident is a transaction of its own, under the same rules and with the same audit entry as by hand.
So one that cannot be done holds up none of the others, and a server that dies in the middle has
done the first ones whole; the same token then does the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.canonical import canonical_json, sha256_hex
from core.errors import DomainError, FieldError, InvalidInput
from incidents.models import Incident
from incidents.selectors.queue import IncidentFilter, incident_queue
from incidents.services.judging import incident_assess, incident_publish
from incidents.snapshots import audiences_permitted
from incidents.vocab import Grade

MOST_AT_ONCE = 1000
CONFIRM_WITHIN = timedelta(minutes=10)
_SAMPLE = 10
_SALT = "incidents.bulk"


class BulkAction(TextChoices):
    """What is done to each incident."""

    GRADE = "grade"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What to do to which incidents, and why. ``grade`` is for grading alone."""

    action: BulkAction
    wanted: IncidentFilter
    reason: str
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an order would touch: ``count`` incidents, the oldest of the ``matched`` ones."""

    matched: int
    count: int
    sample: Sequence[Incident]
    token: str


@dataclass(frozen=True, slots=True)
class Done:
    """One incident as it stands after it was graded or published, and to whom it was published."""

    incident: UUID
    version: int
    grade: str
    audiences: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """One incident that was left as it is, and why."""

    incident: UUID
    error: DomainError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each incident that the token names."""

    done: Sequence[Done]
    refused: Sequence[Refused]


def bulk_propose(*, actor: Actor, order: BulkOrder) -> Proposal:
    """Say what an order would touch, and change nothing. Raises ``NotAllowed``."""
    demand(actor, _NEEDED[order.action])
    rows = incident_queue(actor, order.wanted).order_by("created_at", "id")
    known = list(rows.values_list("id", "version")[:MOST_AT_ONCE])
    matched = len(known) if len(known) < MOST_AT_ONCE else rows.count()
    content = {
        "actor": str(actor.id),
        "order": _digest(order),
        "incidents": [(id_.hex, version) for id_, version in known],
    }
    return Proposal(
        matched=matched,
        count=len(known),
        sample=list(rows.filter(id__in=[id_ for id_, _version in known[:_SAMPLE]])),
        token=signing.dumps(content, salt=_SALT, compress=True),
    )


def bulk_carry_out(*, actor: Actor, order: BulkOrder, token: str, confirm_count: int) -> Outcome:
    """Do what was proposed, to just those incidents at just those versions.

    Raises ``NotAllowed``, and ``InvalidInput`` for a token that is too old, not this actor's, or of
    another order, and for another count than the proposal's. What is refused for one incident
    (``StaleVersion``, ``NotAllowed`` for one's own, …) is told in the outcome.
    """
    demand(actor, _NEEDED[order.action])
    known = _confirmed(actor, order, token)
    if confirm_count != len(known):
        message = _("This order touches %(count)d incidents.") % {"count": len(known)}
        raise InvalidInput(errors=[FieldError("confirm_count", message, "count")])
    done, refused = [], []
    for id_, version in sorted(known):
        try:
            done.append(_DOERS[order.action](actor, order, id_, version))
        except DomainError as exc:
            refused.append(Refused(id_, exc))
    return Outcome(done, refused)


def _digest(order: BulkOrder) -> str:
    return sha256_hex(canonical_json(asdict(order)))


def _confirmed(actor: Actor, order: BulkOrder, token: str) -> list[tuple[UUID, int]]:
    """Return the ids and versions of a token made for this actor and order."""
    try:
        content = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.SignatureExpired:
        message = _("This confirmation is too old; ask again for the count.")
        raise _bad_token(message, "expired") from None
    except signing.BadSignature:
        message = _("Use the token of the answer that gave the count.")
        raise _bad_token(message, "token") from None
    if content["actor"] != str(actor.id) or content["order"] != _digest(order):
        message = _("The token is of another order; ask again for the count of this one.")
        raise _bad_token(message, "other_order")
    return [(UUID(hex_), version) for hex_, version in content["incidents"]]


def _bad_token(message: str, code: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError("token", message, code)])


def _grade(actor: Actor, order: BulkOrder, incident_id: UUID, version: int) -> Done:
    assert order.grade is not None
    assessment = incident_assess(
        actor=actor,
        incident_id=incident_id,
        version=version,
        grade=order.grade,
        reason=order.reason,
    )
    incident = assessment.incident
    return Done(incident_id, incident.version, incident.grade)


def _publish(actor: Actor, order: BulkOrder, incident_id: UUID, version: int) -> Done:
    publication = incident_publish(
        actor=actor, incident_id=incident_id, version=version, reason=order.reason
    )
    audiences = audiences_permitted(publication.snapshot)
    incident = publication.incident
    return Done(incident_id, incident.version, incident.grade, audiences)


_Doer = Callable[[Actor, BulkOrder, UUID, int], Done]
_DOERS: dict[BulkAction, _Doer] = {BulkAction.GRADE: _grade, BulkAction.PUBLISH: _publish}
_NEEDED = {
    BulkAction.GRADE: Action.INCIDENT_ASSESS,
    BulkAction.PUBLISH: Action.INCIDENT_PUBLISH,
}
