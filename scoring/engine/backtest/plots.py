"""The report's three pictures, as SVG text: no plotting library is needed to run a backtest."""

import math
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 26, 44
COLOURS = ("#b3261e", "#1f5fa8", "#4d4d4d", "#2e7d32")

Line = tuple[str, Sequence[float], Sequence[float]]


def line_plot(
    title: str,
    x_label: str,
    y_label: str,
    lines: Sequence[Line],
    *,
    log: bool = False,
    dots: bool = False,
    x_names: tuple[str, str] | None = None,
) -> str:
    """Return one SVG of lines (name, x, y); values that are not finite are left out.

    ``log``: both axes logarithmic, only values above nought. ``x_names``: what to write at the
    two ends of the x axis instead of numbers.
    """
    shown = [(name, _points(x, y, log)) for name, x, y in lines]
    every = [point for _, points in shown for point in points] or [(0.0, 0.0)]
    xs, ys = [p[0] for p in every], [p[1] for p in every]
    x_range = _range(min(xs), max(xs))
    y_range = _range(min(ys) if log else min(0.0, min(ys)), max(ys))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        '<g font-family="sans-serif" font-size="11" fill="#222">',
        f'<text x="{LEFT}" y="15" font-size="13">{escape(title)}</text>',
        _axes(x_range, y_range, x_label, y_label, log, x_names),
    ]
    for i, (_, points) in enumerate(shown):
        colour = COLOURS[i % len(COLOURS)]
        placed = [(_x(x, x_range), _y(y, y_range)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        )
        if dots:
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed
            ]
    names = [
        f'<tspan fill="{COLOURS[i % len(COLOURS)]}" dx="8">{escape(name)}</tspan>'
        for i, (name, _) in enumerate(shown)
    ]
    parts.append(f'<text x="{LEFT - 8}" y="{HEIGHT - 8}">{"".join(names)}</text>')
    return "\n".join([*parts, "</g></svg>"])


def _points(x: Sequence[float], y: Sequence[float], log: bool) -> list[tuple[float, float]]:
    pairs = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    pairs = [(a, b) for a, b in pairs if math.isfinite(a) and math.isfinite(b)]
    if log:
        return [(math.log10(a), math.log10(b)) for a, b in pairs if a > 0 and b > 0]
    return pairs


def _range(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _x(value: float, range_: tuple[float, float]) -> float:
    return LEFT + (value - range_[0]) / (range_[1] - range_[0]) * (WIDTH - LEFT - RIGHT)


def _y(value: float, range_: tuple[float, float]) -> float:
    return HEIGHT - BOTTOM - (value - range_[0]) / (range_[1] - range_[0]) * (HEIGHT - TOP - BOTTOM)


def _axes(
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x_label: str,
    y_label: str,
    log: bool,
    x_names: tuple[str, str] | None,
) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#888"/>']
    for i in range(5):
        x = x_range[0] + (x_range[1] - x_range[0]) * i / 4
        y = y_range[0] + (y_range[1] - y_range[0]) * i / 4
        if x_names is None:
            parts.append(
                f'<text x="{_x(x, x_range):.1f}" y="{bottom + 14}" text-anchor="middle">'
                f"{_number(x, log)}</text>"
            )
        parts.append(
            f'<text x="{LEFT - 5}" y="{_y(y, y_range) + 4:.1f}" text-anchor="end">'
            f"{_number(y, log)}</text>"
        )
    if x_names:
        parts.append(f'<text x="{LEFT}" y="{bottom + 14}">{escape(x_names[0])}</text>')
        parts.append(
            f'<text x="{right}" y="{bottom + 14}" text-anchor="end">{escape(x_names[1])}</text>'
        )
    parts.append(f'<text x="{right}" y="{HEIGHT - 8}" text-anchor="end">{escape(x_label)}</text>')
    height = (TOP + bottom) / 2
    parts.append(
        f'<text transform="translate(12 {height}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text>"
    )
    return "\n".join(parts)


def _number(value: float, log: bool) -> str:
    return f"{10**value if log else value:.3g}"
