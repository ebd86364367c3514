"""Whoever passes the triggers by can change the ledger, but not unseen: the row is named."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from ledger import sealing
from ledger.models import AuditEntry
from ledger.verify import first_breach

Tamper = Callable[..., None]
# A copy of the row with seq %s in which some columns are another's.
INSERT_COPY = """
    INSERT INTO ledger_auditentry SELECT (jsonb_populate_record(t, %s)).*
    FROM ledger_auditentry t WHERE seq = %s"""
NEW_ID = "ffffffff-ffff-7fff-bfff-ffffffffffff"


def found() -> str:
    return str(first_breach())


def test_a_whole_ledger_is_whole(entries: list[AuditEntry]) -> None:
    counted: list[int] = []
    assert first_breach(progress=counted.append) is None
    assert counted == [2, 2, 2]


def test_one_byte_changed_by_a_superuser_is_named(
    entries: list[AuditEntry], superuser: psycopg.Connection
) -> None:
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_auditentry SET reason = 'reason 7' WHERE seq = 4")

    assert found() == f"audit entry {entries[3].id} (seq 4): is not what was sealed"


def test_every_column_of_content_is_held(
    entries: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed in memory, between the database and the check."""
    for column in AuditEntry.CONTENT:

        def changed(model: Any, row: dict[str, Any], column: str = column) -> bytes:
            return sealing.row_leaf(model, row | {column: "another"} if row["seq"] == 3 else row)

        with monkeypatch.context() as patched:
            patched.setattr("ledger.verify.row_leaf", changed)
            assert "(seq 3): is not what was sealed" in found()
    assert first_breach() is None


@pytest.mark.parametrize("seq", [3, 4], ids=["first of its batch", "last of its batch"])
def test_a_deleted_row_is_named(tamper: Tamper, seq: int) -> None:
    tamper("DELETE FROM ledger_auditentry WHERE seq = %s", seq)
    assert found() == f"audit entry with seq {seq}: is missing"


def test_swapped_rows_are_named(tamper: Tamper, entries: list[AuditEntry]) -> None:
    for before, after in ((2, 100), (3, 2), (100, 3)):
        tamper("UPDATE ledger_auditentry SET seq = %s WHERE seq = %s", after, before)

    assert found() == f"audit entry {entries[2].id} (seq 2): is not what was sealed"


def test_a_row_inserted_under_no_head_is_named(tamper: Tamper) -> None:
    for seq in (7, 0, -1):
        tamper(INSERT_COPY, f'{{"id": "{NEW_ID}", "seq": {seq}}}', 6)
        assert found() == f"audit entry {NEW_ID} (seq {seq}): lies under no head"
        tamper("DELETE FROM ledger_auditentry WHERE id = %s", NEW_ID)


def test_a_row_inserted_beside_another_is_named(tamper: Tamper) -> None:
    tamper("DROP INDEX audit_seq_unique")
    tamper(INSERT_COPY, f'{{"id": "{NEW_ID}"}}', 3)

    where = f"entry {NEW_ID} (seq 3)"
    assert found() == f"audit {where}: has a number that is another entry's"


def test_a_row_that_was_numbered_anew_is_missed(tamper: Tamper) -> None:
    tamper("UPDATE ledger_auditentry SET seq = NULL, sealed_at = NULL WHERE seq = 5")
    sealing.seal()

    assert found() == "audit entry with seq 5: is missing"


def test_a_changed_time_of_sealing_is_named(tamper: Tamper, entries: list[AuditEntry]) -> None:
    tamper("UPDATE ledger_auditentry SET sealed_at = sealed_at - interval '1 day' WHERE seq = 5")
    assert found() == f"audit entry {entries[4].id} (seq 5): its time of sealing is not its head's"


def test_content_that_could_never_have_been_sealed_is_named(
    tamper: Tamper, entries: list[AuditEntry]
) -> None:
    tamper("UPDATE ledger_auditentry SET data = '{\"n\": 9007199254740993}' WHERE seq = 5")
    assert found() == f"audit entry {entries[4].id} (seq 5): is not what was sealed"


def test_a_changed_event_is_named_too(
    entries: list[AuditEntry], emit: Callable[..., Any], tamper: Tamper
) -> None:
    event = emit(n=1)
    sealing.seal()
    tamper("ALTER TABLE ledger_domainevent DISABLE TRIGGER USER")
    tamper("UPDATE ledger_domainevent SET payload = '{\"n\": 2}'")

    assert found() == f"events entry {event.id} (seq 1): is not what was sealed"
