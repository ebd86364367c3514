"""Computing and storing the exposure of incidents: one row for each incident and layer."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from incidents.selectors import LAT, LON, strikes_by_id
from incidents.vocab import LocationPrecision
from scoring.engine.exposure import (
    FORMULA_VERSION,
    PERCENTILES,
    exposure_under_uncertainty,
    population_within,
)
from scoring.engine.grids import Layer
from scoring.models import PopulationLayer
from scoring.models.exposure import FIGURES
from scoring.selectors import active_layer
from scoring.services.exposure import ALPHA, MAX_UNCERTAINTY_M, Place, unscored_reason
from scoring.services.layer_files import groups_open, layer_open
from scoring.weapon_profiles import EVERY_RADIUS_M, PROFILES_VERSION, radii_of

_STORE = """
    INSERT INTO scoring_exposure AS kept
        (incident_id, incident_version, layer_id, layer_sha256, formula_version, profiles_version,
         computed_at, radii_m, reaches, low, best, high, expected, data_fraction, groups,
         unscored_reason, parameters)
    SELECT incident_id, incident_version, %(layer_id)s, %(sha256)s, %(formula)s, %(profiles)s,
           %(now)s, radii_m, reaches, low, coalesce(best, low), coalesce(high, low),
           coalesce(expected, low), data_fraction, groups, unscored_reason, parameters
    FROM json_to_recordset(%(rows)s::json) AS row(
        incident_id uuid, incident_version integer, radii_m float8[], reaches varchar[],
        low float8[], best float8[], high float8[], expected float8[], data_fraction float8[],
        groups jsonb, unscored_reason varchar, parameters jsonb)
    ORDER BY incident_id -- in one order, so that two workers never wait for each other
    ON CONFLICT (incident_id, layer_id, formula_version, profiles_version) DO UPDATE SET
        incident_version = excluded.incident_version, computed_at = excluded.computed_at,
        radii_m = excluded.radii_m, reaches = excluded.reaches, low = excluded.low,
        best = excluded.best, high = excluded.high, expected = excluded.expected,
        data_fraction = excluded.data_fraction, groups = excluded.groups,
        unscored_reason = excluded.unscored_reason, parameters = excluded.parameters"""

_COLUMN = {radius: column for column, radius in enumerate(EVERY_RADIUS_M)}


class Strike(NamedTuple):
    """What scoring reads of an incident: degrees, metres (None where nobody said)."""

    id: UUID
    version: int
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    precision: str
    weapon: str


# A layer and its groups by label, open for reading.
Opened = tuple[Layer, dict[str, Layer]]
# What is stored of one place: an array for each figure, and the groups'.
Figures = dict[str, Any]


@transaction.atomic
def exposure_compute(*, incident_ids: Iterable[UUID], layer: PopulationLayer | None = None) -> int:
    """Compute and store the exposure of those that are strikes; return the rows.

    By one layer: the one given or the one that is active at the start. Doing it again changes
    nothing but the time; figures of an older version never replace those of a newer one (the table
    sees to that). Raises ``OSError`` or ``LayerDamaged`` where the layer's file is not what it was.
    """
    layer = layer or active_layer()
    strikes = _strikes(incident_ids)
    rows = exposure_rows(layer, strikes)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                _STORE,
                {
                    "layer_id": layer.id if layer else None,
                    "sha256": layer.sha256 if layer else "",
                    "formula": FORMULA_VERSION,
                    "profiles": PROFILES_VERSION,
                    "now": timezone.now(),
                    "rows": msgspec.json.encode(rows).decode(),
                },
            )
    return len(rows)


def exposure_rows(layer: PopulationLayer | None, strikes: Sequence[Strike]) -> list[dict[str, Any]]:
    """Return what is to be stored of each strike, in their order."""
    opened = (layer_open(layer), groups_open(layer)) if layer else None
    places = [place_of(strike) for strike in strikes]
    reasons = [unscored_reason(place, opened[0] if opened else None) for place in places]
    found = dict(_figures(opened, strikes, places, reasons)) if opened else {}
    return [
        _row(strike, reason) | found.get(at, {})
        for at, (strike, reason) in enumerate(zip(strikes, reasons, strict=True))
    ]


def place_of(strike: Strike) -> Place:
    """Return where an incident may have been.

    A point of which nobody said how sure it is counts as exact only where its precision says so.
    """
    if strike.lon is None or strike.lat is None:
        return None
    uncertainty = strike.uncertainty_m
    if uncertainty is None:
        uncertainty = 0.0 if strike.precision == LocationPrecision.EXACT else math.inf
    return strike.lon, strike.lat, uncertainty


def _strikes(incident_ids: Iterable[UUID]) -> list[Strike]:
    fields = ("id", "version", "lon", "lat", "uncertainty_m", "location_precision", "weapon")
    rows = (
        strikes_by_id(incident_ids).annotate(lon=LON, lat=LAT).order_by("id").values_list(*fields)
    )
    return [Strike(*row) for row in rows]


def _row(strike: Strike, reason: str) -> dict[str, Any]:
    radii = radii_of(strike.weapon)
    return {
        "incident_id": strike.id,
        "incident_version": strike.version,
        "radii_m": [radius.metres for radius in radii],
        "reaches": [radius.reach.value for radius in radii],
        "unscored_reason": reason,
        "parameters": {
            "alpha": ALPHA,
            "percentiles": PERCENTILES,
            "max_uncertainty_m": MAX_UNCERTAINTY_M,
            "uncertainty_m": strike.uncertainty_m,
            "weapon": strike.weapon,
        },
    }


def _figures(
    opened: Opened, strikes: Sequence[Strike], places: Sequence[Place], reasons: Sequence[str]
) -> Iterable[tuple[int, Figures]]:
    """Yield the index of each strike that can be scored, and its figures."""
    exact: list[int] = []
    vague: dict[tuple[float, ...], list[int]] = defaultdict(list)
    for at, (place, reason) in enumerate(zip(places, reasons, strict=True)):
        if reason or place is None:
            continue
        if place[2] == 0:
            exact.append(at)
        else:
            vague[tuple(one.metres for one in radii_of(strikes[at].weapon))].append(at)
    if exact:
        yield from _exact(opened, strikes, places, exact)
    for radii, members in vague.items():
        yield from zip(members, _vague(opened, [places[at] for at in members], radii), strict=True)


def _exact(
    opened: Opened, strikes: Sequence[Strike], places: Sequence[Place], members: Sequence[int]
) -> Iterable[tuple[int, Figures]]:
    """Yield figures of points, whose low is their best, high and expected too.

    All at every radius of every weapon, so that the layer is read once; each keeps its own.
    """
    layer, groups = opened
    lon, lat, _ = np.array([places[at] for at in members]).T
    people, coverage = population_within(layer, lon, lat, EVERY_RADIUS_M, with_coverage=True)
    parts = {name: population_within(one, lon, lat, EVERY_RADIUS_M) for name, one in groups.items()}
    for row, at in enumerate(members):
        own = _columns(strikes[at].weapon)
        figures: Figures = {
            "low": people[row, own].tolist(),
            "data_fraction": coverage[row, own].tolist(),
        }
        if parts:
            figures["groups"] = [
                _group(name, *([part[row, own].tolist()] * 4)) for name, part in parts.items()
            ]
        yield at, figures


_COLUMNS: dict[str, list[int]] = {}


def _columns(weapon: str) -> list[int]:
    """Return where a weapon's radii stand among all."""
    if weapon not in _COLUMNS:
        _COLUMNS[weapon] = [_COLUMN[radius.metres] for radius in radii_of(weapon)]
    return _COLUMNS[weapon]


def _vague(opened: Opened, places: Sequence[Place], radii: Sequence[float]) -> Iterable[Figures]:
    layer, groups = opened
    areas = [place for place in places if place]
    whole = exposure_under_uncertainty(layer, areas, radii, ALPHA, with_coverage=True)
    measures = [measure.tolist() for measure in whole]
    parts = {
        name: [
            measure.tolist()
            for measure in exposure_under_uncertainty(one, areas, radii, ALPHA, places_by=layer)
        ]
        for name, one in groups.items()
    }
    for at in range(len(areas)):
        figures = {name: numbers[at] for name, numbers in zip(FIGURES, measures, strict=True)}
        if parts:
            figures["groups"] = [
                _group(name, *(numbers[at] for numbers in part)) for name, part in parts.items()
            ]
        yield figures


def _group(
    label: str, low: list[float], best: list[float], high: list[float], expected: list[float]
) -> dict[str, Any]:
    sex, _, age_group = label.partition("/")
    return {
        "sex": sex,
        "age_group": age_group,
        "low": low,
        "best": best,
        "high": high,
        "expected": expected,
    }
