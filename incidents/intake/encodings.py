"""In which encoding a text file was saved."""

import re
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Code pages that spreadsheets save in where we are used: Arabic and Kurdish, Western, Cyrillic.
_CODE_PAGES = ["cp1256", "cp1252", "cp1251"]
_CHUNK = 1 << 20
_SAMPLE = 64 * 1024
_UNDECODABLE = re.compile("[\udc80-\udcff]")


def encoding_detect(path: Path) -> str:
    """Return the codec's name.

    A byte order mark says it. Else it is UTF-8 if most of what is not ASCII is valid UTF-8 (the
    rest is then refused row by row), else the code page in which the text looks most like a
    language. ``InvalidInput`` where none does.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec
    valid, invalid, sample = _utf8_tally(path)
    if valid >= invalid:
        return "utf-8"
    guess = from_bytes(sample, cp_isolation=_CODE_PAGES).best()
    if guess is None:
        message = _("The file's encoding cannot be told. Save it as UTF-8.")
        raise InvalidInput(errors=[FieldError("file", message, "encoding")])
    return guess.encoding


def decoding_errors(codec: str) -> str:
    """Return how undecodable bytes are kept in the text, as lone surrogates."""
    return "surrogatepass" if codec in ("utf-16", "utf-32") else "surrogateescape"


def _utf8_tally(path: Path) -> tuple[int, int, bytes]:
    """Count letters beyond ASCII and undecodable bytes; sample the lines that have the latter."""
    valid = invalid = 0
    sample = bytearray()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline(_CHUNK)  # a letter never lies across two lines
            if chunk.isascii():
                continue
            text = chunk.decode("utf-8", "surrogateescape")
            bad = len(_UNDECODABLE.findall(text))
            invalid += bad
            valid += len(text) - len(text.encode("ascii", "ignore")) - bad
            if bad and len(sample) < _SAMPLE:
                lines = (line for line in chunk.split(b"\n") if not line.isascii())
                sample += b"\n".join(lines)[:_SAMPLE]
    return valid, invalid, bytes(sample)
