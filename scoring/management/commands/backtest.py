"""``manage.py backtest``: what the hazard model would have said, against what happened."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core.errors import DomainError
from scoring.engine.backtest.files import read_strikes
from scoring.engine.backtest.report import report_write
from scoring.engine.backtest.rolling import backtest_run
from scoring.engine.grids import GridError
from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.events import people_weight
from scoring.management.options import day, layer_of
from scoring.services.backtest import FLOORS, strikes_on_record


class Command(BaseCommand):
    help = "Backtest the hazard model on a CSV file of events, or on our own incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # A box west of Greenwich begins with a minus; argparse would take it for an option.
        parser._negative_number_matcher = re.compile(r"^-\d")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--events", type=Path, help="CSV, plain or gzip; a HXL row is skipped")
        source.add_argument("--incidents", choices=FLOORS, help="our record, by evidence floor")
        parser.add_argument("--period-days", type=int, required=True)
        parser.add_argument("--start", type=day, required=True, help="the first origin")
        parser.add_argument("--end", type=day, required=True, help="origins lie before it")
        parser.add_argument("--cells", required=True, help="h3:5 to h3:8, or deg:SIZE")
        parser.add_argument("--bbox", type=_bbox, required=True, help="W,S,E,N in degrees")
        parser.add_argument(
            "--layer", help="people, a GeoTIFF or a layer's id: where vague events may lie"
        )
        parser.add_argument("--out", type=Path, required=True, help="folder for the report")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = _run(options)
        except (ValueError, OSError, GridError) as exc:
            raise CommandError(str(exc)) from exc
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        models = report["models"]
        for name in (report["default"], report["best_kde"]):
            gain = models[name]["information_gain_per_event"]
            self.stdout.write(f"{name:<24} {'–' if gain is None else f'{gain:.3f} nats per event'}")
        self.stdout.write(f"{report['events']} events scored; see {options['out'] / 'report.html'}")


def _run(options: dict[str, Any]) -> dict[str, Any]:
    bbox = options["bbox"]
    cells = cells_of(options["cells"], bbox)
    strikes = (
        read_strikes(options["events"])
        if options["events"]
        else strikes_on_record(options["incidents"])
    )
    layer = layer_of(options["layer"]) if options["layer"] else None
    weight = people_weight(layer, cells.pixels) if layer else None
    with tqdm(desc="periods", unit="", disable=None, leave=False) as bar:
        backtest = backtest_run(
            strikes,
            cells,
            bbox,
            start=options["start"].toordinal(),
            end=options["end"].toordinal(),
            period_days=options["period_days"],
            pixel_weight=weight,
            progress=lambda: _tick(bar),
        )
    file, floor = options["events"], options["incidents"]
    source = file.name if file else f"incidents, {floor}"
    settings = {
        "events": source,
        "period_days": options["period_days"],
        "start": options["start"].isoformat(),
        "end": options["end"].isoformat(),
        "cells": options["cells"],
        "bbox": ",".join(f"{x:g}" for x in bbox),
        "layer": layer.path.name if layer else "none",
    }  # fmt: skip
    return report_write(backtest, options["out"], settings)


def _tick(bar: Any) -> None:
    bar.update()


def _bbox(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} must be W,S,E,N in degrees") from None
    return west, south, east, north
