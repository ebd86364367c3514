"""Answering what monitors ask about places of their own: at once, or by workers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput, TooMany
from core.ids import uuid7
from incidents.selectors import StrikeFound, strikes_asked_for
from ledger.models import DomainEvent
from ledger.services import audit_record, event_emit_many
from ledger.wake import send
from scoring.engine.exposure import FORMULA_VERSION, Polygon
from scoring.engine.geodesy import circles
from scoring.floors import floors_of
from scoring.models import ExposureQuestion, PopulationLayer
from scoring.selectors import active_layer, layer_matching, question_visible_to
from scoring.services.exposure import ALPHA, MAX_UNCERTAINTY_M
from scoring.services.layer_files import LayerDamaged
from scoring.services.question_parts import RESIDENTS, Inputs, StrikeInput, part_compute

# What is answered in the request itself: a second or so. A vague place counts for a hundred.
AT_ONCE = 2000
VAGUE_COUNTS = 100
AT_ONCE_CELLS = 4_000_000
# What is answered at all.
MOST_STRIKES = 1_000_000
MOST_UNFINISHED = 10
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: an area (a polygon or a circle) with or without a period, or points.

    Degrees, metres; ``layer``: an id or the first digits of a checksum, empty for the active one.
    """

    radii_m: tuple[float, ...]
    polygon: Polygon | None = None
    circle: tuple[float, float, float] | None = None
    points: tuple[tuple[float, float], ...] = ()
    period: tuple[datetime, datetime] | None = None
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer's parts by name, and what they were computed by."""

    layer: PopulationLayer
    inputs: Inputs
    asked: dict[str, Any]
    parts: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """Return it as it is given to who asked."""
        residents = self.parts.get(RESIDENTS)
        figures = [self.parts[name] for name in self.inputs.parts() if name != RESIDENTS]
        return {
            "layer": self.layer,
            "formula_version": self.asked["formula_version"],
            "parameters": {"alpha": ALPHA, "max_uncertainty_m": MAX_UNCERTAINTY_M},
            "residents": residents and residents["people"],
            "residents_by_group": residents["groups"] if residents else [],
            "figures": [figure for part in figures for figure in part],
            "left_out": self.asked["left_out"],
        }


def question_ask(
    *, actor: Actor, question: Question, asked: dict[str, Any]
) -> Answer | ExposureQuestion:
    """Answer a question at once, or have it answered by workers and return its row.

    ``asked`` is what was sent, kept with the row. Raises ``NotAllowed``; ``Conflict`` without a
    layer or where its file is damaged; ``InvalidInput`` for what is too much; ``TooMany``.
    """
    demand(actor, Action.EXPOSURE_ASK)
    layer = layer_matching(question.layer) if question.layer else active_layer()
    if layer is None:
        raise Conflict(_("No population layer is active."))
    inputs, left_out = _inputs(actor, question)
    asked = asked | {"left_out": left_out, "formula_version": FORMULA_VERSION}
    if _is_long(layer, inputs):
        return _create(actor, layer, inputs, asked)
    try:
        parts = {name: part_compute(layer, inputs, name) for name in inputs.parts()}
    except (OSError, LayerDamaged) as exc:
        raise Conflict(_("The stored copy of this layer is missing or damaged.")) from exc
    return Answer(layer, inputs, asked, parts)


def question_answer(question: ExposureQuestion) -> Answer:
    """Return the answer of a question whose parts are all done."""
    return Answer(
        PopulationLayer.objects.get(id=question.asked["layer_id"]),
        msgspec.convert(question.inputs, Inputs),
        question.asked,
        question.answers,
    )


def part_answer(*, question_id: UUID | str, name: str) -> None:
    """Answer one part of a question, unless it is done or the question has expired.

    Raises ``OSError`` or ``LayerDamaged`` where the layer's file is not what it was; what can never
    be answered is recorded as the question's error.
    """
    question = ExposureQuestion.objects.filter(id=question_id, error="").first()
    if question is None or name in question.answers:
        return
    layer = PopulationLayer.objects.get(id=question.asked["layer_id"])
    try:
        found, error = part_compute(layer, msgspec.convert(question.inputs, Inputs), name), ""
    except ValueError as exc:
        found, error = None, str(exc)
    _part_store(question.id, name, found, error)


