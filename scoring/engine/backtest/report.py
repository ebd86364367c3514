"""What a backtest leaves behind: report.json, three plots, and one page for people."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from scoring.engine.backtest.deaths import OURS
from scoring.engine.backtest.pages import report_page
from scoring.engine.backtest.plots import line_plot
from scoring.engine.backtest.rolling import Backtest, gains_per_event

_CAPTIONS = {
    "reliability": "Reliability: cells and periods by how many strikes were expected in them, and "
    "how many were seen on average. Above the line too few were expected.",
    "totals": "All strikes of the box, period by period. The model runs behind when an offensive "
    "begins or ends.",
    "gain": "How much better than a map with every cell alike, period by period. Below nought "
    "it was worse.",
}


def report_write(backtest: Backtest, folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Write report.json, report.html and the plots into a folder, and return what is in the first.

    ``settings`` are shown and kept as given. The same backtest gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = backtest.report() | {"settings": settings}
    plots = _plots(backtest, report)
    for name, picture in plots.items():
        (folder / f"{name}.svg").write_text(picture, "utf-8")
    told = [(picture, _CAPTIONS[name]) for name, picture in plots.items()]
    (folder / "report.html").write_text(report_page(report, told), "utf-8")
    text = json.dumps(report, indent=1, sort_keys=True, allow_nan=False)
    (folder / "report.json").write_text(text + "\n", "utf-8")
    return report


def _plots(backtest: Backtest, report: dict[str, Any]) -> dict[str, str]:
    kde = backtest.best_kde
    days = [date.fromordinal(day).isoformat() for day in backtest.origins]
    steps = list(range(len(days)))
    rows = report["models"][OURS]["reliability"]
    predicted = [row["mean_predicted"] for row in rows]
    ours = backtest.tallies[OURS]
    return {
        "reliability": line_plot(
            "Expected and seen, by class of what was expected",
            "strikes expected in a cell and period", "strikes seen",
            [("as it should be", predicted, predicted),
             ("seen", predicted, [row["mean_observed"] for row in rows])],
            log=True, dots=True,
        ),
        "totals": line_plot(
            "Strikes in each period, whole box", "origin", "strikes",
            [("expected", steps, ours.predicted), ("seen", steps, ours.observed)], x_names=days,
        ),
        "gain": line_plot(
            "Nats per event over uniform", "origin", "nats",
            [(name, steps, gains_per_event(backtest, name).tolist()) for name in (OURS, kde)],
            x_names=days,
        ),
    }  # fmt: skip
