"""Names across scripts: one key for الفلوجة, فەللووجە, Fallujah and Al-Falluja.

A word is written in Latin letters by ``anyascii`` and then reduced to its consonants, since Arabic
script leaves short vowels out and every Latin spelling chooses its own. Articles and words that
many places share (town, district) say nothing, and go.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
# What stands inside a word for ayn, hamza or an elided vowel.
_SIGNS = re.compile("[’‘'`´ʿʾʻʼـ]")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_ARABIC_ARTICLE = re.compile("^(?:وال|بال|ال)(?=..)")
_ARTICLES = "al el an ar as ash at ad adh az the of in and"
_SHARED = """
    town city village province governorate district subdistrict neighbourhood neighborhood area
    qada qadha nahiya nahiyah مدينة محافظة قضاء ناحية قرية حي منطقة
    شار شاری پارێزگا پارێزگای قەزا قەزای ناحیە گوند گوندی
"""
_SAY_NOTHING = frozenset(f"{_ARTICLES} {_SHARED}".split())
_UNWRITTEN = re.compile("[aeiouwyh]")
_ALIKE = str.maketrans("qcpv", "kkbf")


@lru_cache(maxsize=65536)
def words_of(text: str) -> Words:
    """Return the consonants of a text's words, in their order."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
    marks_gone = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = (_consonants(word) for word in _WORD.findall(marks_gone) if word not in _SAY_NOTHING)
    return tuple(word for word in words if word)


def name_similarity(one: Words, other: Words) -> float | None:
    """Return how alike two names are, 0 to 1, whatever the spaces; None where one says nothing."""
    if not one or not other:
        return None
    as_written = Indel.normalized_similarity("".join(one), "".join(other))
    in_order = Indel.normalized_similarity(" ".join(sorted(one)), " ".join(sorted(other)))
    return max(as_written, in_order)


def title_similarity(one: Words, other: Words) -> float | None:
    """Return how far the shorter title's words are among the other's, 0 to 1, or None."""
    if not one or not other:
        return None
    first, second = sorted([" ".join(sorted(one)), " ".join(sorted(other))])
    return float(fuzz.token_set_ratio(first, second)) / 100


def is_arabic_script(text: str) -> bool:
    """Tell whether any of a text is in Arabic script (Arabic, Kurdish, Persian)."""
    return _ARABIC_SCRIPT.search(text) is not None


def _consonants(word: str) -> str:
    """Return a word's skeleton; an ``h``, ``w`` or ``y`` counts only where the word begins."""
    latin = anyascii(_ARABIC_ARTICLE.sub("", word)).lower()
    latin = "".join(sign for sign in latin if sign.isalnum())
    if latin in _SAY_NOTHING or not latin:
        return ""
    first = latin[0] if latin[0] in "hwy" else ""
    kept = _UNWRITTEN.sub("", latin).translate(_ALIKE)
    return first + "".join(sign for sign, _ in groupby(kept)) or latin
