"""Whether a page shows hostile texts as texts: in words and in attributes' values, nowhere else."""

import json
import re

from tests.support.markup import Page
from tests.support.payloads import MARK

_NEVER = frozenset({"base", "embed", "frame", "iframe", "object", "style"})
# What scripts of ours fill in; one that somebody wrote has neither.
_OUR_TEMPLATES = frozenset({"leaving", "keeping", "kept", "unkept", "drafted", "map-words"})
# What leads somewhere or loads something; its value may hold a mark, but not go where it likes.
_LEADS = frozenset(
    {
        *("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"),
        *("href", "src", "action", "formaction", "poster"),
    }
)
# An authenticator app is opened by a link of its own kind.
_MAY_LEAD = re.compile(r"^(?:https?://|otpauth://totp/|/(?!/)|[#?]|$)")
# The language is changed by a link and by nothing else.
_OURS = re.compile(r"^(?:/(?!/|language/)|[#?]|$)")
_DATA_PICTURE = "data:image/svg+xml"


def wrongs_of(text: str) -> list[str]:
    """Return what on a page (HTML, whole or in part) is not inert; empty where all of it is.

    The mark of the payloads is looked for in names of elements and attributes, and all that runs,
    loads or leads is looked at whoever wrote it. Broken markup is one wrong.
    """
    try:
        page = Page(text)
    except AssertionError as broken:
        return [f"broken markup: {broken}"]
    found = [wrong for tag, given in page.elements for wrong in _of_element(tag, given)]
    return found + [f"script {body[:60]!r}" for body in page.scripts if not _is_data(body)]


def _of_element(tag: str, given: dict[str, str]) -> list[str]:
    is_ours = given.get("id") in _OUR_TEMPLATES or "data-entry" in given
    is_wrong = tag in _NEVER or MARK in tag or (tag == "template" and not is_ours)
    wrongs = [f"<{tag}>"] if is_wrong else []
    for name, value in given.items():
        if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"} or MARK in name:
            wrongs.append(f"{name} of <{tag}>")
        if name in _LEADS and not _leads_well(tag, given, value):
            wrongs.append(f"{name}={value!r} of <{tag}>")
    return wrongs


def _leads_well(tag: str, given: dict[str, str], value: str) -> bool:
    if tag == "a" or given.get("rel") == "alternate":
        return bool(_MAY_LEAD.match(value))
    if tag == "img" and value.startswith(_DATA_PICTURE):
        return True
    return bool(_OURS.match(value)) and (tag == "form" or MARK not in value)


def _is_data(body: str) -> bool:
    """Tell whether what stands in a script is JSON that cannot end it, and so runs nothing."""
    if "<" in body:
        return False
    try:
        json.loads(body)
    except ValueError:
        return not body.strip()
    return True
