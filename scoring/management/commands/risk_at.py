"""``manage.py risk_at``: what risk would have been told on a past day, and what then happened."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from scoring.engine.backtest.files import read_strikes
from scoring.engine.grids import KINDS, GridError
from scoring.engine.risk.daily import HORIZONS
from scoring.engine.risk.figures import CLASS_RESOLUTION
from scoring.engine.risk.hindsight import Hindsight, Place, looked_back
from scoring.management.options import day, layer_of

_COLUMNS = ("place", "cells", "expected", "seen", "people", "residents", "highest class")


class Command(BaseCommand):
    help = (
        "Compute risk from a file's events before a day, and compare it with what the file says "
        "came then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--events", type=Path, required=True, help="CSV as for backtest")
        parser.add_argument("--layer", required=True, help="people: a GeoTIFF or a layer's id")
        parser.add_argument("--kind", choices=KINDS, help="what a GeoTIFF's numbers are")
        parser.add_argument("--date", type=day, required=True, help="the first day forecast")
        parser.add_argument(
            "--near", type=_place, action="append", required=True, help="NAME:LON,LAT, repeatedly"
        )
        parser.add_argument("--km", type=float, default=25.0, help="how far around each, 25")
        parser.add_argument("--horizon", type=int, default=HORIZONS[0], choices=HORIZONS)
        parser.add_argument("--resolution", type=int, default=CLASS_RESOLUTION, help="H3, 5 to 8")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = looked_back(
                read_strikes(options["events"]),
                layer_of(options["layer"], options["kind"]),
                options["date"].toordinal(),
                options["near"],
                within_km=options["km"],
                horizon_days=options["horizon"],
                resolution=options["resolution"],
            )
        except (ValueError, OSError, GridError) as exc:
            raise CommandError(str(exc)) from exc
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        self.stdout.write(
            f"{options['horizon']} days from {options['date']}, "
            f"cells within {options['km']:g} km of each place"
        )
        for line in (_COLUMNS, ["---"] * len(_COLUMNS), *map(_cells, rows)):
            self.stdout.write(f"| {' | '.join(line)} |")


def _cells(row: Hindsight) -> tuple[str, ...]:
    return (
        row.place.name, f"{row.cells}", f"{row.expected:.1f}", f"{row.seen}", f"{row.people:,.0f}",
        f"{row.residents:,.0f}", "–" if row.top_class is None else f"{row.top_class}",
    )  # fmt: skip


def _place(text: str) -> Place:
    found = re.fullmatch(r"([^:]{1,60}):(-?[\d.]+),(-?[\d.]+)", text)
    try:
        lon, lat = float(found[2]), float(found[3])  # type: ignore[index]
        if abs(lon) <= 180 and abs(lat) <= 90:
            return Place(found[1].strip(), lon, lat)  # type: ignore[index]
    except (TypeError, ValueError):
        pass
    raise ArgumentTypeError(f"{text!r} must be like Mosul:43.13,36.34, in degrees")
