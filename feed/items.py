"""One page of a collection, put together by PostgreSQL from the stored features.

The keys of a page are found in an index alone; only then are its features read. A small box is
looked up degree square by degree square, each in the order of the page, so that the work grows with
the page and not with how much the box, or the collection, holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from feed.cql2 import refused
from feed.formats import LogRow
from feed.models import Audience, Kind
from feed.params import ItemsQuery, Position, Sort
from feed.patience import LONGEST, TookTooLong, patience
from feed.rows import STANDING, Rows

_SORTS = {
    Sort.SEQ: ("seq",),
    Sort.SEQ_DESCENDING: ("seq DESC",),
    Sort.DATE: ("time_start", "seq"),
    Sort.DATE_DESCENDING: ("time_start DESC", "seq DESC"),
}
_BY_DATE = (Sort.DATE, Sort.DATE_DESCENDING)


@dataclass(frozen=True, slots=True)
class Page:
    """Some features as JSON with commas between them, and where the next page begins."""

    features: str
    returned: int
    at_seq: int
    next: Position | None


def items_page(audience: Audience, kind: Kind, query: ItemsQuery) -> Page:
    """Return one page of the versions that stood at ``query.at_seq`` (None: now).

    A walk sees the log as it stood when it began: its positions carry that ``seq`` along.
    """
    statement = _Statement(audience, kind, query)
    ((features, found, at_seq, last_time, last_seq),) = _run(statement, statement.text())
    has_more = found > query.limit
    following = Position(last_seq, at_seq, last_time) if has_more else None
    return Page(features, min(found, query.limit), at_seq, following)


def items_rows(
    audience: Audience, kind: Kind, query: ItemsQuery
) -> tuple[list[LogRow], Position | None]:
    """Return the rows of one page, and where the next begins; ``query.at_seq`` is not None."""
    statement = _Statement(audience, kind, query)
    found = _run(statement, statement.rows_text())
    rows = [LogRow._make(row[:-1]) for row in found[: query.limit]]
    if len(found) <= query.limit:
        return rows, None
    assert statement.at_seq is not None
    return rows, Position(rows[-1].seq, statement.at_seq, found[query.limit - 1][-1])


def _run(statement: "_Statement", text: str) -> list[tuple[Any, ...]]:
    """Return a statement's rows; where a reader chose its conditions, in the time that it gets."""
    if statement.query.filter is None:
        return _fetched(statement, text)
    with filter_time():
        return _fetched(statement, text)


@contextmanager
def filter_time() -> Iterator[None]:
    """Give what is asked within the time of a filter. Raises ``InvalidInput`` where it is over."""
    try:
        with patience(LONGEST):
            yield
    except TookTooLong:
        raise refused(_("This filter takes too long; add a bbox or a datetime.")) from None


def _fetched(statement: "_Statement", text: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, statement.parameters)
        return cursor.fetchall()


class _Statement:
    """The SQL of one page and its parameters."""

    def __init__(self, audience: Audience, kind: Kind, query: ItemsQuery) -> None:
        self.query = query
        self.at_seq = query.position.at_seq if query.position else query.at_seq
        # Within a square only dates are kept in order.
        squares = query.sort in _BY_DATE
        self.rows = Rows(audience, kind, query.bbox, query.interval, query.filter, squares)
        self.parameters = self.rows.parameters
        self.parameters |= {
            "limit": query.limit,
            "fetched": query.limit + 1,
            "at_seq": self.at_seq,
        }

    def _keys(self, order: str) -> str:
        keys = f"SELECT found.* FROM {self.rows.found(self._standing(order))}"
        return f"{keys} ORDER BY {order} LIMIT %(fetched)s"

    def rows_text(self) -> str:
        """Return the SQL of the page's rows and one more, each with its start as the last."""
        order = ", ".join(_SORTS[self.query.sort])
        shown = ", ".join(f"page.{column}" for column in _SORTS[self.query.sort])
        columns = """e.seq, e.sealed_at, e.kind, e.object_id, e.object_version, e.change,
                   e.feature, e.time_start"""
        if self._reads_whole_log():
            stood = "(e.closed_by_seq IS NULL OR e.closed_by_seq > %(at_seq)s)"
            conditions = self.rows.conditions(stood, "e.seq <= %(at_seq)s", *self._begins())
            return f"""SELECT {columns} FROM feed_logentry AS e
                WHERE {conditions} ORDER BY {order} LIMIT %(fetched)s"""
        return f"""
            WITH page AS ({self._keys(order)})
            SELECT {columns}
            FROM page JOIN feed_logentry AS e ON e.audience = %(audience)s AND e.seq = page.seq
            ORDER BY {shown}"""

    def text(self) -> str:
        """Return the SQL of the page: its features, how many keys were found, and where it ends.

        What is put together comes from a sorted subquery, in its order (PostgreSQL's manual,
        9.21); to order within each aggregate sorts the features once for each.
        """
        order = ", ".join(_SORTS[self.query.sort])
        sorting = ", ".join(f"page.{column}" for column in _SORTS[self.query.sort])
        return f"""
            WITH page AS ({self._keys(order)})
            SELECT coalesce(string_agg(shown.feature, ','), ''),
                   (SELECT count(*) FROM page),
                   coalesce(%(at_seq)s, (SELECT max(seq) FROM feed_logentry
                       WHERE audience = %(audience)s AND seq IS NOT NULL), 0),
                   (array_agg(shown.time_start))[%(limit)s],
                   (array_agg(shown.seq))[%(limit)s]
            FROM (
                SELECT e.feature, page.time_start, page.seq
                FROM page JOIN feed_logentry AS e ON e.audience = %(audience)s AND e.seq = page.seq
                ORDER BY {sorting} LIMIT %(limit)s) AS shown"""

    def _standing(self, order: str) -> str:
        """Select the keys of what stands now and, of an earlier state, what was closed since."""
        if self.at_seq is None:
            return self._select(order, STANDING)
        known = "e.seq <= %(at_seq)s"
        now = self._select(order, STANDING, known)
        since = self._select(order, "e.closed_by_seq > %(at_seq)s", known)
        return f"{now} UNION ALL {since}"

    def _reads_whole_log(self) -> bool:
        """Tell whether every entry is read in its order: then what was closed lies on the way."""
        is_by_seq = self.query.sort not in _BY_DATE
        return is_by_seq and self.query.bbox is None and self.query.interval is None

    def _select(self, order: str, *standing: str) -> str:
        conditions = self.rows.conditions(*standing, *self._begins())
        return f"""(SELECT e.time_start, e.seq FROM feed_logentry AS e
            WHERE {conditions} ORDER BY {order} LIMIT %(fetched)s)"""

    def _begins(self) -> list[str]:
        """Return the conditions on where the page begins and the interval ends.

        Of two bounds on the first column PostgreSQL may begin at the wider one and read thousands
        of entries for nothing: there only the narrower is asked for.
        """
        position, until = self.query.position, self.rows.until()
        if position is None:
            return until
        self.parameters.update(after_seq=position.seq, after_time=position.time)
        match self.query.sort:
            case Sort.SEQ:
                return ["e.seq > %(after_seq)s", *until]
            case Sort.SEQ_DESCENDING:
                return ["e.seq < %(after_seq)s", *until]
            case Sort.DATE:
                return ["(e.time_start, e.seq) > (%(after_time)s, %(after_seq)s)", *until]
        assert position.time
        if until and self.parameters["end"] < position.time:  # a cursor of another interval
            return until
        return ["(e.time_start, e.seq) < (%(after_time)s, %(after_seq)s)"]
