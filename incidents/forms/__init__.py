"""The form that phones fill in: ``strike.md`` is an XLSForm, written as Markdown to be diffed."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from pyxform import xls2xform

SOURCE = Path(__file__).with_name("strike.md")
FORM_ID = "harmwatch_strike"
# Phones keep a form for months: what an older version asked stays readable. The newest comes last.
VERSIONS = ("1",)
TITLE = "Harmwatch: strike · ضربة"
# Groups that may stand more than once.
REPEATS = frozenset({"relayed", "figure", "evidence/media"})
_INSTANCE = ".//{http://www.w3.org/2002/xforms}model/{http://www.w3.org/2002/xforms}instance"


class Form(NamedTuple):
    """The form as phones get it. ``md5`` is how OpenRosa tells versions of the file apart."""

    xml: bytes
    md5: str
    questions: frozenset[str]


@cache
def strike_form() -> Form:
    """Return the strike form as an XForm, with the paths of all it asks."""
    built = xls2xform.convert(SOURCE.read_text(), file_type=".md", form_name="strike")
    xml = built.xform.encode()
    instance = ElementTree.fromstring(xml).find(_INSTANCE)
    assert instance is not None
    questions = frozenset(_leaves(instance[0]))
    return Form(xml, hashlib.md5(xml, usedforsecurity=False).hexdigest(), questions)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _leaves(group: Element, prefix: str = "") -> list[str]:
    paths: list[str] = []
    for child in group:
        path = prefix + local_name(child)
        paths += _leaves(child, f"{path}/") if len(child) else [path]
    return paths
