"""Tags, caches, compression and how often one may ask."""

from uuid import uuid4

import pytest

from feed import limits
from feed.sealing import seal
from tests.feed.making import ITEMS, entry

ADDRESSES = ["", "?limit=1", "?grade=fair", "?as_of=1"]


@pytest.fixture(autouse=True)
def fresh(db, monkeypatch):
    monkeypatch.setattr(limits, "_KEYS", f"feed-limit-{uuid4()}")
    entry()
    seal()


@pytest.mark.parametrize("reader", ["public", "partner"])
@pytest.mark.parametrize("query", ADDRESSES)
def test_what_a_reader_has_is_not_sent_again_until_the_log_grows(request, reader, query):
    client = request.getfixturevalue(reader)
    if reader == "partner":
        entry(audience="partner")
        seal()
    first = client.get(ITEMS + query)
    again = client.get(ITEMS + query, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    entry(audience=reader)
    seal()
    assert client.get(ITEMS + query, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_a_tag_is_of_one_address(client):
    tag = client.get(ITEMS)["ETag"]
    assert client.get(f"{ITEMS}?limit=7", HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("path", ["", "conformance", "collections", "collections/incidents"])
def test_documents_have_tags(client, path):
    tag = client.get(f"/ogc/{path}")["ETag"]
    assert client.get(f"/ogc/{path}", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_caches_are_told_what_an_answer_depends_on(public, partner):
    for client, control in ((public, "public, max-age=60"), (partner, "private, no-cache")):
        answer = client.get(ITEMS)
        varies = {name.strip() for name in answer["Vary"].split(",")}
        assert varies >= {"Authorization", "Accept", "Accept-Encoding", "Accept-Language"}
        assert answer["Cache-Control"] == control
    assert public.get(f"{ITEMS}?limit=x")["Cache-Control"] == "no-store"


def test_answers_are_packed_for_who_can_unpack(client):
    packed = client.get("/ogc/api", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(client.get("/ogc/api").content) / 2


@pytest.mark.parametrize("reader", ["public", "partner"])
def test_who_asks_too_often_waits(request, settings, reader):
    settings.FEED_PUBLIC_REQUESTS = settings.FEED_TOKEN_REQUESTS = 3
    client = request.getfixturevalue(reader)
    answers = [client.get(ITEMS) for _time in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused  # a new minute may have begun among them
    assert refused[0]["Content-Type"] == "application/problem+json"
    assert int(refused[0]["Retry-After"]) > 0
    assert answers[0]["RateLimit-Policy"] == '"feed";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"feed";r=2;t=')


def test_networks_are_counted_apart_and_tokens_by_themselves(public, partner, settings):
    settings.FEED_PUBLIC_REQUESTS = 3
    while public.get(ITEMS).status_code == 200:
        pass
    assert partner.get(ITEMS).status_code == 200
    assert public.get(ITEMS, REMOTE_ADDR="192.0.2.7").status_code == 200
    # Of one network are all of its addresses.
    one, other = ({"REMOTE_ADDR": f"198.51.100.{number}"} for number in (1, 2))
    left = [public.get(ITEMS, **address)["RateLimit"] for address in (one, other)]
    assert left[0] != left[1] or "r=2" in left[1]


@pytest.mark.parametrize("reader", ["public", "partner"])
@pytest.mark.parametrize("query", [{}, {"bbox": "rubbish"}, {"colour": "red"}, {"f": "docx"}])
def test_a_request_counts_once_whatever_its_answer(request, monkeypatch, reader, query):
    seen = []
    monkeypatch.setattr(limits, "_counted", lambda key: seen.append(key) or 1)
    request.getfixturevalue(reader).get(ITEMS, query)
    assert len(seen) == 1


def test_no_address_is_kept(public, monkeypatch):
    seen = []
    count = limits._counted
    monkeypatch.setattr(limits, "_counted", lambda key: seen.append(key) or count(key))
    public.get(ITEMS, REMOTE_ADDR="192.0.2.7")
    public.get(ITEMS, REMOTE_ADDR="2001:db8:1:2::7")
    public.get(ITEMS, REMOTE_ADDR="rubbish")
    assert len(set(seen)) == 3
    assert not any(part in key for key in seen for part in ("192.0", "2001:db8", "rubbish"))


def test_without_redis_a_process_counts_for_itself(public, settings, monkeypatch):
    settings.FEED_PUBLIC_REQUESTS = 3
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(limits, "_quiet_until", 0.0)
    statuses = [public.get(ITEMS).status_code for _time in range(12)]
    assert statuses[0] == 200
    assert 429 in statuses
    assert limits._quiet_until > 0
