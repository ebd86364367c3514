"""What a backtest leaves behind: report.json, three plots, and one page for people."""

import json
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from scoring.engine.backtest.baselines import CONFLICTOLOGY, LAST, UNIFORM
from scoring.engine.backtest.deaths import OURS, ZERO
from scoring.engine.backtest.plots import line_plot
from scoring.engine.backtest.rolling import Backtest, gains_per_event

COLUMNS = {
    "information_gain_per_event": ("nats per event over uniform", "{:.2f}"),
    "top_1_percent": ("in top 1 % of area", "{:.1%}"),
    "top_5_percent": ("5 %", "{:.1%}"),
    "top_10_percent": ("10 %", "{:.1%}"),
    "predicted_over_observed": ("predicted / observed", "{:.2f}"),
    "coverage_90": ("inside the 90 % interval", "{:.1%}"),
    "crps": ("CRPS of deaths", "{:.3f}"),
    "ignorance": ("ignorance, bits", "{:.3f}"),
    "interval_score": ("interval score", "{:.2f}"),
}
STYLE = (
    "body{font:15px/1.45 sans-serif;max-width:60em;margin:1.5em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;font-size:13px}td,th{padding:.25em .6em;text-align:right;"
    "border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}"
    "svg{width:32%;min-width:20em}"
)


def report_write(backtest: Backtest, folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Write report.json, report.html and the plots into a folder, and return what is in the first.

    ``settings`` are shown and kept as given. The same backtest gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = backtest.report() | {"settings": settings}
    plots = _plots(backtest, report)
    for name, picture in plots.items():
        (folder / f"{name}.svg").write_text(picture, "utf-8")
    (folder / "report.html").write_text(_page(report, list(plots.values())), "utf-8")
    text = json.dumps(report, indent=1, sort_keys=True, allow_nan=False)
    (folder / "report.json").write_text(text + "\n", "utf-8")
    return report


def _plots(backtest: Backtest, report: dict[str, Any]) -> dict[str, str]:
    kde = backtest.best_kde
    days = [date.fromordinal(day).isoformat() for day in backtest.origins]
    ends = (days[0], days[-1])
    steps = list(range(len(days)))
    rows = report["models"][OURS]["reliability"]
    predicted = [row["mean_predicted"] for row in rows]
    ours = backtest.tallies[OURS]
    return {
        "reliability": line_plot(
            "Expected and seen, by class of what was expected",
            "strikes expected in a cell and period", "strikes seen",
            [("as it should be", predicted, predicted),
             (OURS, predicted, [row["mean_observed"] for row in rows])],
            log=True, dots=True,
        ),
        "totals": line_plot(
            "Strikes in each period, whole box", "origin", "strikes",
            [("expected", steps, ours.predicted), ("seen", steps, ours.observed)], x_names=ends,
        ),
        "gain": line_plot(
            "Nats per event over uniform", "origin", "nats",
            [(name, steps, gains_per_event(backtest, name).tolist()) for name in (OURS, kde)],
            x_names=ends,
        ),
    }  # fmt: skip


def _page(report: dict[str, Any], plots: list[str]) -> str:
    names = [OURS, report["best_kde"], UNIFORM, LAST, CONFLICTOLOGY, ZERO]
    shown = [name for name in names if name in report["models"]]
    head = "".join(f"<th>{escape(title)}</th>" for title, _ in COLUMNS.values())
    rows = "".join(
        f"<tr><td>{escape(name)}</td>{_cells(report['models'][name])}</tr>" for name in shown
    )
    ours = report["models"][OURS]
    settings = ", ".join(f"{key} {value}" for key, value in report["settings"].items())
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Backtest</title>
<style>{STYLE}</style>
<h1>Backtest of the hazard model</h1>
<p>{_verdict(report)}</p>
<p>{report["events"]:,} events scored in {report["periods"]} periods and {report["cells"]:,} cells.
{escape(settings)}. Each forecast saw only the days before its period.</p>
<table><tr><th>model</th>{head}</tr>{rows}</table>
<p>Of {ours["coverage_90_of"] or 0:,} cell-periods with an expected strike or more, 90 % should lie
inside. Number test (CSEP) passed in {_share(ours["n_test_passed"])} of periods, spatial test in
{_share(ours["s_test_passed"])}; both take strikes in different places for independent, which bursts
are not, so fewer than 95 % pass. Scores of deaths are means over PRIO-GRID cells and months; lower
is better.</p>
{"".join(plots)}
<p><b>Read with care.</b> The model learns from what is reported. Where reporting stops, it expects
fewer strikes; that is not safety. It knows nothing of orders, front lines or intentions, and the
past of this file need not be like the next month.</p></html>
"""


def _verdict(report: dict[str, Any]) -> str:
    ours, kde = (
        report["models"][name]["information_gain_per_event"] for name in (OURS, report["best_kde"])
    )
    if ours is None:
        return "No event fell into the periods: there is nothing to score."
    word = "better" if ours > kde else "no better"
    return (
        f"The model is worth {ours:.2f} nats per event over a uniform map, {word} than the best of "
        f"the kernel density maps ({kde:.2f}, {escape(report['best_kde'])}), which was chosen "
        "knowing the outcome."
    )


def _cells(measures: dict[str, Any]) -> str:
    values = [(measures[key], form) for key, (_, form) in COLUMNS.items()]
    return "".join(f"<td>{'–' if v is None else form.format(v)}</td>" for v, form in values)


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.0%}"
