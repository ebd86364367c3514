"""Computing and storing the exposure of incidents: one row for each incident and layer."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
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

# Figures come as one long array each, of which a strike's are a slice: a tenth of the work of JSON.
_STORE = """
    INSERT INTO scoring_exposure AS kept
        (incident_id, incident_version, layer_id, layer_sha256, formula_version, profiles_version,
         computed_at, parameters, weapon, uncertainty_m, radii_m, reaches,
         low, best, high, expected, data_fraction, groups, unscored_reason)
    SELECT id, version, %(layer_id)s, %(sha256)s, %(formula)s, %(profiles)s,
           %(now)s, %(parameters)s, weapon, uncertainty_m, radii_m, reaches,
           (%(low)s::float8[])[start:stop],
           coalesce((%(best)s::float8[])[start:stop], (%(low)s::float8[])[start:stop]),
           coalesce((%(high)s::float8[])[start:stop], (%(low)s::float8[])[start:stop]),
           coalesce((%(expected)s::float8[])[start:stop], (%(low)s::float8[])[start:stop]),
           (%(data_fraction)s::float8[])[start:stop], groups, reason
    FROM unnest(
        %(ids)s::uuid[], %(versions)s::integer[], %(weapons)s::varchar[],
        %(uncertainties)s::float8[], %(reasons)s::varchar[], %(starts)s::integer[],
        %(stops)s::integer[], %(groups)s::jsonb[]
    ) AS strike(id, version, weapon, uncertainty_m, reason, start, stop, groups)
    JOIN json_to_recordset(%(radii)s::json)
        AS own(weapon varchar, radii_m float8[], reaches varchar[]) USING (weapon)
    ORDER BY id -- in one order, so that two workers never wait for each other
    ON CONFLICT (incident_id, layer_id, formula_version, profiles_version) DO UPDATE SET
        incident_version = excluded.incident_version, computed_at = excluded.computed_at,
        parameters = excluded.parameters, weapon = excluded.weapon,
        uncertainty_m = excluded.uncertainty_m, radii_m = excluded.radii_m,
        reaches = excluded.reaches, low = excluded.low, best = excluded.best,
        high = excluded.high, expected = excluded.expected,
        data_fraction = excluded.data_fraction, groups = excluded.groups,
        unscored_reason = excluded.unscored_reason"""
_PARAMETERS = {
    "alpha": ALPHA,
    "percentiles": PERCENTILES,
    "max_uncertainty_m": MAX_UNCERTAINTY_M,
}

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
    figures = exposure_figures(layer, strikes)
    if strikes:
        named = {
            "layer_id": layer.id if layer else None,
            "sha256": layer.sha256 if layer else "",
            "formula": FORMULA_VERSION,
            "profiles": PROFILES_VERSION,
            "now": timezone.now(),
            "parameters": _json(_PARAMETERS),
        }
        with connection.cursor() as cursor:
            cursor.execute(_STORE, named | _columns(strikes, figures))
    return len(strikes)


def exposure_figures(
    layer: PopulationLayer | None, strikes: Sequence[Strike]
) -> list[Figures | str]:
    """Return each strike's figures, or why it has none."""
    opened = (layer_open(layer), groups_open(layer)) if layer else None
    places = [place_of(strike) for strike in strikes]
    reasons = [unscored_reason(place, opened[0] if opened else None) for place in places]
    found = dict(_figures(opened, strikes, places, reasons)) if opened else {}
    return [found.get(at, reason) for at, reason in enumerate(reasons)]


def _columns(strikes: Sequence[Strike], figures: Sequence[Figures | str]) -> dict[str, Any]:
    """Return what ``_STORE`` takes of the strikes, whose figures or reasons follow their order."""
    scored = [one if isinstance(one, dict) else {} for one in figures]
    stops = list(accumulate(len(one.get("low", ())) for one in scored))
    flat = {name: _flat(name, scored) for name in FIGURES}
    weapons = {strike.weapon for strike in strikes}
    return flat | {
        "ids": [strike.id for strike in strikes],
        "versions": [strike.version for strike in strikes],
        "weapons": [strike.weapon for strike in strikes],
        "uncertainties": _array(strike.uncertainty_m for strike in strikes),
        "reasons": [one if isinstance(one, str) else "" for one in figures],
        "starts": [stop - len(one["low"]) + 1 if one else None
                   for stop, one in zip(stops, scored, strict=True)],
        "stops": stops,
        "groups": [_json(one["groups"]) if "groups" in one else None for one in scored],
        "radii": _json([_own_radii(weapon) for weapon in weapons]),
    }  # fmt: skip


def _flat(name: str, scored: Sequence[Figures]) -> str | None:
    """Return one figure of all strikes in a row; None where all are points, whose low it is."""
    if not any(name in one for one in scored):
        return None
    return _array(chain.from_iterable(one.get(name) or one.get("low") or () for one in scored))


def _own_radii(weapon: str) -> dict[str, Any]:
    radii = radii_of(weapon)
    return {
        "weapon": weapon,
        "radii_m": [radius.metres for radius in radii],
        "reaches": [radius.reach.value for radius in radii],
    }


def _array(numbers: Iterable[float | None]) -> str | None:
    """Return numbers as PostgreSQL reads an array; None where there are none at all."""
    content = _json(list(numbers))[1:-1]
    return f"{{{content}}}" if content else None


def _json(content: Any) -> str:
    return msgspec.json.encode(content).decode()


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
    weapons = np.array([strikes[at].weapon for at in members])
    for weapon in sorted({strikes[at].weapon for at in members}):
        rows = np.flatnonzero(weapons == weapon)
        columns = np.array([_COLUMN[radius.metres] for radius in radii_of(weapon)])
        own = np.ix_(rows, columns)
        of_parts = {name: part[own].tolist() for name, part in parts.items()}
        found = zip(rows.tolist(), people[own].tolist(), coverage[own].tolist(), strict=True)
        for place, (row, low, data_fraction) in enumerate(found):
            figures: Figures = {"low": low, "data_fraction": data_fraction}
            if parts:
                figures["groups"] = [
                    _group(name, *([part[place]] * 4)) for name, part in of_parts.items()
                ]
            yield members[row], figures


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
