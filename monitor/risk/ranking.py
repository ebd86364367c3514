"""The ranking: a run's units and cells, the most people expected to be exposed first."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from core.geo import touches_bbox
from incidents.selectors.boundaries import units_in_force
from monitor.risk.cells import cells_shown, change_text, level_name, persons, unit_name
from monitor.risk.drawing import sparkline
from scoring.api.risk_params import RiskQuery
from scoring.engine.risk.daily import FLOORS, HORIZONS
from scoring.engine.risk.figures import CLASS_DAYS
from scoring.floors import EvidenceFloor
from scoring.models import RiskRun
from scoring.risk_selectors import risk_before, risk_histories_of, risk_units
from scoring.services.risk_rows import figure_index

AT_ONCE = 25
_ALL_UNITS = 50_000
_FROM_THE_FIRST = ("", UUID(int=0))


def skip_parse(text: str) -> int:
    """Return how many cells are skipped; ``InvalidInput`` for what is no such number."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InvalidInput(errors=[FieldError("skip", _("This is a whole number."), "skip")])
    return int(text)


def level_usual() -> int:
    """Return the level shown unless another is asked for: of those in force, the nearest to 1."""
    return min(_levels(), key=lambda level: abs(level - 1), default=1)


def _levels() -> list[int]:
    known = units_in_force().order_by("level").values_list("level", flat=True)
    return list(known.distinct())


def ranking_of(
    actor: Actor, run: RiskRun, query: RiskQuery, *, level: int, skip: int
) -> dict[str, Any]:
    """Return everything of the page."""
    people_at = figure_index("people", query.horizon, query.floor)
    cells = run.cells.all()
    if query.bbox:
        cells = cells.filter(touches_bbox("geometry", query.bbox))
    if query.class_min is not None:
        cells = cells.filter(**{f"risk_class__{query.floor_at}__gte": query.class_min})
    ranked = cells.order_by(F(f"figures__{people_at}").desc(), "cell")
    found = list(ranked[skip : skip + AT_ONCE + 1])
    rows = cells_shown(actor, run, query, found[:AT_ONCE])
    histories = risk_histories_of(RiskRun.Source.RECORD, [row["cell"] for row in rows])
    for rank, row in enumerate(rows, skip + 1):
        line = sparkline(histories.get(row["cell"], []), run.origin)
        row.update(rank=rank, line=line)
    asked = _asked(query, level)
    return {
        "run": run,
        "query": query,
        "cells": rows,
        "skip": skip,
        "units": [] if skip or query.bbox else _units(run, query, level),
        "level": level_name(level),
        "has_classes": query.horizon == CLASS_DAYS,
        "choices": _choices(asked),
        "address": urlencode({name: asked[name] for name in ("horizon", "floor")}),
        "following": urlencode(asked | {"skip": skip + AT_ONCE}) if found[AT_ONCE:] else "",
        "first": urlencode(asked) if skip else "",
    }


def _asked(query: RiskQuery, level: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"horizon": query.horizon, "floor": query.floor, "level": level}
    if query.run:
        asked["run"] = query.run
    if query.class_min is not None:
        asked["class_min"] = query.class_min
    if query.bbox:
        box = query.bbox
        asked["bbox"] = f"{box.west},{box.south},{box.east},{box.north}"
    return asked


def _choices(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what may be chosen, each as links that keep the rest."""
    days = {horizon: _("%(days)d days") % {"days": horizon} for horizon in HORIZONS}
    floors = {floor: EvidenceFloor(floor).label for floor in FLOORS}
    levels = {level: level_name(level) for level in _levels()}
    several: list[tuple[str, str, dict[Any, Any]]] = [
        ("horizon", _("Horizon"), days),
        ("floor", _("Evidence"), floors),
        ("level", _("Units"), levels),
    ]
    return [
        {
            "title": title,
            "links": [
                {
                    "title": text,
                    "query": urlencode(asked | {name: value}),
                    "current": asked[name] == value,
                }
                for value, text in values.items()
            ],
        }
        for name, title, values in several
        if values
    ]


def _units(run: RiskRun, query: RiskQuery, level: int) -> list[dict[str, Any]]:
    """Return the first units with what they were in the run before."""
    named = ("people", "person_strikes")
    at = [figure_index(name, query.horizon, query.floor) for name in named]
    wanted: dict[str, Any] = {
        "level": level, "indices": [*at, query.floor_at],
        "after": _FROM_THE_FIRST, "limit": _ALL_UNITS,
    }  # fmt: skip
    units = sorted(risk_units(run.id, **wanted), key=lambda unit: -unit["people"])[:AT_ONCE]
    before_run = risk_before(run) if units else None
    earlier = risk_units(before_run.id, **wanted) if before_run else []
    before = {unit["id"]: unit["people"] for unit in earlier}
    return [
        {
            "rank": rank,
            "name": unit_name(unit["names"]),
            "pcode": unit["pcode"],
            "people": persons(unit["people"]),
            "residents": persons(unit["residents"]),
            "person_strikes": persons(unit["person_strikes"]),
            "highest": max(map(int, unit["residents_by_class"]), default=None),
            "change": change_text(
                {"people": before.get(unit["id"], 0.0)} if before_run else None, unit["people"]
            ),
        }
        for rank, unit in enumerate(units, 1)
    ]
