"""Recording what a party to the conflict answered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput
from incidents.models import Incident, Response
from incidents.models.responses import CONCEDING
from incidents.rollup import in_order
from incidents.selectors.casework import responses_of
from incidents.services.locking import incident_lock
from incidents.services.recording import incident_audit
from incidents.vocab import CivilianStatus, Outcome, Stance

# It is already tomorrow in some places.
_FURTHEST_AHEAD = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Conceded:
    """A figure that a party concedes. Persons; a minimum without a maximum is open-ended."""

    outcome: Outcome
    civilian_status: CivilianStatus = CivilianStatus.ANY
    minimum: int | None = None
    best: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class ResponseDraft:
    """What a party answered. ``replaces`` is the id of an older response on the same incident."""

    party: str
    stance: Stance
    conceded: Sequence[Conceded] = ()
    quote: str = ""
    url: str = ""
    published_on: date | None = None
    replaces: UUID | None = None


@transaction.atomic
def response_record(
    *, actor: Actor, incident_id: UUID, version: int, draft: ResponseDraft
) -> Response:
    """Record a response. It makes a new version; grade, claims and figures stay as they are.

    Raises ``NotFound``, ``NotAllowed``, ``StaleVersion``, ``InvalidTransition`` for an incident
    that was merged, ``InvalidInput``, and ``Conflict`` where ``replaces`` was replaced before.
    """
    demand(actor, Action.INCIDENT_ASSESS)
    _demand_sound(draft)
    incident = incident_lock(actor, incident_id, version)
    if draft.replaces is not None:
        _demand_replaceable(incident, draft.replaces)
    response = _create(actor, incident, draft)
    incident.version += 1
    incident.changed_at = response.recorded_at
    incident.save(update_fields=["version", "changed_at"])
    incident_audit(
        actor=actor,
        action="incident.response_recorded",
        incident=incident,
        data={
            "version": incident.version,
            "response": str(response.id),
            "replaces": str(draft.replaces) if draft.replaces else None,
            "party": response.party,
            "stance": response.stance,
            "conceded": response.conceded,
        },
    )
    return response


def _create(actor: Actor, incident: Incident, draft: ResponseDraft) -> Response:
    return Response.objects.create(
        incident=incident,
        party=draft.party,
        stance=draft.stance,
        conceded=[_as_json(figure) for figure in draft.conceded],
        quote=draft.quote,
        url=draft.url,
        published_on=draft.published_on,
        recorded_by_id=actor.id,
        replaces_id=draft.replaces,
    )


def _as_json(figure: Conceded) -> dict[str, Any]:
    named = {"outcome": str(figure.outcome), "civilian_status": str(figure.civilian_status)}
    return asdict(figure) | named


def _demand_replaceable(incident: Incident, id_: UUID) -> None:
    here = responses_of(incident)
    if not here.filter(id=id_).exists():
        message = _("Name a response to this incident.")
        raise InvalidInput(errors=[FieldError("replaces", message, "replaces")])
    if here.filter(replaces=id_).exists():
        raise Conflict(_("That response was replaced before; replace the newer one."))


def _demand_sound(draft: ResponseDraft) -> None:
    """Raise ``InvalidInput`` for what cannot be true of a response."""
    errors = []
    if draft.conceded and draft.stance not in CONCEDING:
        message = _("Who answers like this concedes no figure.")
        errors.append(FieldError("conceded", message, "stance"))
    if draft.stance != Stance.NO_COMMENT and not (draft.quote or draft.url):
        message = _("Give its words, or where it says so: an answer must be traceable.")
        errors.append(FieldError("url", message, "required"))
    if draft.published_on and draft.published_on > (timezone.now() + _FURTHEST_AHEAD).date():
        errors.append(FieldError("published_on", _("The date lies in the future."), "future"))
    errors += _figure_errors(draft.conceded)
    if errors:
        raise InvalidInput(errors=errors)


def _figure_errors(conceded: Sequence[Conceded]) -> list[FieldError]:
    errors, seen = [], set()
    for index, figure in enumerate(conceded):
        numbers = figure.minimum, figure.best, figure.maximum
        people = figure.outcome, figure.civilian_status
        if numbers == (None, None, None):
            message = _("A figure needs at least one of minimum, best and maximum.")
            errors.append(FieldError(f"conceded[{index}]", message, "empty"))
        elif not in_order(*numbers):
            message = _("The figures must be in order: minimum, best, maximum.")
            errors.append(FieldError(f"conceded[{index}].minimum", message, "order"))
        if people in seen:
            message = _("One response gives one figure for the same people.")
            errors.append(FieldError(f"conceded[{index}]", message, "twice"))
        seen.add(people)
    return errors
