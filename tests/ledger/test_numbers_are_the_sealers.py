"""A row gets its number once, and from the sealer alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from core.ids import uuid7
from ledger.models import AuditEntry, Head
from ledger.roles import acting_as
from ledger.sealing import seal


def entry(**fields: Any) -> AuditEntry:
    fields = {"action": "test.done", "object_type": "thing", "object_id": uuid7()} | fields
    return AuditEntry(actor_label="system", **fields)


def refused(statement: str, role: str = settings.APP_ROLE) -> None:
    """Check that the database refuses a statement, and leave the test's transaction usable."""
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), acting_as(role):
        connection.cursor().execute(statement)


@pytest.mark.parametrize("born_with", [{"seq": 1}, {"sealed_at": timezone.now()}])
def test_a_row_cannot_be_born_sealed(db: None, born_with: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="INSERT of a sealed row refused"):
        entry(**born_with).save(force_insert=True)


def test_the_application_can_neither_number_a_row_nor_write_a_head(
    db: None, audit: Callable[..., Any]
) -> None:
    audit()

    refused("UPDATE ledger_auditentry SET seq = 1, sealed_at = now()")
    with pytest.raises(DatabaseError, match="permission denied"):
        Head(number=1, first_seq=1, last_seq=1, sealed_at=timezone.now(), leaves=b"").save()


def test_the_sealer_numbers_a_row_once(db: None, audit: Callable[..., Any]) -> None:
    audit()
    seal()
    sealed = AuditEntry.objects.get()

    for change in ("seq = 2", "seq = NULL", "sealed_at = now() + interval '1 s'"):
        refused(f"UPDATE ledger_auditentry SET {change}", settings.SEALER_ROLE)

    again = AuditEntry.objects.get()
    assert (again.seq, again.sealed_at) == (1, sealed.sealed_at)


@pytest.mark.parametrize("column", AuditEntry.CONTENT)
def test_the_sealer_changes_no_content(db: None, audit: Callable[..., Any], column: str) -> None:
    audit()

    refused(f"UPDATE ledger_auditentry SET seq = 1, {column} = {column}", settings.SEALER_ROLE)


def test_the_sealer_neither_writes_nor_deletes_entries(db: None, audit: Callable[..., Any]) -> None:
    audit()

    refused("DELETE FROM ledger_auditentry", settings.SEALER_ROLE)
    refused("INSERT INTO ledger_auditentry SELECT * FROM ledger_auditentry", settings.SEALER_ROLE)


def test_even_with_the_right_to_it_content_is_held_by_the_trigger(
    superuser: Any, audit: Callable[..., Any]
) -> None:
    audit()
    superuser.execute("GRANT UPDATE ON ledger_auditentry TO harmwatch_sealer")
    superuser.execute("SET ROLE harmwatch_sealer")

    with pytest.raises(Exception, match="is append-only"):
        superuser.execute("UPDATE ledger_auditentry SET seq = 1, reason = 'another'")
