"""``manage.py database_prepare``: database, roles and extensions that migrations start from.

What may be created is created. What may not is printed as the SQL that an administrator must run.
"""

import warnings
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from django.db.utils import ProgrammingError
from psycopg import sql

ROLES_SQL = Path(__file__).resolve().parents[3] / "docker" / "roles.sql"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")


class Command(BaseCommand):
    help = "Create the database, its roles and extensions where they are missing."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.connection = connections["migration"]
        self.todo: list[str] = []
        name = self.connection.settings_dict["NAME"]
        self._reach(name)
        self._ensure(ROLES_SQL.read_text())
        for extension in EXTENSIONS:
            if not self._value("SELECT 1 FROM pg_extension WHERE extname = %s", extension):
                self._ensure(f"CREATE EXTENSION IF NOT EXISTS {extension};")
        self._memberships()
        if not self._value("SELECT has_schema_privilege('public', 'CREATE')"):
            self._ensure_quoted("GRANT CREATE ON SCHEMA public TO {};", self._value("SELECT user"))
        if self.todo:
            lines = "\n".join(self.todo)
            raise CommandError(
                f"The login {self._value('SELECT user')!r} may not do all that is needed. "
                f"An administrator must run this once in the database {name!r}:\n\n{lines}"
            )
        self.stdout.write(f"database {name}: ready")

    def _reach(self, name: str) -> None:
        """Connect; create the database where it does not exist."""
        try:
            self.connection.ensure_connection()
            return
        except OperationalError as exc:
            refusal = exc
        try:
            with warnings.catch_warnings(action="ignore"), self.connection._nodb_cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone():
                    raise refusal
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except OperationalError:
            raise CommandError(f"The database cannot be reached: {refusal}") from refusal
        except ProgrammingError as exc:
            login = self.connection.settings_dict["USER"]
            raise CommandError(
                f"The database {name!r} does not exist and cannot be created: {exc}\n"
                f'An administrator must run: CREATE DATABASE "{name}" OWNER "{login}";'
            ) from exc
        self.connection.ensure_connection()

    def _memberships(self) -> None:
        """Let logins of other names step down to the roles that they need."""
        login = connections["default"].settings_dict["USER"] or self._value("SELECT session_user")
        if login != settings.APP_ROLE:
            self._member(login, settings.APP_ROLE)
        # A migration hands the redactor the function that blanks.
        self._member(self._value("SELECT user"), settings.REDACTOR_ROLE)

    def _member(self, login: str, role: str) -> None:
        # From PostgreSQL 16 on who creates a role is its member, and yet may not step down to it.
        right = "SET" if self._value("SHOW server_version_num") >= "160000" else "MEMBER"
        may_step_down = "SELECT pg_has_role(%s, oid, %s) FROM pg_roles WHERE rolname = %s"
        if not self._value(may_step_down, login, right, role):
            self._ensure_quoted(f"GRANT {role} TO {{}};", login)

    def _ensure_quoted(self, statement: str, name: str) -> None:
        quoted = sql.SQL(statement).format(sql.Identifier(name))
        self._ensure(quoted.as_string(self.connection.connection))

    def _ensure(self, statement: str) -> None:
        """Run a statement, or note it where the right is missing."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement)
        except ProgrammingError as exc:
            # Not allowed, or built on a role that could not be made.
            if getattr(exc.__cause__, "sqlstate", "") not in {"42501", "42704"}:
                raise
            self.todo.append(statement.strip())

    def _value(self, query: str, *parameters: str) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            row = cursor.fetchone()
        return row[0] if row else None
