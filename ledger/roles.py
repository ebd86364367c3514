"""Stepping up to a database role for a few statements."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import sql


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Run the block's statements as ``role``; on the way out the connection is what it was.

    A savepoint of its own: rolling it back after an error takes the role away with the rest.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        yield
        cursor.execute("RESET ROLE")
