"""Events and entries for tests of the ledger."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from core.ids import uuid7
from ledger import sealing
from ledger.models import AuditEntry, Delivery, DomainEvent
from ledger.services import audit_record, event_emit
from tests.support.consumers import HANDLED
from tests.support.databases import TestDatabases


@pytest.fixture
def consumers(settings: Any) -> None:
    """Wire the test's own consumers, in place of the application's."""
    settings.LEDGER_CONSUMERS = "tests.support.consumers.CONSUMERS"


@pytest.fixture
def emit(consumers: None) -> Callable[..., DomainEvent]:
    """Return a function that commits one event, by default of an object of its own."""

    def do(
        kind: str = "test.happened", object_id: UUID | None = None, **payload: Any
    ) -> DomainEvent:
        with transaction.atomic():
            return event_emit(
                kind=kind, object_type="thing", object_id=object_id or uuid7(), payload=payload
            )

    return do


@pytest.fixture
def audit() -> Callable[..., AuditEntry]:
    """Return a function that commits one audit entry."""

    def do(**fields: Any) -> AuditEntry:
        with transaction.atomic():
            return audit_record(
                actor=None, action="test.done", object_type="thing", object_id=uuid7(), **fields
            )

    return do


@pytest.fixture
def handled() -> Callable[[], list[str]]:
    """Return a function that lists the ids of handled events, once for each time, in order."""

    def do() -> list[str]:
        entries = AuditEntry.objects.filter(action=HANDLED).order_by("id")
        return list(entries.values_list("object_label", flat=True))

    return do


@pytest.fixture
def states() -> Callable[[], list[tuple[str, int]]]:
    """Return a function that lists state and attempts of all deliveries, the oldest first."""

    def do() -> list[tuple[str, int]]:
        return list(Delivery.objects.order_by("id").values_list("state", "attempts"))

    return do


@pytest.fixture
def entries(
    committed_db: TestDatabases, audit: Callable[..., AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> list[AuditEntry]:
    """Seal six entries under three heads."""
    monkeypatch.setattr(sealing, "BATCH", 2)
    for number in range(6):
        audit(reason=f"reason {number}")
    sealing.seal()
    return list(AuditEntry.objects.order_by("seq"))


@pytest.fixture
def tamper(entries: list[AuditEntry]) -> Callable[..., None]:
    """Return a function that runs a statement as the tables' owner, with the triggers off."""

    def do(statement: str, *parameters: object) -> None:
        with connections["migration"].cursor() as cursor:
            for table in ("ledger_auditentry", "ledger_head"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, parameters)

    return do
