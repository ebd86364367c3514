"""Which columns of a boundary file hold the P-code, the parent's P-code and the names.

OCHA's common operational datasets have named them differently over the years: ``ADM1_PCODE``,
``admin1Pcode``, ``adm1_pcode``, plain ``PCODE``; ``ADM1_EN``, ``admin1Name_en``, ``NAME_EN``,
``adm1_name``. Case and underscores are ignored here, so that these are few patterns.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import InvalidInput

# A name column that says no language; OCHA's are in English then.
UNMARKED_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """The columns to read, as far as somebody named them. ``names``: language → column."""

    pcode: str = ""
    parent: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def fields_find(available: Sequence[str], level: int, choice: FieldChoice) -> FieldChoice:
    """Complete ``choice`` from the columns there are.

    Raises ``InvalidInput``, listing them, where a named one is not among them or the P-code's or a
    name's is not found. A parent's may be missing.
    """
    for name in (choice.pcode, choice.parent, *choice.names.values()):
        if name and name not in available:
            raise _lacking(_("The file has no field %(name)s.") % {"name": name}, available)
    pcode = choice.pcode or _first(available, [f"(adm|admin){level}pcode", "pcode"])
    if not pcode:
        raise _lacking(_("No field of P-codes was found; name it by --pcode-field."), available)
    names = choice.names or _names(available, level)
    if not names:
        raise _lacking(_("No field of names was found; name it by --name-field."), available)
    parent = choice.parent
    if not parent and level > 0:
        parent = _first(available, [f"(adm|admin){level - 1}pcode", "parentpcode"])
    return FieldChoice(pcode, parent, names)


def _lacking(message: str, available: Sequence[str]) -> InvalidInput:
    there = _("Its fields are: %(fields)s.") % {"fields": ", ".join(available) or "-"}
    return InvalidInput(f"{message} {there}")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _first(available: Sequence[str], patterns: Sequence[str]) -> str:
    for pattern in patterns:
        for name in available:
            if re.fullmatch(pattern, _plain(name)):
                return name
    return ""


def _names(available: Sequence[str], level: int) -> dict[str, str]:
    """Return language → column, the level's own columns before plain ``name`` ones."""
    found: dict[str, str] = {}
    for stem in (f"(?:adm|admin){level}(?:name)?", "name"):
        for column in available:
            match = re.fullmatch(f"{stem}([a-z][a-z])", _plain(column))
            if match:
                found.setdefault(match[1], column)
    if not found:
        unmarked = _first(available, [f"(adm|admin){level}name", "name"])
        return {UNMARKED_LANGUAGE: unmarked} if unmarked else {}
    return found
