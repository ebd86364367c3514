"""What the exposure benchmarks found, as tables and plots in var/bench."""

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "var" / "bench"


def write(name, text, rows):
    """Write a table as Markdown and its rows as JSON, and show it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text += f"\nLoad average at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.\n"
    (FOLDER / f"{name}.md").write_text(text)
    (FOLDER / f"{name}.json").write_text(json.dumps(rows, indent=1))
    print(f"\n{text}\n{FOLDER / name}.md")


def table(title, rows):
    """Return rows that have the same keys as a Markdown table."""
    keys = list(rows[0])
    lines = [f"### {title}", "", "| " + " | ".join(key.replace("_", " ") for key in keys) + " |"]
    lines.append("|---" * len(keys) + "|")
    lines += ["| " + " | ".join(_shown(row[key]) for key in keys) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _shown(value):
    if value is None:
        return "–"
    if not isinstance(value, float):
        return str(value)
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def speeds(name, rows):
    """Return the table of points a second of all peers, and what slow peers would need."""
    shown = [
        {
            "peer": row["peer"], "threads": row["threads"], "points": f"{row['points']:,}",
            "points/s cold": row["cold"], "warm": row["warm"], "per CPU second": row["cpu"],
            "× exactextract": row["times"], "the same by CPU": row["times_cpu"],
            "peak MiB": row["peak_mib"], "largest error": row["error"],
        }
        for row in rows
    ]  # fmt: skip
    most = {row["peer"]: row["points"] for row in rows}
    slow = ", ".join(f"{peer} {n:,}" for peer, n in most.items() if n < 1_000_000)
    return table(f"Layer {name}", shown) + (
        f"\nPeers too slow for a million points were given fewer (the most: {slow}); their speed"
        " does not depend on the number, so 10⁵ and 10⁶ take them in proportion.\n"
    )


def plot(name, rows):
    """Draw points a second against the number of points, for every peer."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for peer, threads in dict.fromkeys((row["peer"], row["threads"]) for row in rows):
        line = [row for row in rows if (row["peer"], row["threads"]) == (peer, threads)]
        label = f"{peer}, {threads} threads" if peer == "ours" else peer
        axes.loglog([r["points"] for r in line], [r["warm"] for r in line], "o-", label=label)
    axes.set(xlabel="points (1, 2 and 5 km around each)", ylabel="points a second", title=name)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(FOLDER / f"{name}.svg", bbox_inches="tight")
    plt.close(figure)
