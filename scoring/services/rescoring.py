"""Scoring everything anew: all strikes cut into blocks, which workers take and finish in any order.

A block's figures and the mark that it is done are one transaction with its delivery. So a worker
that dies leaves the whole block to another, and one that was done is not done again.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby, islice
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from incidents.selectors import strikes_by_place, strikes_in_units
from ledger.models import DomainEvent
from ledger.services import ActorLike, audit_record, event_emit_many
from ledger.wake import send
from scoring.engine.exposure import FORMULA_VERSION
from scoring.models import Exposure, PopulationLayer, Rescoring, ScoringBlock
from scoring.selectors import layers_beside, layers_in_use
from scoring.services.scoring import exposure_compute
from scoring.weapon_profiles import PROFILES_VERSION

# Incidents in one piece of work: some seconds of computing, then it is committed. Places that are
# known vaguely take a hundred times as long.
BLOCK = 5000
VAGUE_BLOCK = 200
# Workers that are told at once; a sweep tells the others.
MOST_WORKERS = 16


@transaction.atomic
def rescoring_begin(*, layer: PopulationLayer, actor: ActorLike | None = None) -> Rescoring:
    """Have all strikes that stand scored by a layer; return the run, whose blocks show how far."""
    run = Rescoring.objects.create(
        layer=layer, formula_version=FORMULA_VERSION, profiles_version=PROFILES_VERSION
    )
    blocks = [
        ScoringBlock(run=run, layer=layer, incident_ids=ids, size=len(ids))
        for ids in _blocks(strikes_by_place().iterator(chunk_size=BLOCK))
    ]
    _request(blocks)
    audit_record(
        actor=actor,
        action="rescoring.begun",
        object_type="rescoring",
        object_id=run.id,
        object_label=str(layer)[:200],
        data={"sha256": layer.sha256, "incidents": sum(block.size for block in blocks)},
    )
    return run


@transaction.atomic
def rescoring_begin_if_due() -> None:
    """Score anew what earlier versions of the formula or the profiles left, after an upgrade."""
    present = {"formula_version": FORMULA_VERSION, "profiles_version": PROFILES_VERSION}
    for layer in layers_in_use():
        is_begun = Rescoring.objects.filter(layer=layer, **present).exists()
        if not is_begun and Exposure.objects.filter(layer=layer).exclude(**present).exists():
            rescoring_begin(layer=layer)


@transaction.atomic
def beside_request(*, incident_ids: Iterable[UUID]) -> None:
    """Have incidents scored by the layers beside the active one, apart from it.

    So a layer that is damaged keeps no incident from its figures by the others.
    """
    ids = sorted(set(incident_ids))
    layers = list(layers_beside())
    if ids and layers:
        _request([ScoringBlock(layer=layer, incident_ids=ids, size=len(ids)) for layer in layers])


@transaction.atomic
def units_request() -> None:
    """Have strikes known by a unit's P-code alone scored again, by every layer in use."""
    ids = iter(strikes_in_units().iterator(chunk_size=BLOCK))
    layers = list(layers_in_use())
    blocks = []
    while layers and (some := list(islice(ids, VAGUE_BLOCK))):
        blocks += [ScoringBlock(layer=one, incident_ids=some, size=len(some)) for one in layers]
    _request(blocks)


@transaction.atomic
def block_score(*, block_id: UUID) -> None:
    """Score a block, unless it is done; one of a layer that is in use no more is left out.

    Raises as ``exposure_compute`` does; the block is then as it was.
    """
    block = (
        ScoringBlock.objects.select_for_update(of=("self",))
        .select_related("layer")
        .filter(id=block_id, outcome="")
        .first()
    )
    if block is None:
        return
    in_use = block.layer.is_active or block.layer.is_beside
    if in_use:
        exposure_compute(incident_ids=block.incident_ids, layer=block.layer)
    block.outcome = block.Outcome.SCORED if in_use else block.Outcome.LEFT_OUT
    block.incident_ids, block.done_at = [], timezone.now()
    block.save(update_fields=["outcome", "incident_ids", "done_at"])


def _blocks(strikes: Iterable[tuple[UUID, bool]]) -> Iterator[list[UUID]]:
    for is_vague, some in groupby(strikes, key=lambda strike: strike[1]):
        ids = (id_ for id_, _ in some)
        while block := list(islice(ids, VAGUE_BLOCK if is_vague else BLOCK)):
            yield block


def _request(blocks: list[ScoringBlock]) -> None:
    ScoringBlock.objects.bulk_create(blocks, batch_size=20)
    event_emit_many(
        events=[
            DomainEvent(
                kind="exposure.requested", object_type="scoring_block", object_id=block.id,
                payload={"layer": str(block.layer_id)},
            )
            for block in blocks
        ]
    )  # fmt: skip
    # The event wakes one worker; each of these wakes one more, if there is one.
    for _ in range(min(len(blocks), MOST_WORKERS) - 1):
        transaction.on_commit(
            partial(send, "ledger.tasks.dispatch", "scoring.rescore", queue="scoring")
        )
