"""What was done, in plain words: one sentence for each action of the ledger about an incident."""

from collections import defaultdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.texts import isolated
from incidents.vocab import Grade, State

# Behind a stroke: what is said instead where the entry's data tells so (``_variant``).
SENTENCES: dict[str, str | Promise] = {
    "report.received": gettext_lazy("A report by %(by)s arrived"),
    "report.received/correction": gettext_lazy("A correction by %(by)s of their report arrived"),
    "evidence.received": gettext_lazy("A file from %(by)s arrived"),
    "incident.assessed": gettext_lazy("%(by)s graded it %(grade)s"),
    "incident.assessed/one of two": gettext_lazy(
        "%(by)s graded it %(grade)s, which stands once a second person says so"
    ),
    "incident.published": gettext_lazy("%(by)s published version %(version)s"),
    "incident.moved": gettext_lazy("%(by)s moved it from %(before)s to %(after)s"),
    "incident.withdrawn": gettext_lazy("%(by)s withdrew it"),
    "incident.embargoed": gettext_lazy("%(by)s put an embargo on it until %(until)s"),
    "incident.embargo_lifted": gettext_lazy("%(by)s lifted its embargo"),
    "incident.embargo_ended": gettext_lazy("Its embargo ended"),
    "incident.redacted": gettext_lazy("%(by)s had blanked what was published of it"),
    "incident.merged": ngettext_lazy(
        "%(by)s merged another incident into it",
        "%(by)s merged %(count)d other incidents into it",
        "count",
    ),
    "incident.merged_into": gettext_lazy("%(by)s merged it into incident %(into)s"),
    "incident.merge_undone": ngettext_lazy(
        "%(by)s undid the merging of another incident into it",
        "%(by)s undid the merging of %(count)d other incidents into it",
        "count",
    ),
    "incident.restored": gettext_lazy("%(by)s undid its merging into incident %(from)s"),
    "incident.split": ngettext_lazy(
        "%(by)s split a report off, into incident %(to)s",
        "%(by)s split %(count)d reports off, into incident %(to)s",
        "count",
    ),
    "incident.split_off": gettext_lazy("%(by)s split it off from incident %(from)s"),
    "report.withdrawn": gettext_lazy("%(by)s withdrew a report of theirs"),
    "incident.report_withdrawn": gettext_lazy("It was counted anew without a withdrawn report"),
    "report.consent_changed": gettext_lazy(
        "%(by)s changed what a report of theirs may be used for"
    ),
    "incident.consent_changed": gettext_lazy("What it may be used for changed with a report's"),
    "link.recorded": gettext_lazy("%(by)s recorded where something can be seen"),
    "evidence.original_read": gettext_lazy("%(by)s opened a file as it came"),
    "sealed.read": gettext_lazy("%(by)s read who is behind a report"),
    "incident.assigned": gettext_lazy("%(by)s assigned it"),
    "incident.assigned/nobody": gettext_lazy("%(by)s assigned it to nobody"),
    "incident.commented": gettext_lazy("%(by)s commented on it"),
    "incident.response_recorded": gettext_lazy("%(by)s recorded what %(party)s answered"),
    "match.dismissed": gettext_lazy("%(by)s found it and another incident to be different strikes"),
    "match.reopened": gettext_lazy(
        "It looks more like another incident than when they were told apart"
    ),
    "row.changed": gettext_lazy(
        "Changed by the database login %(by)s, without an entry in the ledger"
    ),
}

_SEVERAL = ("reports", "from", "to")  # what an entry may name many of


def sentence_of(action: str, by: str, reason: str = "", data: dict[str, Any] | None = None) -> str:
    """Return what was done as one sentence; an unknown action says its own name."""
    data = data or {}
    unknown = _("%(by)s: %(action)s")
    template = SENTENCES.get(_variant(action, data), unknown)
    said = str(template % _words(action, by, data))
    if not reason:
        return f"{said}."
    return _("%(said)s: %(reason)s") % {"said": said, "reason": isolated(reason)}


def _variant(action: str, data: dict[str, Any]) -> str:
    if action == "report.received" and "corrects" in data:
        return "report.received/correction"
    if action == "incident.assessed" and data.get("standing") != data.get("grade"):
        return "incident.assessed/one of two"
    if action == "incident.assigned" and not (data.get("user") or {}).get("after"):
        return "incident.assigned/nobody"
    return action


def _words(action: str, by: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the templates may name. What an entry does not tell is left empty."""
    known = {
        name: isolated(value) if isinstance(value, str) else value
        for name, value in data.items()
        if isinstance(value, (str, int))
    }
    state = data.get("state") or {}
    counts = [len(data[name]) for name in _SEVERAL if isinstance(data.get(name), (list, dict))]
    return defaultdict(
        str,
        known
        | {
            "action": action,
            "by": isolated(by),
            "count": next(iter(counts), 0),
            "grade": _label(Grade, data.get("grade")),
            "before": _label(State, state.get("before")),
            "after": _label(State, state.get("after")),
        },
    )


def _label(vocabulary: type[Grade] | type[State], value: str | None) -> str:
    return str(vocabulary(value).label) if value in vocabulary.values else ""
