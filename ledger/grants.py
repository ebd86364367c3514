"""Who may touch which table. Applied after every migration, since the application owns none."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# A statement's template and, beside the roles, what goes into it.
_Statement = tuple[str, dict[str, sql.Composable]]

# pgtrigger lets any session switch its triggers off by a setting (and looks that up under a
# savepoint for every row). Each of its migrations makes this function anew; here it is disarmed.
_TRIGGERS_STAY_ON = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
    RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false'"""

# Row history is written by triggers as the tables' owner, so that nobody else need be able to. Who
# may execute their functions could hang them on a table of their own, and so write what they like.
_HISTORY_AS_OWNER = """
    DO $$ DECLARE function regprocedure; BEGIN
        FOR function IN
            SELECT tgfoid::regprocedure FROM pg_trigger WHERE tgname LIKE 'pgtrigger_history_%'
        LOOP
            EXECUTE format(
                'ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', function
            );
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
        END LOOP;
    END $$"""


def grants_apply(connection: BaseDatabaseWrapper) -> None:
    """Give the application, the sealer and the redactor their rights, as the tables' owner.

    All earlier rights are taken first, so that what they may do follows from the code alone. A
    model with ``SEALED_COLUMNS`` is append-only: the application may read and add, the sealer may
    set those columns (where there are none, the sealer alone adds rows). One
    ``WRITTEN_BY_TRIGGERS`` is only read. ``REDACTABLE_COLUMNS`` of any model are the redactor's.
    """
    roles = {
        "app": sql.Identifier(settings.APP_ROLE),
        "sealer": sql.Identifier(settings.SEALER_ROLE),
        "redactor": sql.Identifier(settings.REDACTOR_ROLE),
    }
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # Two that grant at the same time fail with "tuple concurrently updated".
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harmwatch grants'))")
        present = connection.introspection.table_names(cursor)
        for template, names in _statements(present):
            cursor.execute(sql.SQL(template).format(**roles, **names))


def _statements(present: list[str]) -> Iterator[_Statement]:
    yield "GRANT USAGE ON SCHEMA public TO {app}, {sealer}, {redactor}", {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.db_table in present:
            yield from _rights_to(model)
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}", {}
    yield _TRIGGERS_STAY_ON, {}
    yield _HISTORY_AS_OWNER, {}
    yield "GRANT SELECT ON django_migrations TO {app}", {}


def _rights_to(model: type[models.Model]) -> Iterator[_Statement]:
    table: dict[str, Any] = {"table": sql.Identifier(model._meta.db_table)}
    sealed = getattr(model, "SEALED_COLUMNS", None)
    redactable = getattr(model, "REDACTABLE_COLUMNS", None)
    yield "REVOKE ALL ON {table} FROM {app}, {sealer}, {redactor}", table
    if redactable:
        yield "GRANT SELECT ON {table} TO {redactor}", table
        yield "GRANT UPDATE ({columns}) ON {table} TO {redactor}", table | _columns(redactable)
    if hasattr(model, "WRITTEN_BY_TRIGGERS"):
        yield "GRANT SELECT ON {table} TO {app}", table
        return
    if sealed is None:
        yield "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app}", table
        return
    yield "GRANT SELECT ON {table} TO {app}, {sealer}, {redactor}", table
    if sealed:
        yield "GRANT INSERT ON {table} TO {app}", table
        yield "GRANT UPDATE ({columns}) ON {table} TO {sealer}", table | _columns(sealed)
    else:
        yield "GRANT INSERT ON {table} TO {sealer}", table


def _columns(names: tuple[str, ...]) -> dict[str, sql.Composable]:
    return {"columns": sql.SQL(", ").join(sql.Identifier(name) for name in names)}
