"""The strike form's answers, from whatever program brings them, as a draft of a report.

Answers are a dict from a question's path in the form (``where/location``) to the text given; a
group that may stand more than once is a list of such dicts under its own path.
"""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.checks import typed_report_check
from incidents.forms import REPEATS, strike_form
from incidents.intake.json_reports import draft_convert
from incidents.types import ReportDraft
from incidents.vocab import DEFAULT_UNCERTAINTY_M, LocationPrecision

Answers = dict[str, Any]
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,12}")
# Whom a figure counts, in the claims' own terms.
_WHO: dict[str, dict[str, str]] = {
    "all": {},
    "civilians": {"civilian_status": "civilian"},
    "women": {"sex": "female", "age_group": "adult"},
    "children": {"age_group": "child"},
}
_MEDIA = ("photo", "video")
_LONGEST_NAME, _LONGEST_ID = 300, 150


def draft_of_answers(answers: Answers) -> ReportDraft:
    """Return the draft; ``InvalidInput`` names what does not fit."""
    errors = [*_unknown_questions(answers), *_unknown_groups_counted(answers)]
    if errors:
        raise InvalidInput(errors=errors)
    draft = draft_convert(
        {
            "occurred": _occurred(answers),
            "location": _place(answers),
            "sources": _sources(answers),
            "claims": _claims(answers),
            "consent": _consent(answers),
            "weapon": answers.get("what/weapon", ""),
            "licence": answers.get("consent/licence", ""),
            "may_republish": _yes(answers.get("consent/may_republish", "no")),
            "targets": answers.get("what/targets", "").split(),
            "damage": answers.get("what/damage", "").split(),
            **_given(answers, "what", "title", "description", "language", "alleged_actor"),
            **_reporter(answers),
        }
    )
    typed_report_check(draft)
    return draft


def attachment_names(answers: Answers) -> list[str]:
    """Return the names of the files that the answers announce."""
    rows = answers.get("evidence/media", [])
    names = (row.get(f"evidence/media/{kind}", "") for row in rows for kind in _MEDIA)
    return list(dict.fromkeys(name for name in names if name))


def checked_names(names: list[str]) -> list[str]:
    """Return names of files as they are; ``InvalidInput`` for one that can be no file's name."""
    for name in names:
        if len(name) > _LONGEST_NAME or not name.isprintable() or "/" in name or "\\" in name:
            message = _("The name of a file cannot be read.")
            raise InvalidInput(errors=[FieldError("evidence/media", message, "name")])
    return names


def identifier(answers: Answers, name: str) -> str:
    """Return an id of the form's own, such as ``instanceID``; empty where there is none."""
    text = str(answers.get(f"meta/{name}", ""))
    if len(text) > _LONGEST_ID or not text.isprintable():
        message = _("An id is at most 150 printable characters.")
        raise InvalidInput(errors=[FieldError(f"meta/{name}", message)])
    return text


def _unknown_questions(answers: Answers) -> Iterator[FieldError]:
    """Yield what the form does not ask: an answer that nobody reads must not pass for received."""
    known = strike_form().questions
    groups = [answers, *(row for path in REPEATS for row in answers.get(path, []))]
    for path in (path for group in groups for path in group):
        if path not in known and path not in REPEATS and not path.startswith("meta/"):
            yield FieldError(path, _("The form does not ask this."), "unknown_field")


def _unknown_groups_counted(answers: Answers) -> Iterator[FieldError]:
    for index, row in enumerate(answers.get("figure", [])):
        if row.get("figure/who", "") not in _WHO:
            message = _("Say who is counted: %s.") % ", ".join(_WHO)
            yield FieldError(f"figure[{index}]/who", message, "invalid")


def _given(answers: Answers, group: str, *names: str) -> dict[str, str]:
    """Return those answers of a group that are not empty."""
    found = {name: answers.get(f"{group}/{name}", "") for name in names}
    return {name: text for name, text in found.items() if text}


def _yes(text: str) -> bool | str:
    """Return yes or no; anything else as it is, to be refused by name."""
    return {"yes": True, "no": False}.get(text, text)


def _occurred(answers: Answers) -> dict[str, str]:
    when = _given(
        answers, "when", "occurred_on", "occurred_until", "occurred_time", "time_precision"
    )
    start = when.get("occurred_on", "")
    if time := when.get("occurred_time"):
        start = f"{start}T{time}"
    occurred = {"start": start, "precision": when.get("time_precision", "day")}
    if until := when.get("occurred_until"):
        occurred["end"] = until
    return occurred


def _place(answers: Answers) -> dict[str, Any]:
    where = _given(answers, "where", "place_name", "country", "pcode")
    place: dict[str, Any] = {
        "precision": answers.get("where/location_precision", ""),
        **where,
    }
    if point := answers.get("where/location"):
        place |= _point(point, place["precision"])
    return place


def _point(text: str, precision: str) -> dict[str, float]:
    """Read ``latitude longitude altitude accuracy``, the last two in metres, as phones write it.

    The phone's own accuracy counts where it is worse than the precision that was stated.
    """
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError:
        numbers = []
    if not (2 <= len(numbers) <= 4 and all(map(isfinite, numbers))):
        message = _("A place is: latitude longitude altitude accuracy.")
        raise InvalidInput(errors=[FieldError("where/location", message, "invalid")])
    place = {"latitude": numbers[0], "longitude": numbers[1]}
    stated = None
    if precision in LocationPrecision.values:
        stated = DEFAULT_UNCERTAINTY_M[LocationPrecision(precision)]
    if stated is not None and len(numbers) == 4 and numbers[3] > stated:
        place["uncertainty_m"] = numbers[3]
    return place


def _sources(answers: Answers) -> list[dict[str, Any]]:
    """Return the chain of sources: s1 told the reporter, s1 was told by s2, and so on."""
    groups = [("source", answers, "source/source_")]
    groups += [("relayed", row, "relayed/relayed_") for row in answers.get("relayed", [])]
    chain = []
    for number, (_group, row, prefix) in enumerate(groups, start=1):
        names = ("kind", "name", "description", "url", "identity")
        given = {name: row.get(prefix + name, "") for name in names}
        source: dict[str, Any] = {name: text for name, text in given.items() if text}
        source |= {"ref": f"s{number}", "kind": given["kind"]}
        if number < len(groups):
            source["relays"] = [f"s{number + 1}"]
        chain.append(source)
    return chain


def _claims(answers: Answers) -> list[dict[str, Any]]:
    claims = []
    for row in answers.get("figure", []):
        numbers = {
            name: _whole_number(row[f"figure/{name}"])
            for name in ("minimum", "best", "maximum")
            if row.get(f"figure/{name}")
        }
        outcome = row.get("figure/outcome", "")
        who = _WHO[row["figure/who"]]
        claims.append({"source": "s1", "outcome": outcome, **numbers, **who})
    return claims


def _whole_number(text: str) -> int | str:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _consent(answers: Answers) -> dict[str, Any]:
    purposes = ("store", "share", "publish", "court")
    asked = {name: _yes(answers.get(f"consent/{name}", "no")) for name in purposes}
    return {"basis": answers.get("consent/consent_basis", ""), **asked}


def _reporter(answers: Answers) -> dict[str, Any]:
    given = _given(answers, "reporter", "reporter_name", "reporter_contact")
    reporter = {name.removeprefix("reporter_"): text for name, text in given.items()}
    return {"reporter": reporter} if reporter else {}
