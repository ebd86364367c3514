"""Stepping up to a role ends with its block."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from ledger.roles import acting_as


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_tests_run_as_the_application(db: None) -> None:
    assert current_user() == settings.APP_ROLE


def test_the_role_ends_with_the_block(db: None) -> None:
    with acting_as(settings.SEALER_ROLE):
        assert current_user() == settings.SEALER_ROLE
    assert current_user() == settings.APP_ROLE


def test_the_role_ends_with_a_failing_statement(db: None) -> None:
    with pytest.raises(DatabaseError), acting_as(settings.SEALER_ROLE):
        connection.cursor().execute("SELECT 1 / 0")
    assert current_user() == settings.APP_ROLE


def test_the_role_ends_with_an_error_of_python(db: None) -> None:
    with pytest.raises(KeyError), transaction.atomic(), acting_as(settings.SEALER_ROLE):
        raise KeyError
    assert current_user() == settings.APP_ROLE


def test_the_application_cannot_step_up_to_the_redactor(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(%s, %s, 'MEMBER')", [settings.APP_ROLE, settings.REDACTOR_ROLE]
        )
        assert cursor.fetchone() == (False,)
