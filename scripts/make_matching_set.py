"""Make the labelled set of the matching benchmark: duplicates of UCDP events, told otherwise.

    .venv/bin/python scripts/make_matching_set.py UCDP.csv duplicates.csv --seed 1 --count 2000

Each duplicate is one event as another organisation might report it: the place moved by N(0, 3 km)
east and north, the date by a day in 30 %, every count times 0.7 to 1.3, and the names of places and
parties respelt: 40 % in Arabic script, 20 % in Kurdish, 40 % in a Latin spelling made back from the
Arabic one. ICU respells them, which the matcher does not use, and for Kurdish the table below. The
column ``duplicate_of`` names the event. The same seed gives the same bytes.

``rough_duplicate`` is for fitting the matcher's weights alone: there names, titles and figures are
also left out or plainly wrong, as they are in life, so that no single feature is trusted blindly.
"""

import argparse
import csv
import math
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import icu
from pyproj import Geod

Row = dict[str, str]

COUNTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")
DATES = ("date_start", "date_end")
SCRIPTS, SHARES = ("arabic", "kurdish", "latin"), (0.4, 0.2, 0.4)
MOVED_M = 3_000.0
ANOTHER_DAY, CLASS_WORD_KEPT = 0.3, 0.5

# UCDP's last word of a place name, as each script's writers say it.
CLASS_WORDS = {
    "town": {"arabic": "مدينة", "kurdish": "شاری", "latin": "city"},
    "city": {"arabic": "مدينة", "kurdish": "شاری", "latin": "city"},
    "province": {"arabic": "محافظة", "kurdish": "پارێزگای", "latin": "governorate"},
    "district": {"arabic": "قضاء", "kurdish": "قەزای", "latin": "qada"},
    "village": {"arabic": "قرية", "kurdish": "گوندی", "latin": "village"},
}
KURDISH = {
    "kh": "خ",
    "gh": "غ",
    "sh": "ش",
    "ch": "چ",
    "th": "س",
    "dh": "ز",
    **dict(zip("abcdefghi", ["ە", "ب", "ج", "د", "ێ", "ف", "گ", "ه", "ی"], strict=True)),
    **dict(zip("jklmnopqr", ["ج", "ک", "ل", "م", "ن", "ۆ", "پ", "ق", "ر"], strict=True)),
    **dict(zip("stuvwxyz", ["س", "ت", "و", "ڤ", "و", "کس", "ی", "ز"], strict=True)),
    "ā": "ا",
    "á": "ا",
    "ī": "ی",
    "ū": "وو",
    "ḩ": "ح",
    "ḑ": "ز",
    "ş": "س",
    "ţ": "ت",
    "‘": "ع",
    "’": "ئ",
}
ARTICLE = r"\b(?:al|ar|as|an|at|ad|az|ash) "
# How a typist's Latin differs from a scholar's; each is done in so many of the names.
LATIN_HABITS = (
    (r"u", "ou", 0.3),
    (r"i", "ee", 0.15),
    (r"q", "k", 0.5),
    (r"aw", "au", 0.3),
    (r"ay", "ai", 0.4),
    (r"h\b", "", 0.5),
    (ARTICLE, "al-", 0.15),
    (ARTICLE, "", 0.2),
)

_WGS84 = Geod(ellps="WGS84")
_TO_ARABIC = icu.Transliterator.createInstance("Latin-Arabic")
_TO_LATIN = icu.Transliterator.createInstance("Arabic-Latin; Latin-ASCII")


def rows_read(path: Path) -> list[Row]:
    """Read the UCDP file without its HXL row."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [row for row in csv.DictReader(file) if not row["year"].startswith("#")]


def events_parted(rows: Sequence[Row], count: int) -> tuple[list[Row], list[Row]]:
    """Part the events: those to be measured, and those that weights may be fitted on."""
    shuffled = random.Random("parted").sample(list(rows), len(rows))
    return shuffled[:count], shuffled[count:]


def duplicates_make(rows: Iterable[Row], *, seed: int) -> list[Row]:
    """Return a duplicate of each event."""
    chance = random.Random(seed)
    return [_duplicate(row, chance) for row in rows]


def rough_duplicates_make(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return the same with gaps and errors, for fitting."""
    chance = random.Random(seed)
    return [_roughened(_duplicate(row, chance), rows, chance) for row in rows]


