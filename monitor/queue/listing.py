"""One page of the queue: which rows, why each is there, and where the next ones are."""

from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from accounts.actors import Actor
from core.problems import invalid_input
from incidents.api.pagination import keyset_page, limit_parse
from incidents.api.queue import queue_parse
from incidents.models import Incident
from incidents.selectors.decisions import decisions_of
from incidents.selectors.matching import matches_to_decide
from incidents.selectors.queue import IncidentFilter, incident_queue
from incidents.services.workflow import Step, is_possible
from monitor.incident.reading import figure_label, figures_in_order, numbers_text

# Counting stops here: nobody works through more, and a count of all would cost the archive.
MOST_COUNTED = 1_000


def query_cleaned(given: QueryDict) -> QueryDict:
    """Return the address's parameters without the empty ones that a form sends.

    Without any, the queue is what needs a decision; ``needs_decision=`` shows everything.
    """
    query = QueryDict(mutable=True)
    for name, values in given.lists():
        query.setlist(name, [value for value in values if value] or [])
        if not query.getlist(name):
            del query[name]
    if "country" in query:
        query["country"] = str(query["country"]).upper()
    if not set(given) - {"order", "limit", "cursor"}:
        query["needs_decision"] = "true"
    return query


def filter_of(query: QueryDict, actor: Actor) -> tuple[IncidentFilter, bool]:
    """Return the filter and whether the newest come first; ``InvalidInput`` names parameters."""
    try:
        return queue_parse(query, actor)
    except ValidationError as error:
        raise invalid_input(error) from None


def page_of(query: QueryDict, actor: Actor) -> dict[str, Any]:
    """Return the rows of one page with all that is shown of them, and the next page's cursor."""
    wanted, newest_first = filter_of(query, actor)
    rows = incident_queue(actor, wanted)
    limit = limit_parse(query.get("limit", "50"))
    page, cursor = keyset_page(
        rows, "created_at", limit, query.get("cursor"), newest_first=newest_first
    )
    decisions = decisions_of(page)
    counted = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return {
        "rows": [_row(incident, decisions[incident.id]) for incident in page],
        "next": _with_cursor(query, cursor) if cursor else "",
        "counted": min(counted, MOST_COUNTED),
        "is_more": counted > MOST_COUNTED,
        "pairs": matches_to_decide(actor).order_by()[: MOST_COUNTED + 1].count(),
    }


def _row(incident: Incident, decisions: Any) -> dict[str, Any]:
    return {
        "incident": incident,
        "decisions": decisions,
        "harm": [
            {"numbers": numbers_text(figure), "label": figure_label(figure)}
            for figure in figures_in_order(incident)
            if figure["sex"] == figure["age_group"] == "any" and not figure["party"]
        ][:2],
        "may_triage": is_possible(incident, Step.TRIAGE),
    }


def _with_cursor(query: QueryDict, cursor: str) -> str:
    following = query.copy()
    following["cursor"] = cursor
    return following.urlencode()
