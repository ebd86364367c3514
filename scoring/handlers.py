"""What scoring does when something happened. Wired in ``config/consumers.py``."""

from collections.abc import Sequence

from ledger.models import DomainEvent
from scoring.selectors import layer_in_use
from scoring.services.questions import part_answer
from scoring.services.rescoring import beside_request, block_score, rescoring_begin
from scoring.services.scoring import exposure_compute


def incidents_changed(events: Sequence[DomainEvent]) -> None:
    """Score the strikes among the incidents that were opened or changed."""
    ids = {event.object_id for event in events}
    exposure_compute(incident_ids=ids)
    beside_request(incident_ids=ids)


def layer_activated(events: Sequence[DomainEvent]) -> None:
    """Have all strikes scored by layers that were put in use and still are."""
    for layer_id in {event.object_id for event in events}:
        if layer := layer_in_use(layer_id):
            rescoring_begin(layer=layer)


def exposure_requested(events: Sequence[DomainEvent]) -> None:
    """Score the incidents of blocks."""
    for event in events:
        block_score(block_id=event.object_id)


def question_asked(events: Sequence[DomainEvent]) -> None:
    """Answer parts of what monitors asked about places of their own."""
    for event in events:
        part_answer(question_id=event.payload["question"], name=event.payload["part"])
