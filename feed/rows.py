"""Which rows of the log are asked for, as SQL over the row ``e`` whose every value is bound."""

from dataclasses import dataclass, field
from typing import Any

from core.geo import BBox
from feed.cql2 import Filter
from feed.models import Audience, Kind
from feed.params import Interval
from feed.squares import squares_of

# What is shown of these is a point, so that its coordinates alone tell whether it lies in a box.
POINTS = frozenset({Kind.INCIDENT, Kind.CONTEXT_EVENT, Kind.EXPOSURE})

STANDING = "e.closed_by_seq IS NULL"

_LONGEST = """(SELECT coalesce(max(s.time_end - s.time_start), interval '0') FROM feed_logentry s
    WHERE s.audience = %(audience)s AND s.kind = %(kind)s AND s.seq IS NOT NULL AND s.feature <> ''
    AND s.time_end - s.time_start IS NOT NULL)"""


@dataclass
class Rows:
    """The entries with a feature of one audience and kind, in a box, an interval and a filter.

    ``squares``: look a small box up degree square by degree square, each in the order of time.
    """

    audience: Audience
    kind: Kind
    bbox: BBox | None = None
    interval: Interval | None = None
    filter: Filter | None = None
    squares: bool = True
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_points = self.kind in POINTS
        can_be = self.squares and self.is_points and self.bbox is not None
        self.numbers = squares_of(self.bbox) if can_be and self.bbox else None
        self.parameters |= {"audience": str(self.audience), "kind": str(self.kind)}

    def found(self, select: str) -> str:
        """Return what to select FROM, given a SELECT over ``conditions``, as ``found``."""
        if self.numbers is None:
            return f"({select}) AS found"
        rows = ", ".join(f"({number})" for number in self.numbers)
        return f"(VALUES {rows}) AS square(number) CROSS JOIN LATERAL ({select}) AS found"

    def conditions(self, *more: str) -> str:
        """Return the conditions on ``e``, but for the interval's end (see ``until``)."""
        return " AND ".join(
            [
                "e.audience = %(audience)s AND e.kind = %(kind)s",
                "e.seq IS NOT NULL AND e.feature <> ''",
                *self._square(),
                *self._inside(),
                *self._since(),
                *self._filtered(),
                *more,
            ]
        )

    def until(self) -> list[str]:
        """Return the condition that an entry began before the interval's end."""
        end = self.interval.end if self.interval else None
        if end is None:
            return []
        self.parameters["end"] = end
        return ["e.time_start <= %(end)s"]

    def _square(self) -> list[str]:
        return [] if self.numbers is None else ["feed_square(e.geometry) = square.number"]

    def _inside(self) -> list[str]:
        if self.bbox is None:
            return []
        boxes = [self._in_box(number, *box) for number, box in enumerate(self.bbox.boxes())]
        return [f"({' OR '.join(boxes)})"]

    def _in_box(self, number: int, *edges: float) -> str:
        names = [f"{name}_{number}" for name in ("west", "south", "east", "north")]
        self.parameters.update(zip(names, edges, strict=True))
        west, south, east, north = (f"%({name})s" for name in names)
        box = f"ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326)"
        if not self.is_points:
            # A flat box is made a line or a point: as a polygon of no area it is invalid, and
            # whether it touches anything then depends on the plan.
            return f"ST_Intersects(e.geometry, ST_Envelope({box}))"
        inside = (
            f"ST_X(e.geometry) BETWEEN {west} AND {east}"
            f" AND ST_Y(e.geometry) BETWEEN {south} AND {north}"
        )
        # The index over geometries would be read beside the squares', for nothing.
        return f"({inside})" if self.numbers else f"(e.geometry && {box} AND {inside})"

    def _since(self) -> list[str]:
        """One that began before may last into the interval, but not longer than the longest."""
        if self.interval is None or self.interval.start is None:
            return []
        self.parameters["start"] = self.interval.start
        return ["e.time_end >= %(start)s", f"e.time_start >= %(start)s - {_LONGEST}"]

    def _filtered(self) -> list[str]:
        if self.filter is None:
            return []
        self.parameters.update(self.filter.parameters)
        return [self.filter.sql]
