"""A record and publication logs of made-up strikes for the daily risk run, and its children."""

import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from typing import Any

import msgspec
import numpy as np
import rasterio
import shapely
from rasterio.transform import Affine

from core.copying import point_ewkb, row_of, rows_copy
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.models import Incident, MatchSuggestion
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from incidents.vocab import Grade
from scoring.services.layers import layer_activate, layer_import
from tests.benchmarks.risk_run import ARC_30, CELL_DEG2, DAY, made

GRADES = ("", Grade.WEAK, Grade.FAIR, Grade.CONFIRMED)
# The day before which all strikes are, UTC.
ORIGIN = date.fromordinal(DAY)

# What the sealer would leave, with the triggers off: sealing is not what is measured.
_LOG = """
    INSERT INTO feed_logentry (
        id, recorded_at, audience, kind, object_id, object_version, change, reason, geometry,
        time_start, time_end, uncertainty_m, country, pcodes, weapon, weapon_class, targets, grade,
        killed_best, feature, seq, sealed_at, hash, chain
    )
    SELECT gen_random_uuid(), now(), %(audience)s, 'incident', id, 1, 'created', '', location,
           time_start, time_end, uncertainty_m, 'IQ', '{}', weapon, 'explosive', '{}', grade,
           row_number() OVER () %% 7, '{"type":"Feature"}', row_number() OVER (), now(), '', ''
    FROM incidents_incident
"""


def layer_make(folder: Any, cells: int) -> None:
    """Put a layer of 30 arc-seconds in use, with about so many cells, and units of a degree."""
    side = float(np.sqrt(cells * CELL_DEG2))
    size = int((side + 2) * 120)
    people = np.random.default_rng(5).gamma(0.2, 300, (size, size)).astype("float32")
    path = folder / "people.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", crs="EPSG:4326", count=1, height=size,
        width=size, transform=Affine(ARC_30, 0, 39, 0, -ARC_30, 31 + size / 120),
    ) as dataset:  # fmt: skip
        dataset.write(people, 1)
    layer, _new = layer_import(
        path=path, provider="Synthetic", year=2020, licence="CC0", attribution="synthetic"
    )
    layer_activate(layer_id=layer.id)
    corners = [(39 + x, 31 + y) for x in range(int(side) + 3) for y in range(int(side) + 3)]
    units = [
        UnitDraft(f"IQ{x:03}{y:03}", "", {"en": f"{x} {y}"}, "IQ",
                  shapely.MultiPolygon([shapely.box(x, y, x + 1, y + 1)]))
        for x, y in corners
    ]  # fmt: skip
    boundaries_import(name="made-1", draft=LevelDraft(1, "IQ", units, "x", [], 0), about=About())
    boundaries_activate(name="made-1")


def record_fill(strikes: int, cells: int) -> None:
    """Write incidents of every grade, and likely duplicates among them."""
    known = made(strikes, float(np.sqrt(cells * CELL_DEG2)))
    places = known.strikes
    ids = []
    moments = {day: datetime.combine(date.fromordinal(day), clock(), UTC)
               for day in set(places.day.tolist())}  # fmt: skip

    def rows() -> Any:
        columns = (places.day, places.lon, places.lat, places.radius_km, known.height)
        for day, lon, lat, km, height in zip(*(c.tolist() for c in columns), strict=True):
            row = row_of(
                Incident, location=point_ewkb(lon, lat), uncertainty_m=km * 1000,
                location_precision="within_25km" if km else "exact", time_start=moments[day],
                time_end=moments[day], time_precision="day", weapon="mortar", grade=GRADES[height],
            )  # fmt: skip
            ids.append(row.id)
            yield vars(row)

    rows_copy(Incident, rows())
    pairs = [sorted((ids[one], ids[other])) for one, other in known.pairs.tolist()]
    rows_copy(MatchSuggestion, (
        vars(row_of(
            MatchSuggestion, one_id=one, other_id=other, one_version=1, other_version=1, score=0.99,
            verdict="likely_same", reasons=[], formula="x",
        )) for one, other in pairs
    ))  # fmt: skip


def log_fill(cursor: Any, audience: str) -> None:
    """Write every incident into an audience's log, sealed. ``cursor`` is a superuser's."""
    cursor.execute("ALTER TABLE feed_logentry DISABLE TRIGGER USER")
    cursor.execute(_LOG, {"audience": audience})
    cursor.execute("ALTER TABLE feed_logentry ENABLE TRIGGER USER")
    cursor.execute("ANALYZE feed_logentry, incidents_incident, incidents_matchsuggestion")


def run_measured(source: str) -> str:
    """Make one source's run as its sweep does; return what it took, as JSON."""
    from feed.risk import risk_publish_if_due
    from scoring.services import risk
    from scoring.services.risk_record import record_run_if_due

    spent: dict[str, float] = {}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent[name] = time.perf_counter() - started

        return call

    computing, finishing = risk.risk_computed, risk._finish
    risk.risk_computed, risk._finish = timed("computing", computing), timed("storing", finishing)
    now = datetime.combine(ORIGIN, clock(), UTC)
    used, started = time.process_time(), time.perf_counter()
    run = record_run_if_due(now=now) if source == "record" else risk_publish_if_due(source, now=now)
    took = time.perf_counter() - started
    assert run is not None
    assert run.state == "finished", run.error
    figures = {
        "strikes": run.inputs["strikes"],
        "source": source,
        "cells": run.cell_count,
        "seconds": took,
        "of which reading": took - sum(spent.values()),
        **spent,
        "processor seconds": time.process_time() - used,
        "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return msgspec.json.encode(figures).decode()
