"""What risk would have been told of some places on a day of the past, and what then happened."""

from collections.abc import Iterable
from dataclasses import dataclass

import h3
import numpy as np

from scoring.engine.grids import Layer
from scoring.engine.hazard.events import Strikes
from scoring.engine.risk.daily import FLOORS, HORIZONS, Known, RiskResult, risk_computed
from scoring.engine.risk.figures import CLASS_RESOLUTION, NAMES


@dataclass(frozen=True, slots=True)
class Place:
    """A place to look at, degrees WGS 84."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A place's forecast over a horizon, and what was seen.

    ``expected`` and ``seen`` strikes in the cells whose middle lies around the place; ``people``
    expected to be exposed there, each cell's own, of its ``residents``. ``top_class`` is the
    highest class of those cells, None at resolutions without classes.
    """

    place: Place
    cells: int
    expected: float
    seen: int
    people: float
    residents: float
    top_class: int | None


def looked_back(
    strikes: Strikes,
    layer: Layer,
    origin: int,
    places: Iterable[Place],
    *,
    within_km: float,
    horizon_days: int = HORIZONS[0],
    resolution: int = CLASS_RESOLUTION,
) -> list[Hindsight]:
    """Return the risk from an origin (proleptic ordinal day) around places, and what came.

    The run is given the strikes before the origin and nothing else. Seen are those that are scored.
    Raises ``ValueError`` for a horizon that runs do not have, or a resolution other than 5 to 8.
    """
    if horizon_days not in HORIZONS:
        raise ValueError(f"the horizon must be one of {', '.join(map(str, HORIZONS))} days")
    past = strikes.take(strikes.day < origin)
    # Nobody graded them: they stand on every floor, so that one fit does for all.
    height = np.full(len(past), len(FLOORS) - 1)
    known = Known(past, height, np.zeros((0, 2), np.int64))
    result = risk_computed(known, layer, origin, resolution=resolution)
    days = strikes.day - origin
    came = strikes.take(strikes.scored & (days >= 0) & (days < horizon_days))
    cells = [
        h3.latlng_to_cell(lat, lon, resolution)
        for lon, lat in zip(came.lon.tolist(), came.lat.tolist(), strict=True)
    ]
    horizon = HORIZONS.index(horizon_days)
    return [_around(result, cells, place, within_km, horizon) for place in places]


def _around(
    result: RiskResult, came: list[str], place: Place, within_km: float, horizon: int
) -> Hindsight:
    def is_near(cell: str) -> bool:
        here = (place.lat, place.lon)
        return h3.great_circle_distance(here, h3.cell_to_latlng(cell), unit="km") <= within_km

    rows = [at for at, cell in enumerate(result.cells) if is_near(cell)]
    figures = result.figures[rows][:, :, horizon, 0]
    classes = result.risk_class[rows, 0]
    return Hindsight(
        place, len(rows),
        float(figures[:, NAMES.index("strikes")].sum()),
        sum(map(is_near, came)),
        float(figures[:, NAMES.index("people")].sum()),
        float(result.people[rows].sum()),
        int(classes.max()) if len(rows) and classes.max() >= 0 else None,
    )  # fmt: skip