@transaction.atomic
def _part_store(question_id: UUID, name: str, found: Any, error: str) -> None:
    question = ExposureQuestion.objects.select_for_update().filter(id=question_id).first()
    if question is None or name in question.answers or question.error:
        return
    if error:
        question.error = error
    else:
        question.answers[name] = found
        question.parts_done = len(question.answers)
    if error or question.parts_done == question.parts_total:
        question.finished_at = timezone.now()
    question.save(update_fields=["answers", "parts_done", "error", "finished_at"])


def questions_expire() -> int:
    """Delete questions that were kept long enough, with their answers; return how many."""
    return ExposureQuestion.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _inputs(actor: Actor, question: Question) -> tuple[Inputs, dict[str, int]]:
    radii = list(question.radii_m)
    if question.points:
        return Inputs(radii_m=radii, points=list(question.points)), {}
    area = question.polygon or _outline(question.circle)
    strikes, left_out = None, {}
    if question.period:
        found = strikes_asked_for(
            actor,
            area,
            question.period,
            reach_m=max(radii),
            most_uncertain_m=MAX_UNCERTAINTY_M,
        )
        strikes, left_out = list(map(_strike, found.strikes)), found.left_out
    wkt = shapely.to_wkt(area, rounding_precision=-1)
    return Inputs(radii_m=radii, wkt=wkt, circle=question.circle, strikes=strikes), left_out


def _outline(circle: tuple[float, float, float] | None) -> Polygon:
    assert circle is not None
    lon, lat, radius = (np.array([number]) for number in circle)
    outline: Polygon = circles(lon, lat, radius)[0]
    return outline


def _strike(found: StrikeFound) -> StrikeInput:
    return StrikeInput(
        str(found.id), found.version, found.lon, found.lat, found.uncertainty_m or 0.0,
        len(floors_of(found.grade)),
    )  # fmt: skip


def _is_long(layer: PopulationLayer, inputs: Inputs) -> bool:
    strikes = inputs.strikes or []
    vague = sum(1 for strike in strikes if strike.uncertainty_m)
    size = len(inputs.points) + len(strikes) + vague * VAGUE_COUNTS
    if size > MOST_STRIKES:
        message = _("There are too many strikes for one question: ask for less area or time.")
        raise InvalidInput(errors=[FieldError("period", message, "too_many")])
    return size > AT_ONCE or _cells(layer, inputs) > AT_ONCE_CELLS


def _cells(layer: PopulationLayer, inputs: Inputs) -> float:
    area = inputs.area()
    if area is None:
        return 0.0
    west, south, east, north = area.bounds
    return (east - west) * (north - south) * (3600 / layer.resolution_arcsec) ** 2


@transaction.atomic
def _create(
    actor: Actor, layer: PopulationLayer, inputs: Inputs, asked: dict[str, Any]
) -> ExposureQuestion:
    if question_visible_to(actor).filter(finished_at=None).count() >= MOST_UNFINISHED:
        raise TooMany(_("So many of your questions are still being answered."), wait=60)
    question = ExposureQuestion.objects.create(
        created_by_id=actor.id,
        organisation_id=actor.organisation_id,
        expires_at=timezone.now() + KEPT,
        asked=asked | {"layer_id": str(layer.id)},
        inputs=msgspec.to_builtins(inputs),
        parts_total=len(inputs.parts()),
    )
    # Without the place: what a monitor looks at is nobody else's.
    audit_record(
        actor=actor,
        action="exposure.asked",
        object_type="exposure_question",
        object_id=question.id,
        data={"layer": layer.sha256, "parts": question.parts_total},
    )
    events = [
        # Each of an object of its own: several workers may answer parts of one question.
        DomainEvent(
            kind="exposure.asked", object_type="exposure_part", object_id=uuid7(),
            payload={"question": str(question.id), "part": name},
        )
        for name in inputs.parts()
    ]  # fmt: skip
    event_emit_many(events=events)
    transaction.on_commit(
        partial(send, "ledger.tasks.dispatch", "scoring.questions", queue="scoring")
    )
    return question
