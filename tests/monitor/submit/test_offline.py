"""What a device keeps of the form: empty, the same for everybody, and told anew when it changes."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from monitor.submit import offline
from tests.monitor.signing_in import signed_in

pytestmark = pytest.mark.django_db
EMPTY, WORKER, MANIFEST = "/submit/offline/", "/submit/sw.js", "/submit/manifest.webmanifest"


@pytest.fixture
def built():
    if finders.find("monitor/built/sw.js") is None:
        pytest.skip("the pages' scripts are not built; make test builds them")


def kept(language: str = "en"):
    answer = Client(headers={"Accept-Language": language}).get(WORKER)
    return answer, json.loads(re.match(r"self\.KEPT = (.*);\n", answer.content.decode())[1])


def is_there(path: str) -> bool:
    answer = Client().get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
        answer.close()
    return answer.status_code == 200


def test_the_kept_form_is_the_same_for_everybody_and_holds_nothing_of_a_session(alice, charlie):
    client = signed_in(alice)
    client.get("/submit/")  # has a token now
    pages = {one.get(EMPTY).content for one in (client, signed_in(charlie), Client())}
    assert len(pages) == 1
    page = pages.pop().decode()
    for secret in (str(alice.user_id), alice.user.name, alice.organisation.name, "csrf"):
        assert secret not in page
    assert 'name="key" data-kept' in page
    assert 'name="sources-3-kind"' in page


def test_it_speaks_the_readers_language():
    page = Client(headers={"Accept-Language": "ar"}).get(EMPTY).content.decode()
    assert 'dir="rtl"' in page


@pytest.mark.usefixtures("built")
def test_the_worker_reaches_the_form_and_loads_from_nobody():
    answer, told = kept()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert answer["Cache-Control"] == "no-cache"
    assert (told["form"], told["empty"]) == ("/submit/", EMPTY)


@pytest.mark.usefixtures("built")
def test_all_that_it_keeps_is_there_and_nothing_the_page_loads_is_missing():
    _answer, told = kept()
    for path in told["files"]:
        assert is_there(path), path
    page = Client().get(EMPTY).content.decode()
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert loaded <= set(told["files"])
    assert any("/chunks/" in path for path in told["files"])
    assert not any("map" in path for path in told["files"])


@pytest.mark.usefixtures("built")
def test_another_language_or_another_form_is_another_version(monkeypatch):
    versions = {kept(language)[1]["version"] for language in ("en", "ar")}
    assert versions == {kept(language)[1]["version"] for language in ("en", "ar")}
    monkeypatch.setattr(offline, "ROWS", offline.ROWS + 1)
    for function in (offline._empty_form, offline._worker):
        function.cache_clear()
    versions.add(kept()[1]["version"])
    for function in (offline._empty_form, offline._worker):
        function.cache_clear()
    assert len(versions) == 3


def test_scripts_that_are_not_built_are_not_there(monkeypatch):
    monkeypatch.setattr(offline.finders, "find", lambda name: None)
    offline._worker.cache_clear()
    assert Client().get(WORKER).status_code == 404


def test_the_form_can_be_installed(alice):
    page = signed_in(alice).get("/submit/").content.decode()
    assert f'rel="manifest" href="{MANIFEST}"' in page
    answer = Client().get(MANIFEST)
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["display"]) == ("/submit/", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        assert is_there(icon["src"])
