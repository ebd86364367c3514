"""Who gets what: every route, every method, every kind of caller, as a table."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Membership, Role
from tests.factories import bearer

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
NOBODY, OUTSIDER, PARTNER = "no account", "another organisation", "partner"
ADMINISTRATOR, OWNER, MONITOR = "administrator", "its submitter", "monitor"
# Those to whom the record of others is closed.
STRANGERS = (NOBODY, OUTSIDER, PARTNER, ADMINISTRATOR)
CALLERS = (*STRANGERS, OWNER, MONITOR)

Row = dict[tuple[str, str], int]


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield every route of the project as it is written, ``api/v1/reports/<uuid:report_id>/``."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def filled(route: str, ids: dict[str, UUID | str]) -> str:
    """Return a route's path, its parameters replaced; ``KeyError`` where one is not known."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), route)


def client_of(membership: Membership | None) -> Client:
    """Return a client with a token of this member."""
    return Client(raise_request_exception=False, **(bearer(membership) if membership else {}))


def answer(client: Client, method: str, path: str) -> int:
    """Return the status; what the call changed is taken back."""
    with transaction.atomic():
        options = {} if method in ("GET", "HEAD") else {"content_type": "application/json"}
        body = {"data": b"{}"} if method in ("POST", "PUT", "PATCH") else {}
        status = getattr(client, method.lower())(path, **body, **options).status_code
        transaction.set_rollback(True)
    return status


def row_of(path: str, clients: dict[str, Client]) -> Row:
    """Return the status of every caller and method at one path."""
    return {
        (caller, method): answer(client, method, path)
        for caller, client in clients.items()
        for method in METHODS
    }


def members(make: Callable[..., Membership], owner: Membership) -> dict[str, Membership | None]:
    """Return a member for every kind of caller."""
    return {
        NOBODY: None,
        OUTSIDER: make(Role.SUBMITTER),
        PARTNER: make(Role.PARTNER),
        ADMINISTRATOR: make(Role.ADMINISTRATOR),
        OWNER: owner,
        MONITOR: make(Role.MONITOR),
    }


def written(table: dict[str, Row]) -> str:
    """Return the table as Markdown; a cell names each method that is not 405."""
    lines = [
        "# Who gets what",
        "",
        "Every route, every method, every kind of caller, as the tests saw it: the status of an",
        "empty request about something that belongs to one organisation. A method that is not",
        "named answers 405. 401: who are you; 403: not your role; 404: not for you, or not there;",
        "400, 409, 415, 428: you may, but not with an empty body. OPTIONS describes an address and",
        "no row. Written by `make access`, compared in every test run.",
        "",
        "| route | " + " | ".join(CALLERS) + " |",
        "|---|" + "---|" * len(CALLERS),
    ]
    for route, row in sorted(table.items()):
        cells = [_cell({m: row[caller, m] for m in METHODS}) for caller in CALLERS]
        lines.append(f"| `/{route}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(by_method: dict[str, int]) -> str:
    statuses = {method: status for method, status in by_method.items() if status != 405}
    if len(set(by_method.values())) == 1:
        return str(by_method["GET"])
    return ", ".join(f"{method} {status}" for method, status in statuses.items())
