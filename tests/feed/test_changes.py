"""The change feed: entries in order, whose they are, and what a follower can check."""

import hashlib
import json

import pytest

from core.canonical import canonical_json
from core.ids import uuid7
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from ledger import signing
from tests.feed.making import entry

pytestmark = pytest.mark.usefixtures("db")
CHANGES = "/api/v1/changes"


def read(client, **asked):
    answer = client.get(CHANGES, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def lines(client, **asked):
    answer = client.get(CHANGES, asked | {"f": "ndjson"})
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def some(count, **options):
    made = [entry(**options) for _number in range(count)]
    seal()
    return made


def test_an_empty_log_has_a_cursor_and_a_digest(client):
    assert read(client)["changes"] == []
    assert read(client)["digest"] == "0" * 64
    some(1)
    assert len(read(client, since=read(client)["cursor"])["changes"]) == 0


def test_an_entry_tells_what_became_of_what(client):
    same, survivor = uuid7(), uuid7()
    entry(object_id=same)
    entry(object_id=same, version=2, change=Change.WITHDRAWN, reason="gone", merged_into=survivor)
    seal()
    first, second = read(client)["changes"]
    sealed = LogEntry.objects.get(seq=1)
    assert first == {
        "seq": 1,
        "sealed_at": sealed.sealed_at.isoformat().replace("+00:00", "Z"),
        "kind": "incident",
        "id": str(same),
        "version": 1,
        "change": "created",
        "reason": "",
        "merged_into": None,
        "license": "",
        "redacted": False,
        "salt": sealed.salt,
        "hash": sealed.hash,
        "feature": json.loads(sealed.feature),
    }
    assert (second["change"], second["reason"], second["version"]) == ("withdrawn", "gone", 2)
    assert second["merged_into"] == str(survivor)
    assert second["feature"] is None
    assert second["license"] is None


def test_cursors_lead_through_the_log_without_gap_or_repeat(client):
    made = some(7)
    seen, cursor = [], {}
    while True:
        page = read(client, limit=3, **cursor)
        seen += [change["id"] for change in page["changes"]]
        cursor = {"since": page["cursor"]}
        if page["at_head"]:
            break
    assert seen == [str(one.object_id) for one in made]
    some(1)
    assert [change["seq"] for change in read(client, **cursor)["changes"]] == [8]


def test_lines_are_the_same_entries_and_end_with_the_cursor(client):
    some(5)
    page = read(client)
    assert lines(client) == [*page.pop("changes"), page]
    assert [line["seq"] for line in lines(client, limit=2)] == [1, 2, 2]


def test_lines_are_made_in_handfuls(client, monkeypatch):
    monkeypatch.setattr("feed.changes._ROWS_AT_ONCE", 2)
    some(5)
    assert [line["seq"] for line in lines(client)] == [1, 2, 3, 4, 5, 5]
    assert [line["seq"] for line in lines(client, limit=3)] == [1, 2, 3, 3]
    assert lines(client)[-1]["digest"] == read(client)["digest"]


def test_the_feature_is_the_last_member_byte_for_byte(client):
    some(1)
    answer = client.get(CHANGES, {"f": "ndjson"})
    line = b"".join(answer.streaming_content).split(b"\n")[0].decode()
    assert line.partition(',"feature":')[2][:-1] == LogEntry.objects.get().feature


def test_a_follower_computes_each_hash_and_the_digest(client):
    some(3)
    entry(object_id=uuid7(), change=Change.WITHDRAWN)
    seal()
    answer = client.get(CHANGES, {"f": "ndjson"})
    *entries, last = b"".join(answer.streaming_content).decode().splitlines()
    chain = bytes(32)
    for line in entries:
        change = json.loads(line)
        text = line.partition(',"feature":')[2][:-1]
        names = ("seq", "sealed_at", "kind", "id", "version", "change", "reason", "merged_into")
        content = {name: change[name] for name in (*names, "salt") if change[name] is not None}
        content |= {"audience": "public"} | ({} if text == "null" else {"feature": text})
        assert hashlib.sha256(canonical_json(content)).hexdigest() == change["hash"]
        chain = hashlib.sha256(chain + bytes.fromhex(change["hash"])).digest()
    assert json.loads(last)["digest"] == chain.hex()


def test_the_digest_of_any_entry_is_signed(client):
    some(3)
    for seq, of in ((2, {"seq": 2}), (3, {})):
        answer = client.get(f"{CHANGES}/digest", of).json()
        statement = answer["statement"]
        assert statement["digest"] == LogEntry.objects.get(seq=seq).chain
        assert (statement["seq"], statement["audience"]) == (seq, "public")
        assert signing.signature_is_good(statement, answer["signature"], answer["key_id"])
    assert client.get(f"{CHANGES}/digest", {"seq": 0}).json()["statement"]["digest"] == "0" * 64
    assert client.get(f"{CHANGES}/digest", {"seq": 4}).status_code == 404


def test_only_the_kinds_asked_for(client):
    some(2)
    LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=Kind.CONTEXT_EVENT,
        object_id=uuid7(),
        object_version=1,
        change=Change.CREATED,
        feature='{"type":"Feature","properties":{"license":"CC0-1.0"}}',
    )
    seal()
    some(1)
    page = read(client, kind="context_event")
    assert [(change["seq"], change["license"]) for change in page["changes"]] == [(3, "CC0-1.0")]
    assert (page["digest"], page["seq"]) == (None, 4)
    assert len(read(client, kind="incident,context_event")["changes"]) == 4
    assert read(client, kind="context_event", since=page["cursor"])["changes"] == []
    refused = client.get(CHANGES, {"since": page["cursor"]})
    assert refused.json()["errors"][0]["field"] == "since"


