"""A place in one line, as people write it: coordinates in any usual notation, a P-code or a name.

Degrees WGS 84. Two bare numbers are latitude and longitude, as maps and phones give them; letters
say otherwise. What could be read in two ways is refused, never guessed.
"""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from incidents.intake.dates import digits_plain

_SIGNS = str.maketrans(
    {**dict.fromkeys("º˚", "°"), **dict.fromkeys("′’‘´ʹ", "'"), **dict.fromkeys("″”“ʺ", '"')}
    | {"٫": ".", "،": ",", "؛": ";", "−": "-", "–": "-", "\u200e": " ", "\u200f": " "}
)
# Words for the four sides, in English and Arabic, whole or by their letter.
_SIDES = (
    ("N", "north|شمالا?|ش"),
    ("S", "south|جنوبا?|ج"),
    ("E", "east|شرقا?|ق"),
    ("W", "west|غربا?|غ"),
)
_SIDE_WORDS = [(re.compile(rf"(?<![^\W\d_])(?:{word})(?![^\W\d_])"), n) for n, word in _SIDES]
_TOKEN = re.compile(
    r"""(?P<letter>[NSEW])
    |(?P<number>(?:(?<![\d.°'"])[+-])?(?<![\d.])[0-9]{1,3}(?:\.[0-9]{1,20})?)(?![\d.])\s*(?P<mark>°|''|'|")?
    |(?P<between>[\s,;/()]+)""",
    re.VERBOSE,
)
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_PCODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z]{2}[A-Za-z0-9_.-]{1,28}\Z")
_NEAR = re.compile(r"(?:near|close to|قرب|بالقرب من|بجوار)\s+", re.IGNORECASE)
_MARKS = ("°", "'", '"')
_VOWEL_MARKS = re.compile("[\u064b-\u0652]")
_OTHER_WORDS = re.compile(r"[^\W\d_NSEW]")
_LONGEST = 300


class PlaceTyped(NamedTuple):
    """What a line names: a point in degrees, a P-code, or a name that the place may be near."""

    longitude: float | None = None
    latitude: float | None = None
    pcode: str = ""
    place_name: str = ""
    is_near: bool = False


class _Half(NamedTuple):
    numbers: list[tuple[str, str]]  # with the mark behind each
    letter: str


def place_parse(text: str) -> PlaceTyped:
    """Read a line; ``ValueError`` with words for the sender where it looks like coordinates."""
    text = " ".join(text.split())
    if _PCODE.match(text):
        return PlaceTyped(pcode=text)
    point = point_parse(text)
    if point is not None:
        return PlaceTyped(longitude=point[0], latitude=point[1])
    name = _NEAR.sub("", text, count=1) if _NEAR.match(text) else text
    return PlaceTyped(place_name=name, is_near=name != text)


def point_parse(text: str) -> tuple[float, float] | None:
    """Return longitude and latitude in degrees; None for a text that is no pair of coordinates.

    Raises ``ValueError`` for a pair that cannot be read, or lies off the Earth.
    """
    plain = _plain(text[:_LONGEST])
    if (_OTHER_WORDS.search(plain) and "°" not in plain) or not re.search("[0-9]", plain):
        return None
    try:
        return _point(_halves(_tokens(plain)))
    except _Unclear:
        message = _("“%s” is not read as coordinates. Write them as 33.3497, 43.7841.")
        raise ValueError(message % text[:60]) from None


class _Unclear(Exception):
    """The numbers are no latitude and longitude."""


def _plain(text: str) -> str:
    text = _VOWEL_MARKS.sub("", digits_plain(text).translate(_SIGNS)).strip().lower()
    for pattern, letter in _SIDE_WORDS:
        text = pattern.sub(letter, text)
    text = re.sub(r"(?<![^\W\d_])[nsew](?![^\W\d_])", lambda match: match[0].upper(), text)
    if "." not in text and len(_DECIMAL_COMMA.findall(text)) == 2:
        text = _DECIMAL_COMMA.sub(".", text)
    return text


def _tokens(text: str) -> list[re.Match[str]]:
    """Return the numbers and letters; ``_Unclear`` where there is anything else."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _Unclear
        position = match.end()
        if match["between"] is None:
            found.append(match)
    return found


def _halves(tokens: list[re.Match[str]]) -> tuple[_Half, _Half]:
    places = [index for index, token in enumerate(tokens) if token["letter"]]
    if not places:
        middle, odd = divmod(len(tokens), 2)
        if odd:
            raise _Unclear
        return _half(tokens[:middle]), _half(tokens[middle:])
    if len(places) != 2:
        raise _Unclear
    leads = places[0] == 0
    cut = places[1] if leads else places[0] + 1
    if not leads and places[1] != len(tokens) - 1:
        raise _Unclear
    return _half(tokens[:cut]), _half(tokens[cut:])


def _half(tokens: list[re.Match[str]]) -> _Half:
    letters = [token["letter"] for token in tokens if token["letter"]]
    numbers = [
        (token["number"], (token["mark"] or "").replace("''", '"'))
        for token in tokens
        if token["number"]
    ]
    return _Half(numbers, "".join(letters))


def _point(halves: tuple[_Half, _Half]) -> tuple[float, float]:
    first, second = halves
    if first.letter and first.letter in "EW":
        first, second = second, first
    if (first.letter or "N") not in "NS" or (second.letter or "E") not in "EW":
        raise _Unclear
    latitude, longitude = _degrees(first), _degrees(second)
    if abs(latitude) > 90 or abs(longitude) > 180:
        message = _(
            "%(latitude)s, %(longitude)s lies off the Earth. Two bare numbers are read as latitude"
            " and longitude; say N and E where they stand otherwise."
        )
        raise ValueError(message % {"latitude": latitude, "longitude": longitude})
    return longitude, latitude


def _degrees(half: _Half) -> float:
    """Add it up; only the last number may have a fraction, only the first a sign."""
    if not 1 <= len(half.numbers) <= 3:
        raise _Unclear
    for place, (number, mark) in enumerate(half.numbers):
        is_last = place == len(half.numbers) - 1
        if mark not in ("", _MARKS[place]) or ("." in number and not is_last):
            raise _Unclear
        if place and (number[0] in "+-" or float(number) >= 60):
            raise _Unclear
    signed = half.numbers[0][0]
    if half.letter and signed[0] in "+-":
        raise _Unclear
    parts = [abs(float(number)) for number, _mark in half.numbers]
    size = sum(part / 60**place for place, part in enumerate(parts))
    is_negative = signed.startswith("-") or half.letter in ("S", "W")
    return -size if is_negative else size
