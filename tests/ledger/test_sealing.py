"""What the sealer writes: numbers without gaps, times that never fall, chained and signed heads."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from core.canonical import canonical_json, sha256_hex
from ledger import merkle, sealing, signing
from ledger.models import AuditEntry, DomainEvent, Head

Audit = Callable[..., AuditEntry]


def test_entries_are_numbered_from_one_in_the_order_they_were_written(
    db: None, audit: Audit
) -> None:
    first, second = audit(), audit()
    assert sealing.seal() == 2
    third = audit()
    assert sealing.seal() == 1

    numbered = AuditEntry.objects.order_by("seq").values_list("seq", "id")
    assert list(numbered) == [(1, first.id), (2, second.id), (3, third.id)]


def test_the_two_lists_count_apart(db: None, audit: Audit, emit: Callable[..., Any]) -> None:
    audit()
    emit()
    sealing.seal()

    assert AuditEntry.objects.get().seq == DomainEvent.objects.get().seq == 1
    assert set(Head.objects.values_list("list", "number")) == {("audit", 1), ("events", 1)}


def test_nothing_to_seal_makes_no_head(db: None, audit: Audit) -> None:
    audit()
    sealing.seal()

    assert sealing.seal() == 0
    assert Head.objects.count() == 1


def test_a_head_spans_its_batch_and_its_leaves_lead_to_its_root(
    db: None, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    for _ in range(7):
        audit()

    assert sealing.seal() == 7

    heads = list(Head.objects.order_by("number"))
    spans = [(head.number, head.first_seq, head.last_seq) for head in heads]
    assert spans == [(1, 1, 3), (2, 4, 6), (3, 7, 7)]
    for head in heads:
        rows = AuditEntry.objects.filter(seq__range=(head.first_seq, head.last_seq))
        leaves = [
            sealing.row_leaf(AuditEntry, row)
            for row in rows.order_by("seq").values(*AuditEntry.CONTENT)
        ]
        assert sealing.head_leaves(head) == leaves
        assert head.root == merkle.tree_root(leaves).hex()


def test_heads_are_chained_and_signed(db: None, audit: Audit) -> None:
    for _ in range(2):
        audit()
        sealing.seal()

    first, second = Head.objects.order_by("number")
    assert first.previous == ""
    assert second.previous == first.hash
    for head in (first, second):
        statement = sealing.head_statement(head)
        assert head.hash == sha256_hex(canonical_json(statement))
        assert signing.signature_is_good(statement, head.signature, head.key_id)


def test_the_time_of_sealing_does_not_fall_when_the_clock_goes_back(db: None, audit: Audit) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for moment in (noon, noon - timedelta(hours=1), noon + timedelta(hours=1)):
        with time_machine.travel(moment, tick=False):
            audit()
            sealing.seal()

    times = AuditEntry.objects.order_by("seq").values_list("sealed_at", flat=True)
    assert list(times) == [noon, noon, noon + timedelta(hours=1)]
    assert list(Head.objects.order_by("number").values_list("sealed_at", flat=True)) == list(times)


def test_a_sealer_that_fails_leaves_nothing_half_sealed(
    db: None, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit()
    with monkeypatch.context() as broken:
        broken.setattr(signing, "sign", lambda statement: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            sealing.seal()

    assert AuditEntry.objects.get().seq is None
    assert not Head.objects.exists()
    assert sealing.seal() == 1
