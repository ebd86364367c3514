"""One page of a collection, put together by PostgreSQL from the stored features.

The keys of a page are found in an index alone; only then are its features read. A small box is
looked up degree square by degree square, each in the order of the page, so that the work grows with
the page and not with how much the box, or the collection, holds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from feed.models import Audience, Kind
from feed.params import ItemsQuery, Position, Sort
from feed.squares import squares_of

# What is shown of these is a point, so that its coordinates alone tell whether it lies in a box.
POINTS = frozenset({Kind.INCIDENT, Kind.CONTEXT_EVENT, Kind.EXPOSURE})

_SORTS = {
    Sort.SEQ: ("seq",),
    Sort.SEQ_DESCENDING: ("seq DESC",),
    Sort.DATE: ("time_start", "seq"),
    Sort.DATE_DESCENDING: ("time_start DESC", "seq DESC"),
}
_LONGEST = """(SELECT coalesce(max(s.time_end - s.time_start), interval '0') FROM feed_logentry s
    WHERE s.audience = %(audience)s AND s.kind = %(kind)s AND s.seq IS NOT NULL AND s.feature <> ''
    AND s.time_end - s.time_start IS NOT NULL)"""


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
    with connection.cursor() as cursor:
        cursor.execute(statement.text(), statement.parameters)
        features, found, at_seq, last_time, last_seq = cursor.fetchone()
    has_more = found > query.limit
    following = Position(last_seq, at_seq, last_time) if has_more else None
    return Page(features, min(found, query.limit), at_seq, following)


class _Statement:
    """The SQL of one page and its parameters."""

    def __init__(self, audience: Audience, kind: Kind, query: ItemsQuery) -> None:
        self.query = query
        self.is_points = kind in POINTS
        self.at_seq = query.position.at_seq if query.position else query.at_seq
        self.parameters: dict[str, Any] = {
            "audience": str(audience),
            "kind": str(kind),
            "limit": query.limit,
            "fetched": query.limit + 1,
            "at_seq": self.at_seq,
        }

    def text(self) -> str:
        order = ", ".join(_SORTS[self.query.sort])
        shown = ", ".join(f"page.{column}" for column in _SORTS[self.query.sort])
        return f"""
            WITH page AS ({self._keys(order)} ORDER BY {order} LIMIT %(fetched)s),
                 shown AS (SELECT * FROM page ORDER BY {order} LIMIT %(limit)s)
            SELECT coalesce(string_agg(e.feature, ',' ORDER BY {shown}), ''),
                   (SELECT count(*) FROM page),
                   coalesce(%(at_seq)s, (SELECT max(seq) FROM feed_logentry
                       WHERE audience = %(audience)s AND seq IS NOT NULL), 0),
                   (array_agg(page.time_start ORDER BY {shown}))[%(limit)s],
                   (array_agg(page.seq ORDER BY {shown}))[%(limit)s]
            FROM shown AS page
            JOIN feed_logentry AS e ON e.audience = %(audience)s AND e.seq = page.seq"""

    def _keys(self, order: str) -> str:
        found = self._standing(order)
        squares = self._squares()
        if squares is None:
            return f"SELECT * FROM ({found}) AS found"
        rows = ", ".join(f"({number})" for number in squares)
        return f"""SELECT found.* FROM (VALUES {rows}) AS square(number)
            CROSS JOIN LATERAL ({found}) AS found"""

    def _squares(self) -> list[int] | None:
        """Return the degree squares of a small box; only dates are kept in order within one."""
        by_date = self.query.sort in (Sort.DATE, Sort.DATE_DESCENDING)
        if not (self.query.bbox and self.is_points and by_date):
            return None
        return squares_of(self.query.bbox)

    def _standing(self, order: str) -> str:
        """Select the keys of what stands now and, of an earlier state, what was closed since."""
        now = self._select("e.closed_by_seq IS NULL", order)
        if self.at_seq is None:
            return now
        return f"{now} UNION ALL {self._select('e.closed_by_seq > %(at_seq)s', order)}"

    def _select(self, standing: str, order: str) -> str:
        conditions = [
            "e.audience = %(audience)s AND e.kind = %(kind)s",
            "e.seq IS NOT NULL AND e.feature <> ''",
            standing,
            *self._where(),
            *self._when(),
            *self._filter(),
        ]
        if self.at_seq is not None:
            conditions.append("e.seq <= %(at_seq)s")
        if self._squares() is not None:
            conditions.append("feed_square(e.geometry) = square.number")
        return f"""(SELECT e.time_start, e.seq FROM feed_logentry AS e
            WHERE {" AND ".join(conditions)} ORDER BY {order} LIMIT %(fetched)s)"""

    def _where(self) -> list[str]:
        if self.query.bbox is None:
            return []
        boxes = [self._in_box(number, *box) for number, box in enumerate(self.query.bbox.boxes())]
        return [f"({' OR '.join(boxes)})"]

    def _in_box(self, number: int, *edges: float) -> str:
        names = [f"{name}_{number}" for name in ("west", "south", "east", "north")]
        self.parameters.update(zip(names, edges, strict=True))
        west, south, east, north = (f"%({name})s" for name in names)
        box = f"ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326)"
        if not self.is_points:
            return f"ST_Intersects(e.geometry, {box})"
        inside = (
            f"ST_X(e.geometry) BETWEEN {west} AND {east}"
            f" AND ST_Y(e.geometry) BETWEEN {south} AND {north}"
        )
        # The index over geometries would be read beside the squares', for nothing.
        return f"({inside})" if self._squares() else f"(e.geometry && {box} AND {inside})"

    def _filter(self) -> list[str]:
        if self.query.filter is None:
            return []
        self.parameters.update(self.query.filter.parameters)
        return [self.query.filter.sql]

    def _when(self) -> list[str]:
        """Return the conditions on time and on where the page begins.

        Of two bounds on the first column PostgreSQL may begin at the wider one and read thousands
        of entries for nothing: here each side has one.
        """
        interval, position = self.query.interval, self.query.position
        start = interval.start if interval else None
        end = interval.end if interval else None
        self.parameters.update(start=start, end=end)
        conditions = []
        begins = self._begins(position, end)
        if begins:
            conditions.append(begins)
        elif end:
            conditions.append("e.time_start <= %(end)s")
        if start:
            # One that began before may last into the interval, but not longer than the longest.
            conditions.append("e.time_end >= %(start)s")
            conditions.append(f"e.time_start >= %(start)s - {_LONGEST}")
        return conditions

    def _begins(self, position: Position | None, end: datetime | None) -> str:
        if position is None:
            return ""
        self.parameters.update(after_seq=position.seq, after_time=position.time)
        match self.query.sort:
            case Sort.SEQ:
                return "e.seq > %(after_seq)s" + self._until(end)
            case Sort.SEQ_DESCENDING:
                return "e.seq < %(after_seq)s" + self._until(end)
            case Sort.DATE:
                return "(e.time_start, e.seq) > (%(after_time)s, %(after_seq)s)" + self._until(end)
        assert position.time
        if end and end < position.time:  # a cursor of another interval
            return "e.time_start <= %(end)s"
        return "(e.time_start, e.seq) < (%(after_time)s, %(after_seq)s)"

    def _until(self, end: datetime | None) -> str:
        return " AND e.time_start <= %(end)s" if end else ""
