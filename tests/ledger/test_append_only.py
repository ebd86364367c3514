"""Nobody changes or deletes an entry: not the application, not the owner, not a superuser."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections

from ledger.models import AuditEntry
from ledger.sealing import seal
from tests.support.databases import TestDatabases

CHANGES = {
    "ledger_auditentry": "reason = 'another'",
    "ledger_domainevent": "payload = '{}'",
    "ledger_head": "root = repeat('0', 64)",
}
Execute = Callable[[str], Any]


@pytest.fixture
def rows(committed_db: TestDatabases, audit: Callable[..., Any], emit: Callable[..., Any]) -> None:
    """Put a row into each table."""
    audit(reason="because")
    emit()
    seal()


@pytest.fixture
def sessions(rows: None, superuser: psycopg.Connection) -> dict[str, Execute]:
    """Return what runs a statement as each of the three."""
    return {
        "application": lambda statement: connections["default"].cursor().execute(statement),
        "owner": lambda statement: connections["migration"].cursor().execute(statement),
        "superuser": superuser.execute,
    }


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("application", "permission denied"),
        ("owner", "is append-only"),
        ("superuser", "is append-only"),
    ],
)
def test_nobody_changes_or_takes_away_a_row(
    sessions: dict[str, Execute], who: str, refusal: str
) -> None:
    for table, change in CHANGES.items():
        for statement in (
            f"UPDATE {table} SET {change}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises((DatabaseError, psycopg.Error), match=refusal):
                sessions[who](statement)
    assert AuditEntry.objects.get().reason == "because"


def test_a_session_setting_does_not_switch_the_triggers_off(sessions: dict[str, Execute]) -> None:
    query = "SELECT array_agg(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'"
    [names] = sessions["superuser"](query).fetchone()
    sessions["superuser"](f"SET pgtrigger.ignore = '{{{','.join(names)}}}'")

    with pytest.raises(psycopg.Error, match="is append-only"):
        sessions["superuser"]("UPDATE ledger_auditentry SET reason = 'another'")


def test_the_application_cannot_disarm_the_triggers(sessions: dict[str, Execute]) -> None:
    for statement in (
        "ALTER TABLE ledger_auditentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)"
        " RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            sessions["application"](statement)
