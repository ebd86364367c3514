"""Our own record as strikes for the engine."""

from collections.abc import Iterator

import numpy as np

from incidents.selectors import strikes_standing
from incidents.vocab import Grade, State
from scoring.engine.hazard.events import Strikes, radius_taken, strikes_of

# The grades that each evidence floor takes; "" is not graded yet.
FLOORS: dict[str, tuple[str, ...]] = {
    "all": ("", Grade.CONTESTED, Grade.WEAK, Grade.FAIR, Grade.CONFIRMED),
    "weak": (Grade.WEAK, Grade.FAIR, Grade.CONFIRMED),
    "fair": (Grade.FAIR, Grade.CONFIRMED),
    "confirmed": (Grade.CONFIRMED,),
}
# Targets of a backtest: known at least as well as UCDP's where_prec 2 and date_prec 2.
SCORED_M = 25_000.0
SCORED_DAYS = 6
CHUNK = 10_000

Row = tuple[int, float, float, float, bool]


def strikes_on_record(floor: str = "all") -> Strikes:
    """Return the strikes that stand and reach an evidence floor, for the house's own computing.

    Without those withdrawn or discounted, or whose place or its uncertainty is not known.
    Deaths are not given. Raises ``KeyError`` for another floor.
    """
    rows = np.array(list(_rows(FLOORS[floor])), float).reshape(-1, 5)
    day, lon, lat, uncertainty, scored = rows.T
    radius_km = radius_taken(uncertainty)
    return strikes_of(day, lon, lat, radius_km=radius_km, scored=scored.astype(bool))


def _rows(grades: tuple[str, ...]) -> Iterator[Row]:
    standing = strikes_standing().filter(
        grade__in=grades, location__isnull=False, uncertainty_m__isnull=False
    )
    columns = ("time_start", "time_end", "location", "uncertainty_m")
    chosen = standing.exclude(state=State.WITHDRAWN).values_list(*columns)
    for start, end, point, uncertainty in chosen.iterator(chunk_size=CHUNK):
        scored = uncertainty <= SCORED_M and (end - start).days <= SCORED_DAYS
        yield start.toordinal(), point.x, point.y, uncertainty, scored