def _duplicate(row: Row, chance: random.Random) -> Row:
    longitude, latitude = _moved(row, chance)
    script = chance.choices(SCRIPTS, SHARES)[0]
    shift = timedelta(days=chance.choice((-1, 1)) if chance.random() < ANOTHER_DAY else 0)
    names = ("side_a", "side_b", "where_coordinates")
    return row | {
        "id": f"duplicate-{row['id']}",
        "duplicate_of": row["id"],
        "longitude": f"{longitude:.6f}",
        "latitude": f"{latitude:.6f}",
        "dyad_name": " - ".join(
            _respelt(side, script, chance) for side in row["dyad_name"].split(" - ")
        ),
        **{name: _respelt(row[name], script, chance) for name in names},
        **{name: str(round(int(row[name]) * chance.uniform(0.7, 1.3))) for name in COUNTS},
        **{name: (date.fromisoformat(row[name][:10]) + shift).isoformat() for name in DATES},
    }


def _roughened(row: Row, rows: Sequence[Row], chance: random.Random) -> Row:
    if chance.random() < 0.25:
        row["where_coordinates"] = ""
    elif chance.random() < 0.1:
        row["where_coordinates"] = chance.choice(rows)["where_coordinates"]
    if chance.random() < 0.4:
        row["dyad_name"] = ""
    if chance.random() < 0.3:
        for name in COUNTS:
            row[name] = str(round(int(row[name]) * math.exp(chance.gauss(0, 1.0))))
    return row


def _moved(row: Row, chance: random.Random) -> tuple[float, float]:
    east, north = chance.gauss(0, MOVED_M), chance.gauss(0, MOVED_M)
    place = float(row["longitude"]), float(row["latitude"])
    azimuth = math.degrees(math.atan2(east, north))
    longitude, latitude, _back = _WGS84.fwd(*place, azimuth, math.hypot(east, north))
    return longitude, latitude


def _respelt(name: str, script: str, chance: random.Random) -> str:
    """Return a name in another script; what sort of place it is, only sometimes."""
    *words, last = name.split() or [""]
    kind = CLASS_WORDS.get(last)
    proper = " ".join(words if kind else [*words, last])
    spelt = {"arabic": _arabic, "kurdish": _kurdish, "latin": _latin}[script](proper)
    if script == "latin":
        spelt = _typed(spelt, chance)
    if kind is None or chance.random() >= CLASS_WORD_KEPT:
        return spelt
    return f"{spelt} {kind[script]}" if script == "latin" else f"{kind[script]} {spelt}"


def _scholarly(name: str) -> str:
    """Return UCDP's spelling as ICU has it: dots for cedillas, letters for two-letter sounds."""
    dotted = unicodedata.normalize("NFD", name.lower()).replace("\u0327", "\u0323")
    text = unicodedata.normalize("NFC", dotted).translate({0x2018: "ʿ", 0x2019: "ʾ"})
    return re.sub("([kgstdcz])h", "\\1\u1e96", text)


def _voweled(name: str) -> str:
    return _TO_ARABIC.transliterate(_scholarly(name))


def _arabic(name: str) -> str:
    """Return Arabic as it is written: without short vowels and doubled letters."""
    text = _voweled(re.sub(ARTICLE, "ال", name.lower()))
    text = re.sub("(^|\\s)[\u064e-\u0650]", "\\1ا", text)
    text = re.sub("\u064eه(?=\\s|$)", "ة", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"(\w)\1", r"\1", text)


def _kurdish(name: str) -> str:
    text = re.sub(r"(^|\s)([aeiou])", r"\1ئ\2", unicodedata.normalize("NFC", name.lower()))
    return re.sub("|".join(KURDISH), lambda found: KURDISH[found[0]], text)


def _latin(name: str) -> str:
    return re.sub("['`]", "", _TO_LATIN.transliterate(_voweled(name)).lower())


def _typed(name: str, chance: random.Random) -> str:
    for pattern, replacement, share in LATIN_HABITS:
        if chance.random() < share:
            name = re.sub(pattern, replacement, name)
    return name.title()


def main() -> None:
    """Write the duplicates of the events that are measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ucdp", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    asked = parser.parse_args()
    measured, _ = events_parted(rows_read(asked.ucdp), asked.count)
    duplicates = duplicates_make(measured, seed=asked.seed)
    with asked.target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(duplicates[0]))
        writer.writeheader()
        writer.writerows(duplicates)


if __name__ == "__main__":
    main()
