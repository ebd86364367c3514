"""Lines and dots drawn as SVG by the server, in pixels, as texts that no language changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SHOWN = timedelta(days=365)
_MARGIN = 3.0


@dataclass(frozen=True, slots=True)
class Line:
    """A year's line: ``points`` of a polyline, where it ends, and what its ends are."""

    points: str
    area: str
    end_x: str
    end_y: str
    first: date
    last: date
    most: float
    width: int
    height: int


def sparkline(
    history: Sequence[dict[str, Any]], until: date, *, width: int = 120, height: int = 32
) -> Line | None:
    """Return the people expected over the year up to a day, from nobody upwards; None if empty."""
    points = [one for one in history if until - SHOWN <= one["origin"] <= until]
    if not points:
        return None
    most = max(one["people"] for one in points)
    start = until - SHOWN
    places = [
        (
            _MARGIN + (one["origin"] - start) / SHOWN * (width - 2 * _MARGIN),
            height - _MARGIN - one["people"] / (most or 1.0) * (height - 2 * _MARGIN),
        )
        for one in points
    ]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    (first_x, _), (last_x, last_y) = places[0], places[-1]
    floor = f"{height - _MARGIN:.1f}"
    return Line(
        points=drawn,
        area=f"{first_x:.1f},{floor} {drawn} {last_x:.1f},{floor}",
        end_x=f"{last_x:.1f}",
        end_y=f"{last_y:.1f}",
        first=points[0]["origin"],
        last=points[-1]["origin"],
        most=most,
        width=width,
        height=height,
    )
