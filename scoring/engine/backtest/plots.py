"""The report's three pictures, as SVG text: no plotting library is needed to run a backtest."""

import math
from collections.abc import Callable, Sequence
from html import escape

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 48, 44
COLOURS = ("#b3261e", "#1f5fa8", "#4d4d4d", "#2e7d32")
# Ticks stand at round numbers, about so many on an axis.
_TICKS = 5

Line = tuple[str, Sequence[float], Sequence[float]]
Range = tuple[float, float]


def line_plot(
    title: str,
    x_label: str,
    y_label: str,
    lines: Sequence[Line],
    *,
    log: bool = False,
    dots: bool = False,
    x_names: Sequence[str] | None = None,
) -> str:
    """Return one SVG of lines (name, x, y); values that are not finite are left out.

    ``log``: both axes logarithmic, only values above nought. ``x_names``: what to write at x of
    0, 1, 2 … instead of numbers.
    """
    shown = [(name, _points(x, y, log)) for name, x, y in lines]
    every = [point for _, points in shown for point in points] or [(0.0, 0.0)]
    xs, ys = [p[0] for p in every], [p[1] for p in every]
    x_range = (min(xs), max(xs)) if x_names else _range(min(xs), max(xs), log)
    y_range = _range(min(ys) if log else min(0.0, min(ys)), max(ys), log)
    x, y = _scale(_widened(x_range), LEFT, WIDTH - RIGHT), _scale(y_range, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        '<g font-family="sans-serif" font-size="12" fill="#222">',
        f'<text x="{LEFT}" y="16" font-size="15">{escape(title)}</text>',
        _legend([name for name, _ in shown]),
        _rows(y_range, y, log),
        _columns(x_range, x, log, x_names),
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(x_label)}</text>',
        f'<text transform="translate(14 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_label)}</text>',
    ]
    for i, (_, points) in enumerate(shown):
        parts.append(_line([(x(a), y(b)) for a, b in points], COLOURS[i % len(COLOURS)], dots))
    return "\n".join([*parts, "</g></svg>"])


def _points(x: Sequence[float], y: Sequence[float], log: bool) -> list[tuple[float, float]]:
    pairs = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    pairs = [(a, b) for a, b in pairs if math.isfinite(a) and math.isfinite(b)]
    if log:
        return [(math.log10(a), math.log10(b)) for a, b in pairs if a > 0 and b > 0]
    return pairs


def _line(placed: Sequence[tuple[float, float]], colour: str, dots: bool) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    circles = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed)
    return "\n".join([line, *circles]) if dots else line


def _legend(names: Sequence[str]) -> str:
    parts = "".join(
        f'<tspan fill="{COLOURS[i % len(COLOURS)]}" dx="{14 if i else 0}">━ {escape(name)}</tspan>'
        for i, name in enumerate(names)
    )
    return f'<text x="{LEFT}" y="35">{parts}</text>'


def _widened(range_: Range) -> Range:
    low, high = range_
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _step(range_: Range, log: bool) -> float:
    """Return a round distance of ticks: 1, 2 or 5 times a power of ten; whole decades on logs."""
    rough = (range_[1] - range_[0]) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough - 1e-12)
    return max(1.0, math.ceil(step)) if log else step


def _range(low: float, high: float, log: bool) -> Range:
    """Return a range from one tick to another that holds both ends."""
    range_ = _widened((low, high))
    step = _step(range_, log)
    return math.floor(range_[0] / step + 1e-9) * step, math.ceil(range_[1] / step - 1e-9) * step


def _scale(range_: Range, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - range_[0]) / (range_[1] - range_[0]) * (end - start)


def _ticks(range_: Range, log: bool) -> list[float]:
    step = _step(range_, log)
    return [range_[0] + i * step for i in range(round((range_[1] - range_[0]) / step) + 1)]


def _rows(range_: Range, y: Callable[[float], float], log: bool) -> str:
    return "\n".join(
        f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>'
        f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{_number(tick, log)}</text>'
        for tick in _ticks(range_, log)
    )


def _columns(
    range_: Range, x: Callable[[float], float], log: bool, names: Sequence[str] | None
) -> str:
    bottom = HEIGHT - BOTTOM
    if names:
        every = max(1, math.ceil(len(names) / _TICKS))
        labels = [(float(at), names[at]) for at in range(0, len(names), every)]
    else:
        labels = [(tick, _number(tick, log)) for tick in _ticks(range_, log)]
    ticks = "".join(
        f'<path d="M{x(at):.1f} {bottom}v4" stroke="#888"/><text x="{x(at):.1f}" y="{bottom + 17}" '
        f'text-anchor="{"start" if at == 0 and names else "middle"}">{escape(label)}</text>'
        for at, label in labels
    )
    return f'<path d="M{LEFT} {bottom}H{WIDTH - RIGHT}" stroke="#888"/>{ticks}'


def _number(value: float, log: bool) -> str:
    if not log:
        return f"{round(value, 9):g}"
    return f"{10**value:,.0f}" if value >= 0 else f"{10**value:g}"
