"""Test databases: a migrated template, and a copy of it for each run.

The template's name ends with a hash over what shapes it, so that runs of different code never meet.
Whoever uses a database holds an advisory lock on its name for as long as it lives: one whose lock
can be had belongs to nobody, and the next run drops it.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

DROP_WITHIN_S = 10.0


class TestDatabases:
    """The databases of one test run. ``OperationalError`` where the server cannot be reached.

    The next copy is made while a test runs, and those before are dropped meanwhile, many at a time:
    a drop first writes out what all databases of the server hold in memory.
    """

    __test__ = False

    def __init__(self) -> None:
        self.base = str(connections.settings["migration"]["NAME"])[:30]
        self.name = ""
        self._login, self._owners_login = _login("default"), _login("migration")
        self._owner = psycopg.connect(**self._owners_login, autocommit=True)
        self.template = f"{self.base}_template_{_shape(self._owner.info.user)[:12]}"
        self._copies, self._drops = ThreadPoolExecutor(1), ThreadPoolExecutor(8)
        self._dropped: list[Future[None]] = []

    def start(self) -> None:
        """Make the first copy; the template too, unless an earlier run did."""
        try:
            self._create_template()
            self.switch_to_new()
        except BaseException:
            self._owner.close()
            raise

    def connect_as_superuser(self) -> psycopg.Connection | None:
        """Connect to the run's database past every right; None where this server gives no way."""
        for user in {self._owner.info.user, "postgres"}:
            login = self._owners_login | {"user": user, "dbname": self.name}
            try:
                connection = psycopg.connect(**login, autocommit=True)
            except psycopg.OperationalError:
                continue
            if connection.info.parameter_status("is_superuser") == "on":
                return connection
            connection.close()
        return None

    def _create_template(self) -> None:
        """Make the template where it is missing; drop what dead runs left behind."""
        with self._locked("harmwatch test templates"):
            if not self._exists(self.template):
                self._build_template()
            self._value("SELECT pg_advisory_lock_shared(%s)", _key(self.template))
            self._drop_leftovers()
        self._next = self._copies.submit(self._copy)

    def switch_to_new(self) -> None:
        """Let both aliases speak to a new copy of the template; the one before is dropped."""
        before, self.name = self.name, self._next.result()
        _point_aliases_at(self.name)
        self._next = self._copies.submit(self._copy)
        if before:
            self._dropped.append(self._drops.submit(self._drop, before))

    def close(self) -> None:
        """Drop the run's databases."""
        connections.close_all()
        last = (self.name, self._next.result())
        for drop in [*self._dropped, *(self._drops.submit(self._drop, name) for name in last)]:
            drop.result()
        self._owner.close()

    def _copy(self) -> str:
        name = f"test_{self.base}_{os.getpid()}_{secrets.token_hex(3)}"
        self._value("SELECT pg_advisory_lock(%s)", _key(name))
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self.template)
        return name

    def _build_template(self) -> None:
        scratch = f"{self.template}_new"
        real = str(connections.settings["migration"]["NAME"])
        self._drop(scratch)
        self._run("CREATE DATABASE {}", scratch)
        _point_aliases_at(scratch)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            _point_aliases_at(real)
        # The name alone says that a template is whole.
        self._run("ALTER DATABASE {} RENAME TO {}", scratch, self.template)

    def _drop_leftovers(self) -> None:
        rows = self._owner.execute(
            "SELECT datname FROM pg_database WHERE pg_has_role(datdba, 'MEMBER')"
            " AND (starts_with(datname, %s) OR starts_with(datname, %s))",
            [f"test_{self.base}_", f"{self.base}_template_"],
        )
        for (name,) in rows.fetchall():
            if name != self.template and self._value("SELECT pg_try_advisory_lock(%s)", _key(name)):
                self._drop(name)
                # Runs of other code may make it anew, and would wait for this one to end.
                self._value("SELECT pg_advisory_unlock(%s)", _key(name))

    def _drop(self, name: str) -> None:
        """Drop a database, sessions and all."""
        until = time.monotonic() + DROP_WITHIN_S
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        while True:
            if self._login["user"] != self._owners_login["user"]:
                self._end_sessions(name)
            try:
                with psycopg.connect(**self._owners_login, autocommit=True) as owner:
                    owner.execute(drop)
                return
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _end_sessions(self, name: str) -> None:
        """End the application's sessions, which the owner of the database may not."""
        with psycopg.connect(**self._login, autocommit=True) as application:
            application.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = session_user",
                [name],
            )

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        self._value("SELECT pg_advisory_lock(%s)", _key(name))
        try:
            yield
        finally:
            self._value("SELECT pg_advisory_unlock(%s)", _key(name))

    def _exists(self, name: str) -> bool:
        return bool(self._value("SELECT count(*) FROM pg_database WHERE datname = %s", name))

    def _value(self, query: str, parameter: object) -> Any:
        row = self._owner.execute(query, [parameter]).fetchone()
        return row[0] if row else None

    def _run(self, template: str, *names: str) -> None:
        self._owner.execute(sql.SQL(template).format(*map(sql.Identifier, names)))


def _login(alias: str) -> dict[str, Any]:
    """Return how an alias connects, but to the server's maintenance database."""
    parameters = connections[alias].get_connection_params()
    known = {"user", "password", "host", "port", "options", "connect_timeout", "sslmode"}
    given = {name: parameters[name] for name in known & parameters.keys()}
    return {"user": ""} | given | {"dbname": "postgres"}


def _point_aliases_at(name: str) -> None:
    connections.close_all()
    for alias in ("default", "migration"):
        connections.settings[alias]["NAME"] = name


def _key(name: str) -> int:
    """Return a name's advisory lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _shape(owner: str) -> str:
    """Return a hash over all that shapes the schema and its rights."""
    digest = hashlib.sha256()
    files = [Path(settings.BASE_DIR, "ledger", "grants.py")]
    for config in apps.get_app_configs():
        files += sorted(Path(config.path, "migrations").glob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    names = ("SEALED_COLUMNS", "REDACTABLE_COLUMNS")
    rights = [
        (model._meta.db_table, *(getattr(model, name, None) for name in names))
        for model in apps.get_models(include_auto_created=True)
    ]
    roles = (settings.APP_ROLE, settings.SEALER_ROLE, settings.REDACTOR_ROLE)
    digest.update(repr((owner, roles, sorted(rights, key=str))).encode())
    return digest.hexdigest()
