"""Whatever anybody wrote, every page shows it as text: nothing on a page is made of it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.support.every_page import DEEDS, MEMBERS, NOBODY, PAGES, routes_not_named, visits
from tests.support.hostile_record import HostileRecord, hostile_record_make
from tests.support.inert import wrongs_of
from tests.support.markup import Page
from tests.support.payloads import BREAKOUT, MARK, PAYLOADS

BROWSER = {"HTTP_ACCEPT": "text/html,*/*;q=0.5"}
TYPED = {"", "text", "search", "email", "url", "tel", "password", "datetime-local", "date"}
# What nobody writes into, whoever looks.
PLAIN = {
    "submit/offline/",
    *("methodology/", "guide/", "ogc/", "ogc/api", "ogc/conformance", "ogc/collections"),
    *("account/login/", "account/inactive/", "account/password/reset/"),
    *("account/password/reset/done/", "account/password/reset/key/done/"),
    *(f"ogc/collections/<str:collection_id>{part}" for part in ("", "/queryables", "/schema")),
    *("ogc/collections/<str:collection_id>/schema/geojson", "account/reauthenticate/"),
    "account/password/reset/^key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}


@pytest.fixture
def record(db, evidence_folder, imports_folder, settings, tmp_path) -> HostileRecord:  # noqa: F811
    settings.LAYERS_DIR = str(tmp_path / "layers")
    return hostile_record_make(tmp_path)


@pytest.fixture
def clients(record) -> dict[Any, Client]:
    found = {role: record.client(role) for role in MEMBERS} | {NOBODY: Client()}
    for client in found.values():
        client.defaults.update(BROWSER)
    return found


def test_every_route_of_the_project_is_looked_at_or_named():
    assert routes_not_named() == set()


@pytest.mark.parametrize("payload", [BREAKOUT, *(one for one in PAYLOADS if "<" in one)])
def test_a_payload_that_is_not_escaped_is_found(payload):
    assert wrongs_of(f"<p>{payload}</p>")
    assert wrongs_of(f"<title>{BREAKOUT}</title>")
    assert wrongs_of(f'<input value="{BREAKOUT}">')
    assert wrongs_of(f"<input value={BREAKOUT}>")
    assert wrongs_of(f"<script type='application/json'>{BREAKOUT}</script>")


def test_every_page_shows_what_was_written_as_text(record, clients):
    wrongs, shown, seen = [], set(), set()
    for visit in visits(record):
        client = clients[visit.by]
        asked = [("", {})]
        if (visit.route, visit.by) not in seen:
            asked += [(f"?{MARK}={MARK}", {}), ("", {"HTTP_HX_REQUEST": "true"})]
        seen.add((visit.route, visit.by))
        for query, headers in asked:
            answer = client.get(f"{visit.path}{query}", follow=True, **headers)
            assert is_page(answer), visit
            wrongs += judged(f"{visit} {query} {headers}", answer)
            if MARK in text_of(answer) and MARK not in f"{visit.path}{query}":
                shown.add(visit.route)
    assert wrongs == []
    assert PAGES.keys() - shown <= PLAIN


def test_every_form_answers_with_what_was_typed_as_text(record, clients):
    wrongs, done, reached = [], set(), set()
    for visit in visits(record):
        client = clients[visit.by]
        page = Page(text_of(client.get(visit.path, follow=True)))
        asked = [({"action": path, "method": "post"}, []) for path in page.values("hx-post")]
        for form, fields in page.forms() + asked:
            path = urlsplit(form.get("action", "")).path or visit.path
            route, method = resolve(path).route, form.get("method", "get").lower()
            which = (route, method, visit.by, *sorted(given.get("name", "") for _, given in fields))
            if which in done or method == "dialog":
                continue
            done.add(which)
            reached.add(route)
            for data in fillings(fields):
                answer = sent(client, method, path, data)
                wrongs += judged(f"{visit} {method} {path} {data}", answer)
    assert wrongs == []
    assert reached >= DEEDS


def test_refusals_show_what_was_asked_for_as_text(record, clients):
    for role, client in clients.items():
        for path in ("/queue/", "/people/", "/submit/", "/account/webhooks/"):
            assert judged(f"{role} {path}", client.get(path, follow=True)) == []


# --- Judging --------------------------------------------------------------------------------------
def text_of(answer: HttpResponse) -> str:
    return answer.content.decode() if is_page(answer) else ""


def is_page(answer: Any) -> bool:
    return answer.get("Content-Type", "").startswith("text/html") and not answer.streaming


def judged(what: str, answer: Any) -> list[str]:
    """Return what is wrong with an answer; files and data are judged elsewhere."""
    assert answer.status_code < 500, what
    return [f"{what}: {wrong}" for wrong in wrongs_of(text_of(answer))]


def sent(client: Client, method: str, path: str, data: dict[str, Any]) -> Any:
    """Return the last answer to a form; what it did is taken back, and the session stays."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(path, data, follow=True)
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.streaming:
        answer.getvalue()  # a file is closed when it was read
    return answer


def fillings(fields: list[tuple[str, dict[str, str]]]) -> Iterator[dict[str, Any]]:
    """Yield a form filled in with hostile words: where words are asked for, then everywhere."""
    plain = filled_in(fields)
    typed = {
        given["name"]: BREAKOUT
        for tag, given in fields
        if "name" in given
        and (tag == "textarea" or (tag == "input" and given.get("type", "") in TYPED))
    }
    yield plain | typed
    yield dict.fromkeys(plain, BREAKOUT)


def filled_in(fields: list[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """Return a form's fields as they stand; of a selection the first choice that says anything."""
    data: dict[str, Any] = {}
    selecting = ""
    for tag, given in fields:
        if tag == "option":
            data[selecting] = data.get(selecting) or given.get("value", "")
        elif name := given.get("name"):
            selecting = name if tag == "select" else selecting
            is_one_of_several = given.get("type") in {"checkbox", "radio"}
            if given.get("type") != "file" and not (is_one_of_several and name in data):
                data[name] = given.get("value", "on" if is_one_of_several else "")
    return data
