"""Who relays whom, drawn in rows: roots on top, each below all that it relays. Pixels, as texts.

Sources that relay each other in a ring are one box, as they are for the count of the independent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, GAP, ROW_GAP, MARGIN = 176, 54, 20, 46, 12
# More boxes than these are no picture any more; the table beside it has them all.
MOST_DRAWN = 40
LONGEST_NAME = 18


@dataclass(frozen=True, slots=True)
class Box:
    """One source, or a ring of sources that relay each other, with its corner and its middle."""

    nodes: tuple[int, ...]
    lines: tuple[str, ...]
    title: str
    is_root: bool
    x: str
    y: str
    middle: str
    line_ys: tuple[str, ...]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Each line of text with its height."""
        return list(zip(self.lines, self.line_ys, strict=True))


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture; ``arrows`` are SVG paths from who relays to whom."""

    width: int
    height: int
    boxes: list[Box]
    arrows: list[str]


def sources_draw(nodes: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Return the picture of ``SourceGraph.nodes`` with ``label`` and ``kind_label``; None: empty.

    None too where there are too many to be seen.
    """
    if not nodes or len(nodes) > MOST_DRAWN:
        return None
    relays = {node["node"]: set(node["relays"]) for node in nodes}
    rings = _rings(relays)
    rows = _rows(relays, rings)
    places = _places(relays, rings, rows)
    by_number = {node["node"]: node for node in nodes}
    boxes = [_box([by_number[n] for n in sorted(ring)], places[ring]) for ring in places]
    arrows = [
        _arrow(places[ring], places[other])
        for ring in places
        for other in {rings[n] for node in ring for n in relays[node]} - {ring}
    ]
    widest = max(len(row) for row in rows)
    return Drawing(
        width=2 * MARGIN + widest * (WIDTH + GAP) - GAP,
        height=2 * MARGIN + len(rows) * (HEIGHT + ROW_GAP) - ROW_GAP,
        boxes=boxes,
        arrows=sorted(arrows),
    )


Ring = frozenset[int]


def _rings(relays: Mapping[int, set[int]]) -> dict[int, Ring]:
    """Return for each node those that it relays and that relay it, however far, with itself."""
    reach = {node: _reached(node, relays) for node in relays}
    return {
        node: frozenset({other for other in reach[node] if node in reach[other]} | {node})
        for node in relays
    }


def _reached(start: int, relays: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    ahead = set(relays[start])
    while ahead:
        found |= ahead
        ahead = {after for node in ahead for after in relays[node]} - found
    return found


def _rows(relays: Mapping[int, set[int]], rings: Mapping[int, Ring]) -> list[list[Ring]]:
    """Return the rings by how many steps they are from the root that is farthest."""
    depth: dict[Ring, int] = {}

    def depth_of(ring: Ring) -> int:
        if ring not in depth:
            others = {rings[n] for node in ring for n in relays[node]} - {ring}
            depth[ring] = 1 + max(map(depth_of, others), default=-1)
        return depth[ring]

    for ring in rings.values():
        depth_of(ring)
    rows: list[list[Ring]] = [[] for _level in range(max(depth.values()) + 1)]
    for ring in sorted(depth, key=min):
        rows[depth[ring]].append(ring)
    return rows


def _places(
    relays: Mapping[int, set[int]], rings: Mapping[int, Ring], rows: Sequence[list[Ring]]
) -> dict[Ring, tuple[float, float]]:
    """Return each ring's corner; in a row they stand as those do that they relay."""
    widest = max(len(row) for row in rows)
    places: dict[Ring, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        indent = MARGIN + (widest - len(row)) * (WIDTH + GAP) / 2

        def above(ring: Ring) -> float:
            others = {rings[n] for node in ring for n in relays[node]} - {ring}
            return sum(places[other][0] for other in others) / len(others) if others else 0.0

        for column, ring in enumerate(sorted(row, key=lambda ring: (above(ring), min(ring)))):
            places[ring] = indent + column * (WIDTH + GAP), MARGIN + level * (HEIGHT + ROW_GAP)
    return places


def _box(members: Sequence[Mapping[str, Any]], corner: tuple[float, float]) -> Box:
    x, y = corner
    names = [node["label"] for node in members]
    kinds = [node["kind_label"] for node in members]
    first = _short(names[0] if len(names) == 1 else " ⇄ ".join(names))
    return Box(
        nodes=tuple(node["node"] for node in members),
        lines=(first, _short(" ⇄ ".join(dict.fromkeys(kinds)))),
        title="; ".join(f"{name} ({kind})" for name, kind in zip(names, kinds, strict=True)),
        is_root=any(node["is_root"] for node in members),
        x=f"{x:.0f}",
        y=f"{y:.0f}",
        middle=f"{x + WIDTH / 2:.0f}",
        line_ys=(f"{y + 23:.0f}", f"{y + 41:.0f}"),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _arrow(relayer: tuple[float, float], relayed: tuple[float, float]) -> str:
    x1, y1 = relayer[0] + WIDTH / 2, relayer[1]
    x2, y2 = relayed[0] + WIDTH / 2, relayed[1] + HEIGHT + 7
    bend = (y1 - y2) / 2
    return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 - bend:.0f} {x2:.0f} {y2 + bend:.0f} {x2:.0f} {y2:.0f}"