def test_an_answer_that_has_not_changed_is_not_sent_again(client):
    some(2)
    first = client.get(CHANGES)
    again = client.get(CHANGES, headers={"If-None-Match": f'W/"x", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    some(1)
    assert client.get(CHANGES, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_answers_are_not_used_unasked(client, partner):
    assert client.get(CHANGES)["Cache-Control"] == "no-cache"
    answer = partner.get(CHANGES)
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer["Vary"]


BAD = [
    ("since", "x", "cursor"),
    ("since", "WyJjaGFuZ2VzIl0", "cursor"),
    ("limit", "0", "limit"),
    ("limit", "-1", "limit"),
    ("limit", "1e3", "limit"),
    ("limit", "١", "limit"),
    ("limit", "9" * 5000, "limit"),
    ("wait", "-1", "wait"),
    ("wait", "soon", "wait"),
    ("kind", "", "kind"),
    ("kind", "incident,rumour", "kind"),
    ("f", "xml", "f"),
    ("as_of", "2014-05-11", "unknown"),
]


@pytest.mark.parametrize(("name", "value", "code"), BAD)
def test_bad_input_is_told_by_name(client, name, value, code):
    answer = client.get(CHANGES, {name: value})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["code"] == code


@pytest.mark.parametrize("seq", ["-1", "x", "1.0", "9" * 19, "9" * 5000])
def test_a_bad_digest_s_number_is_told(client, seq):
    assert client.get(f"{CHANGES}/digest", {"seq": seq}).status_code == 400


def test_a_cursor_ahead_of_the_log_is_refused(client, partner):
    from feed.changes import cursor_of

    ahead = cursor_of(Audience.PUBLIC, (), 1)
    answer = client.get(CHANGES, {"since": ahead})
    assert answer.json()["errors"][0]["code"] == "ahead"
    negative = cursor_of(Audience.PUBLIC, (), -1)
    assert client.get(CHANGES, {"since": negative}).status_code == 400


def test_the_public_learns_nothing_of_the_partners_log(client, partner):
    some(3, audience=Audience.PARTNER)
    some(1)
    public, theirs = read(client), read(partner)
    assert (public["seq"], theirs["seq"]) == (1, 3)
    assert public["digest"] != theirs["digest"]
    assert len(public["changes"]) == 1
    assert client.get(f"{CHANGES}/digest", {"seq": 3}).status_code == 404
    assert client.get(CHANGES, {"since": theirs["cursor"]}).status_code == 400
    assert partner.get(CHANGES, {"since": public["cursor"]}).status_code == 400
    assert client.get(f"{CHANGES}/digest").json()["statement"]["seq"] == 1
