"""What each role may do to each table follows from the code alone."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

from ledger.grants import grants_apply
from ledger.models import AuditEntry, DomainEvent, Head
from tests.support.databases import TestDatabases

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights(role: str, table: str) -> set[str]:
    with connection.cursor() as cursor:
        asked = ", ".join(f"has_table_privilege(%s, %s, '{right}')" for right in RIGHTS)
        cursor.execute(f"SELECT {asked}", [role, table] * len(RIGHTS))
        return {right for right, has in zip(RIGHTS, cursor.fetchone(), strict=True) if has}


def updatable(role: str, table: str) -> set[str]:
    """Return the columns that a role may update."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
            [table, role],
        )
        return {name for (name,) in cursor.fetchall()}


def test_the_application_owns_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [settings.APP_ROLE]
        )
        assert cursor.fetchone() == (0,)


def test_the_application_reads_and_writes_what_is_not_append_only(db: None) -> None:
    for model in apps.get_models(include_auto_created=True):
        others = hasattr(model, "SEALED_COLUMNS") or hasattr(model, "WRITTEN_BY_TRIGGERS")
        if model._meta.managed and not others and model._meta.app_label != "pghistory":
            table = model._meta.db_table
            assert rights(settings.APP_ROLE, table) == {"SELECT", "INSERT", "UPDATE", "DELETE"}, (
                table
            )


@pytest.mark.parametrize("model", [AuditEntry, DomainEvent])
def test_it_only_reads_and_adds_to_what_is(db: None, model: type[AuditEntry]) -> None:
    table = model._meta.db_table
    assert rights(settings.APP_ROLE, table) == {"SELECT", "INSERT"}
    assert rights(settings.SEALER_ROLE, table) == {"SELECT"}
    assert updatable(settings.SEALER_ROLE, table) == {"seq", "sealed_at"}
    assert updatable(settings.REDACTOR_ROLE, table) == set()


def test_heads_are_written_by_the_sealer_alone(db: None) -> None:
    table = Head._meta.db_table
    assert rights(settings.APP_ROLE, table) == {"SELECT"}
    assert rights(settings.SEALER_ROLE, table) == {"SELECT", "INSERT"}
    assert updatable(settings.SEALER_ROLE, table) == set()


def test_the_application_cannot_say_that_a_migration_ran(db: None) -> None:
    assert rights(settings.APP_ROLE, "django_migrations") == {"SELECT"}


def test_rights_that_the_code_does_not_give_are_taken(committed_db: TestDatabases) -> None:
    owner = connections["migration"]
    owner.cursor().execute(f"GRANT ALL ON ledger_auditentry TO {settings.APP_ROLE}")
    owner.cursor().execute(f"GRANT UPDATE (reason) ON ledger_auditentry TO {settings.SEALER_ROLE}")

    grants_apply(owner)

    assert rights(settings.APP_ROLE, "ledger_auditentry") == {"SELECT", "INSERT"}
    assert updatable(settings.SEALER_ROLE, "ledger_auditentry") == {"seq", "sealed_at"}
