"""The page of a backtest, for people: what was tested, how good it was, and how it misleads.

One file that needs nothing else: it works from a disk without a network.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from scoring.engine.backtest.baselines import CONFLICTOLOGY, LAST, UNIFORM
from scoring.engine.backtest.deaths import OURS, ZERO

COLUMNS = {
    "information_gain_per_event": ("nats per event", "{:.2f}"),
    "top_1_percent": ("top 1 % of area", "{:.1%}"),
    "top_5_percent": ("top 5 %", "{:.1%}"),
    "top_10_percent": ("top 10 %", "{:.1%}"),
    "predicted_over_observed": ("predicted / observed", "{:.2f}"),
    "coverage_90": ("inside 90 % interval", "{:.1%}"),
    "crps": ("CRPS of deaths", "{:.3f}"),
    "ignorance": ("ignorance, bits", "{:.3f}"),
    "interval_score": ("interval score", "{:.2f}"),
}
_MODELS = {
    OURS: "the hazard model",
    UNIFORM: "every cell alike",
    LAST: "the last period again",
    CONFLICTOLOGY: "the last twelve months again",
    ZERO: "nobody dies",
}
_SETTINGS = {
    "events": "Events",
    "period_days": "Days in a period",
    "start": "First origin",
    "end": "Origins before",
    "cells": "Cells",
    "bbox": "Box W,S,E,N",
    "layer": "Population layer",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;"
    "color:#222;background:#fff}h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.2rem;"
    "margin:2rem 0 .5rem}table{border-collapse:collapse;font-size:.85rem}.wide{overflow-x:auto}"
    "td,th{padding:.3em .6em;text-align:right;border-bottom:1px solid #ddd;vertical-align:bottom}"
    "td:first-child,th:first-child{text-align:left;white-space:nowrap}.ours{font-weight:bold}"
    "figure{margin:1.5rem 0}figcaption{font-size:.9rem;color:#444;max-width:44rem}"
    "p{max-width:48rem}svg{width:100%;max-width:44rem;height:auto;display:block}"
    ".care{border-left:4px solid #b3261e;padding:.1rem 1rem;background:#fbf3f2}"
    "@media print{body{margin:0}figure{break-inside:avoid}}"
)


def report_page(report: dict[str, Any], plots: Sequence[tuple[str, str]]) -> str:
    """Return the page; ``plots`` are (SVG, caption)."""
    ours = report["models"][OURS]
    settings = "".join(
        f"<tr><td>{escape(_SETTINGS.get(key, key))}</td><td>{escape(str(value))}</td></tr>"
        for key, value in report["settings"].items()
    )
    figures = "".join(
        f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"
        for svg, caption in plots
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Backtest</title>
<style>{_STYLE}</style>
<h1>Backtest of the hazard model</h1>
<p>{_verdict(report)}</p>
<h2>What was tested</h2>
<p>At {report["periods"]} origins the model ({escape(report["model_version"])}) said how many
strikes to expect in each of {report["cells"]:,} cells over the next
{escape(str(report["settings"].get("period_days", "few")))} days, knowing only the days before. Then
came {report["events"]:,} events that are known well enough to be scored. The other models had
the same task.</p>
<table>{settings}</table>
<h2>How good it was</h2>
<div class="wide">{_table(report)}</div>
<p>The density map is the best of its family, named by window, width and uniform share.
<b>Nats per event</b>: how much likelier than a map with every cell alike it made what happened,
as a logarithm; one more is 2.7 times likelier. <b>Top 1 % of area</b>: share of events in so
much of the map, ranked anew each period. <b>Predicted / observed</b> is 1 when totals are right.
Of {ours["coverage_90_of"] or 0:,} cells and periods with at least one strike expected, 90 % should
lie <b>inside the 90 % interval</b>. <b>CRPS, ignorance, interval score</b>: of deaths in PRIO-GRID
cells and months; lower is better, a dash where nothing could be scored.</p>
<p>CSEP's number test, whether the total of a period was likely, passed in
{_share(ours["n_test_passed"])} of periods; its spatial test, whether strikes fell where
they were expected, in {_share(ours["s_test_passed"])}. Both take strikes for independent of each
other. Bursts are not, so that fewer than 95 % pass.</p>
{figures}
<h2>How it misleads</h2>
<div class="care"><p><b>Fewer reports are not less risk.</b> The model learns from what is reported.
Where reporting stops, it expects fewer strikes within weeks; that is not safety. Ask who still
reports from there.</p>
<p>It follows the past: a first strike where none was known is foreseen only as "near others". It
knows nothing of orders, front lines or intentions, and lags for a month when an offensive
begins or ends. Places coded to a town draw the map to towns.</p>
<p>These figures are of this file and these years. The kernel density maps are shown at
their best, chosen knowing the outcome.</p></div></html>
"""


def _table(report: dict[str, Any]) -> str:
    names = [OURS, report["best_kde"], UNIFORM, LAST, CONFLICTOLOGY, ZERO]
    shown = [name for name in names if name in report["models"]]
    titles = {report["best_kde"]: report["best_kde"].replace("kde_", "density map ")} | _MODELS
    head = "".join(f"<th>{escape(title)}</th>" for title, _ in COLUMNS.values())
    rows = "".join(
        f"<tr{' class=ours' if name == OURS else ''}><td>{escape(titles[name])}</td>"
        f"{_cells(report['models'][name])}</tr>"
        for name in shown
    )
    return f"<table><tr><th>model</th>{head}</tr>{rows}</table>"


def _verdict(report: dict[str, Any]) -> str:
    ours, kde = (
        report["models"][name]["information_gain_per_event"] for name in (OURS, report["best_kde"])
    )
    if ours is None:
        return "No event fell into the periods: there is nothing to score."
    word = "better" if ours > kde else "no better"
    times = f"some {math.exp(ours):,.0f} times" if 0 < ours < 20 else "not"
    return (
        f"The model is worth {ours:.2f} nats per event: it made the places where events then fell "
        f"{times} likelier than a map with every cell alike. That is {word} than the best of the "
        f"kernel density maps ({kde:.2f}), which was chosen knowing the outcome."
    )


def _cells(measures: dict[str, Any]) -> str:
    values = [(measures[key], form) for key, (_, form) in COLUMNS.items()]
    return "".join(f"<td>{'–' if v is None else form.format(v)}</td>" for v, form in values)


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.0%}"
