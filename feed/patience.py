"""How long the database may work at what one reader asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import QueryCanceled

from core.errors import DomainError

LONGEST = "5s"


class TookTooLong(DomainError):
    """The database was stopped at what was asked for."""

    slug, status, title = "took-too-long", 503, gettext_lazy("This took too long")
    wait = 30.0


@contextmanager
def patience(longest: str) -> Iterator[None]:
    """Give each statement inside so long (as PostgreSQL writes it), in one transaction.

    Raises ``TookTooLong``.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [longest])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong(_("The server is busy. Try again in half a minute.")) from None
        raise
