"""What the public pages show of the public's log, by way of the feed."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from feed import items, selectors
from feed.formats import FORMATS
from feed.models import Audience, Kind
from feed.pages.items import counted, export_url, features_map, features_table, format_title
from feed.params import Sort, items_query_parse, next_cursor
from feed.towns import box_text, towns

_PUBLIC = Audience.PUBLIC
INCIDENTS = "incidents"
_ON_A_PAGE, _LATEST = 100, 8
# How far around a town its incidents are looked for; what is published is rarely exact to a town.
AROUND_M = 15_000.0


def figures() -> dict[str, Any]:
    """Return how much is published now, and the last entry of the log."""
    last = selectors.last_entry(_PUBLIC)
    return {
        "incidents": selectors.shown_now(_PUBLIC, Kind.INCIDENT).count(),
        "context_events": selectors.shown_now(_PUBLIC, Kind.CONTEXT_EVENT).count(),
        "seq": last.seq if last else 0,
        "sealed_at": last.sealed_at if last else None,
    }


def latest() -> dict[str, Any]:
    """Return what was published last: its map and table."""
    given = {"sortby": Sort.SEQ_DESCENDING, "limit": str(_LATEST)}
    return _shown(items.items_page(_PUBLIC, Kind.INCIDENT, items_query_parse(given, _PUBLIC)))


def chosen(request: HttpRequest) -> dict[str, Any]:
    """Return the incidents that a reader chose: map, table, the next page, files of all of them.

    Raises ``InvalidInput`` for what cannot be understood.
    """
    asked = asked_of(request.GET)
    given = asked | {"limit": str(_ON_A_PAGE)}
    if "cursor" in request.GET:
        given["cursor"] = request.GET["cursor"]
    query = items_query_parse(given, _PUBLIC)
    page = items.items_page(_PUBLIC, Kind.INCIDENT, query)
    following = ""
    if page.next:
        turned = request.GET.copy()
        turned["cursor"] = next_cursor(_PUBLIC, query.sort, page.next)
        following = f"?{turned.urlencode()}"
    downloads = [
        {"title": format_title(name), "url": export_url(INCIDENTS, one.extension, asked)}
        for name, one in FORMATS.items()
    ]
    around = {"town": town_of(request.GET), "around_km": round(AROUND_M / 1000)}
    return _shown(page) | around | {"next_url": following, "downloads": downloads}


def asked_of(given: Mapping[str, str]) -> dict[str, str]:
    """Return the feed's parameters for the form's: place, two dates, weapon, grade.

    Blanks ask nothing. Raises ``InvalidInput`` for a place that is no town we know.
    """
    asked = {name: given[name] for name in ("weapon", "grade") if given.get(name)}
    if given.get("place"):
        asked["bbox"] = box_text(_town(given["place"]), AROUND_M)
    start, end = given.get("from") or "..", given.get("until") or ".."
    if (start, end) != ("..", ".."):
        asked["datetime"] = f"{start}/{end}"
    return asked


def town_of(given: Mapping[str, str]) -> str:
    """Return the name of the town that was asked for, "" where none was."""
    if not given.get("place"):
        return ""
    return towns().name(_town(given["place"]), get_language() or "")


def _town(name: str) -> int:
    at = towns().called(name)
    if at is None:
        message = _("No town of this name is known here. Try another spelling.")
        raise InvalidInput(errors=[FieldError("place", message, "unknown_town")])
    return at


def releases() -> list[Any]:
    """Return the releases that the public may read, the newest first."""
    return list(selectors.releases_visible_to(_PUBLIC).order_by("-created_at")[:20])


def _shown(page: items.Page) -> dict[str, Any]:
    features = json.loads(f"[{page.features}]")
    items_url = reverse("feed:items", args=[INCIDENTS])
    columns, rows = features_table(items_url, features)
    return {
        "map": features_map(items_url, features),
        "columns": columns,
        "rows": rows,
        "caption": counted(len(rows)),
    }
