"""A row of the ledger is sealed whole or not at all; deliveries and heads are in known states."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.ids import uuid7
from ledger import sealing
from ledger.models import AuditEntry, Delivery, DomainEvent, Head, SealedRow
from ledger.roles import acting_as

Emit = Callable[..., Any]


def refused_by(change: Callable[[], object], role: str | None = None) -> str:
    """Return the name of the check that refuses a change."""
    as_role = acting_as(role) if role else nullcontext()
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), as_role:
        change()
    cause: Any = refused.value.__cause__
    return str(cause.diag.constraint_name)


@pytest.mark.parametrize(("model", "name"), [(AuditEntry, "audit"), (DomainEvent, "event")])
@pytest.mark.parametrize("half", [{"seq": 99}, {"sealed_at": timezone.now()}])
def test_a_row_has_a_number_and_a_time_of_sealing_or_neither(
    db: None, emit: Emit, model: type[SealedRow], name: str, half: dict[str, Any]
) -> None:
    emit()
    AuditEntry.objects.create(action="a", object_type="t", object_id=uuid7(), actor_label="x")
    rows = model._default_manager.all()
    sealer = settings.SEALER_ROLE
    assert refused_by(lambda: rows.update(**half), sealer) == f"{name}_sealed_whole"


def test_a_head_is_one_of_a_list_we_know_and_counted_from_1(db: None, emit: Emit) -> None:
    emit()
    sealing.seal()
    for field, value, constraint in (
        ("list", "other", "head_list_is_known"),
        ("number", 0, "head_counted_from_1"),
        ("first_seq", 0, "head_counted_from_1"),
    ):
        head = Head.objects.get(list="events")
        head.pk = uuid7()
        setattr(head, field, value)
        change = lambda head=head: head.save(force_insert=True)  # noqa: E731
        assert refused_by(change, settings.SEALER_ROLE) == constraint


@pytest.mark.parametrize(
    "change",
    [{"state": "lost"}, {"state": "done"}, {"state": "parked"}, {"finished_at": timezone.now()}],
)
def test_a_delivery_is_finished_in_a_known_state_at_a_time(
    db: None, emit: Emit, change: dict[str, Any]
) -> None:
    emit()
    deliveries = Delivery.objects.all()
    assert refused_by(lambda: deliveries.update(**change)) == "delivery_finished_has_time"
