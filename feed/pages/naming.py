"""Names of the largest towns on a map that the server draws, none over another.

On a phone the whole map is drawn a third as large, and its letters more than twice as large in it:
there only those are shown that have room so too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

_DESK_PX, _PHONE_PX = 13, 30  # letters, in units of the map; feed.css has the same
_LETTER = 0.62  # width of one, of its height
_GAP = 8
_MOST_TRIED, _MOST_SHOWN = 80, 14
_PHONE_MOST = 4
_LARGEST = 3
_DOT, _BESIDE = 6, 30
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

    def meets_any(self, others: Iterable["_Box"]) -> bool:
        return any(self.meets(other) for other in others)

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

    The largest and those beside a mark go first: they tell where it is. Others keep off the marks.
    """
    width, height = size
    whole = _Box(0, 0, width, height)
    scale = _Box(0, height - _SCALE_HIGH, scale_px + _SCALE_BESIDE, height)
    known = enumerate(islice(towns, _MOST_TRIED))
    later = [(rank >= _LARGEST and not _is_beside(town, marks), town) for rank, town in known]
    tried = [town for _is_later, town in sorted(later, key=lambda one: one[0])]
    dots = [_Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in marks]
    large: _Placed = {}
    small: _Placed = {}

    def put(placed: _Placed, number: int, letters: int, sides: Sequence[str]) -> None:
        boxes = [(side, _box(side, *tried[number], letters)) for side in sides]
        taken = [scale, *(box for _side, box in placed.values())]
        free = [one for one in boxes if one[1].within(whole) and not one[1].meets_any(taken)]
        clear = [one for one in free if not one[1].meets_any(dots)]
        # Better over a mark than that nothing tells where it is.
        chosen = clear or (free if _is_beside(tried[number], marks) else [])
        if chosen:
            placed[number] = chosen[0]

    for number in range(len(tried)):
        if len(small) < _MOST_SHOWN:
            put(small, number, _DESK_PX, _SIDES)
    # One drawing serves both: a name stands on the same side on phones.
    for number, (side, _area) in small.items():
        if len(large) < _PHONE_MOST:
            put(large, number, _PHONE_PX, [side])
    return [
        Label(tried[at][0], round(tried[at][1]), round(tried[at][2]), side, at in large)
        for at, (side, _area) in small.items()
    ]


def _is_beside(town: tuple[str, float, float], marks: Sequence[tuple[int, int]]) -> bool:
    _name, x, y = town
    return any(abs(x - across) < _BESIDE and abs(y - down) < _BESIDE for across, down in marks)


def _box(side: str, name: str, x: float, y: float, letters: int) -> _Box:
    """Return the room of a name."""
    long, half = len(name) * letters * _LETTER + _GAP, letters * 0.75
    match side:
        case "after":
            return _Box(x + _GAP / 2, y - half, x + long, y + half)
        case "before":
            return _Box(x - long, y - half, x - _GAP / 2, y + half)
        case "above":
            return _Box(x - long / 2, y - 2 * letters, x + long / 2, y - _GAP / 2)
    return _Box(x - long / 2, y + _GAP / 2, x + long / 2, y + 2 * letters)
