"""Names of the largest towns on a map that the server draws, none over another.

On a phone the whole map is drawn a third as large, and its letters more than twice as large in it:
there only those are shown that have room so too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_DESK_PX, _PHONE_PX = 13, 30  # letters, in units of the map; feed.css has the same
_LETTER = 0.62  # width of one, of its height
_GAP = 8
_MOST_TRIED, _MOST_SHOWN = 60, 14
_PHONE_MOST = 4
_SIDES = ("after", "before", "above", "below")
_SCALE_HIGH, _SCALE_BESIDE = 60, 40  # the room that the scale takes


@dataclass(frozen=True, slots=True)
class Label:
    """A town's name with its dot, at x, y. ``side``: where the name stands of it."""

    name: str
    x: int
    y: int
    side: str
    on_phones: bool


@dataclass(frozen=True, slots=True)
class _Box:
    west: float
    north: float
    east: float
    south: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.west < other.east
            and other.west < self.east
            and self.north < other.south
            and other.north < self.south
        )

    def within(self, other: "_Box") -> bool:
        across = other.west <= self.west and self.east <= other.east
        return across and other.north <= self.north and self.south <= other.south


_Placed = dict[int, tuple[str, _Box]]


def labels_place(
    towns: Iterable[tuple[str, float, float]],
    size: tuple[int, int],
    scale_px: int,
    marks: Sequence[tuple[int, int]],
) -> list[Label]:
    """Return labels for towns (name, x, y in pixels, the largest first) on a map of a size.

    None stands on the middle of a mark, unless there is no other place.
    """
    width, height = size
    whole = _Box(0, 0, width, height)
    scale = _Box(0, height - _SCALE_HIGH, scale_px + _SCALE_BESIDE, height)
    tried = [one for _count, one in zip(range(_MOST_TRIED), towns, strict=False)]
    large: _Placed = {}
    small: _Placed = {}

    def put(placed: _Placed, number: int, letters: int, sides: Sequence[str]) -> None:
        boxes = [(side, _box(side, *tried[number], letters)) for side in sides]
        taken = [scale, *(box for _side, box in placed.values())]
        free = [one for one in boxes if one[1].within(whole) and not _meets_any(one[1], taken)]
        dots = [_Box(x - letters, y - letters, x + letters, y + letters) for x, y in marks]
        for chosen in [*(one for one in free if not _meets_any(one[1], dots)), *free][:1]:
            placed[number] = chosen

    for number in range(len(tried)):
        if len(large) < _PHONE_MOST:
            put(large, number, _PHONE_PX, _SIDES)
    for number in sorted(range(len(tried)), key=lambda at: at not in large):
        if len(small) < _MOST_SHOWN:
            put(small, number, _DESK_PX, [large[number][0]] if number in large else _SIDES)
    return [
        Label(tried[at][0], round(tried[at][1]), round(tried[at][2]), side, at in large)
        for at, (side, _area) in small.items()
    ]


def _meets_any(box: _Box, others: Iterable[_Box]) -> bool:
    return any(box.meets(other) for other in others)


def _box(side: str, name: str, x: float, y: float, letters: int) -> _Box:
    """Return the room of a name and its dot."""
    long, half = len(name) * letters * _LETTER + _GAP, letters * 0.75
    match side:
        case "after":
            return _Box(x - _GAP / 2, y - half, x + long, y + half)
        case "before":
            return _Box(x - long, y - half, x + _GAP / 2, y + half)
        case "above":
            return _Box(x - long / 2, y - 2 * letters, x + long / 2, y + _GAP / 2)
    return _Box(x - long / 2, y - _GAP / 2, x + long / 2, y + 2 * letters)
