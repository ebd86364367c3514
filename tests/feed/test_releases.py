"""Releases: what is frozen, by whom, what proves it, and what a redaction leaves of it."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.models import Audience, Change, LogEntry, Release, ReleaseFile
from feed.releases import releases_make
from feed.sealing import seal
from incidents.services.redaction import incident_redact
from ledger import signing
from ledger.dispatch import dispatch
from tests.factories import bearer, make_actor, make_incident, make_member
from tests.feed.making import decided, entry

pytestmark = pytest.mark.usefixtures("db", "releases_folder")
RELEASES = "/api/v1/releases/"


@pytest.fixture
def lead():
    return bearer(make_member(Role.LEAD_MONITOR))


def asked(client, lead, name, audience="public", **more):
    body = {"name": name, "audience": audience} | more
    answer = client.post(RELEASES, body, content_type="application/json", **lead)
    assert answer.status_code == 202, answer.content
    return answer.json()


def made(client, lead, name, **options):
    asked(client, lead, name, **options)
    releases_make()


def fetched(client, name, file, **headers):
    answer = client.get(f"{RELEASES}{name}/files/{file}", **headers)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def status(client, path, **headers):
    answer = client.get(RELEASES + path, **headers)
    list(getattr(answer, "streaming_content", ()))  # to its end, which closes the file
    return answer.status_code


def ids(client, name):
    document = json.loads(fetched(client, name, "incidents.geojson"))
    return [feature["id"] for feature in document["features"]]


def test_it_holds_what_stood_and_stays_so(client, lead):
    first, second = entry(), entry()
    seal()
    made(client, lead, "first")
    before = fetched(client, "first", "incidents.geojson")
    entry(object_id=second.object_id, version=2, change=Change.WITHDRAWN)
    entry()
    seal()
    assert ids(client, "first") == [str(first.object_id), str(second.object_id)]
    assert fetched(client, "first", "incidents.geojson") == before


def test_it_is_signed_with_the_checksum_of_every_file(client, lead):
    entry()
    seal()
    made(client, lead, "first")
    answer = client.get(f"{RELEASES}first/").json()
    statement = answer["statement"]
    assert signing.signature_is_good(statement, answer["signature"], answer["key_id"])
    assert statement["digest"] == LogEntry.objects.get().chain
    names = {file["name"] for file in statement["files"]}
    assert {"incidents.geojson", "incidents.geojsons", "context-events.geojson"} <= names
    assert {"changelog.csv", "codebook.json"} <= names
    for file in statement["files"]:
        content = fetched(client, "first", file["name"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["size"]
    codebook = json.loads(fetched(client, "first", "codebook.json"))
    assert codebook["properties"]["grade"]["description"]


def test_the_change_list_compares_it_with_the_one_before(client, lead):
    stays, changes, goes = entry(), entry(), entry()
    seal()
    made(client, lead, "first")
    entry(object_id=changes.object_id, version=2, change=Change.UPDATED)
    entry(object_id=goes.object_id, version=2, change=Change.WITHDRAWN)
    new = entry()
    seal()
    made(client, lead, "second")
    rows = list(csv.reader(io.StringIO(fetched(client, "second", "changelog.csv").decode())))
    assert rows[0] == ["change", "kind", "id", "version"]
    assert {(row[0], row[2], row[3]) for row in rows[1:]} == {
        ("updated", str(changes.object_id), "2"),
        ("withdrawn", str(goes.object_id), ""),
        ("created", str(new.object_id), "1"),
    }
    statement = client.get(f"{RELEASES}second/").json()["statement"]
    assert statement["previous"] == "first"
    assert statement["changes"] == {"created": 1, "updated": 1, "withdrawn": 1}
    assert str(stays.object_id) not in fetched(client, "second", "changelog.csv").decode()


def test_a_state_that_can_still_change_is_not_frozen(client, lead, monkeypatch):
    """What another transaction sealed by then may not be seen yet."""
    monkeypatch.setattr("feed.selectors.SETTLED_AFTER", timedelta(hours=1))
    entry()
    seal()
    body = {"name": "now", "audience": "public"}
    body["as_of"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    answer = client.post(RELEASES, body, content_type="application/json", **lead)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("as_of", "future")
    assert not Release.objects.exists()


def test_as_of_a_time_it_holds_what_stood_then(client, lead, monkeypatch):
    monkeypatch.setattr("feed.selectors.SETTLED_AFTER", timedelta(0))
    one = entry()
    seal()
    then = LogEntry.objects.get().sealed_at
    entry()
    seal()
    made(client, lead, "then", as_of=then.isoformat())
    assert ids(client, "then") == [str(one.object_id)]
    made(client, lead, "before", as_of=(then - timedelta(days=1)).isoformat())
    assert ids(client, "before") == []


def test_until_it_is_made_it_is_not_served(client, lead):
    asked(client, lead, "first")
    for path in ("first/", "first/files/incidents.geojson"):
        answer = client.get(RELEASES + path)
        assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert client.get(RELEASES).json()["releases"][0]["is_made"] is False


def test_a_file_that_was_not_changed_is_not_sent_again(client, lead):
    made(client, lead, "first")
    path = f"{RELEASES}first/files/codebook.json"
    fetched(client, "first", "codebook.json")
    etag = f'"{ReleaseFile.objects.get(name="codebook.json").sha256}"'
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.fixture
def incident():
    incident = make_incident(title="Umm Ahmed's house")
    decided(incident)
    dispatch("feed.publish")
    seal()
    return incident


def redact(incident):
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    dispatch("feed.publish")
    seal()


def files(client, name, **headers):
    statement = client.get(f"{RELEASES}{name}/", **headers).json()["statement"]
    return {(file["name"], file["superseded_because"]): file for file in statement["files"]}


def test_what_is_redacted_leaves_the_files_of_a_release(client, lead, incident, releases_folder):
    made(client, lead, "theirs", audience="partner")
    content = fetched(client, "theirs", "incidents.geojson", **lead)
    assert b"Umm Ahmed" in content
    before = files(client, "theirs", **lead)
    redact(incident)
    assert status(client, "theirs/files/incidents.geojson", **lead) == 503
    releases_make()
    assert b"Umm Ahmed" not in fetched(client, "theirs", "incidents.geojson", **lead)
    after = files(client, "theirs", **lead)
    old = after["incidents.geojson", "redacted"]
    assert old["sha256"] == before["incidents.geojson", ""]["sha256"]
    assert old["superseded_at"]
    assert after["incidents.geojson", ""]["sha256"] != old["sha256"]
    assert ("codebook.json", "redacted") not in after
    on_disk = b"".join(path.read_bytes() for path in releases_folder.rglob("*") if path.is_file())
    assert b"Umm Ahmed" not in on_disk


def test_a_release_without_it_is_left_alone(client, lead, incident):
    then = LogEntry.objects.order_by("sealed_at").first().sealed_at
    made(client, lead, "before", as_of=(then - timedelta(days=1)).isoformat())
    redact(incident)
    made(client, lead, "after")
    assert not Release.objects.exclude(redactions=0).exists()
    assert client.get(f"{RELEASES}before/").status_code == 200
    assert ids(client, "after") == []


def test_files_written_while_something_is_redacted_are_no_good(client, lead, incident, monkeypatch):
    from feed import releases

    asked(client, lead, "theirs", audience="partner")
    make = releases.files_make

    def make_and_be_overtaken(release):
        result = make(release)
        monkeypatch.setattr(releases, "files_make", make)
        redact(incident)
        return result

    monkeypatch.setattr(releases, "files_make", make_and_be_overtaken)
    assert releases_make() == 0
    assert client.get(f"{RELEASES}theirs/", **lead).status_code == 503
    assert releases_make() == 1
    assert b"Umm Ahmed" not in fetched(client, "theirs", "incidents.geojson", **lead)


@pytest.mark.parametrize("role", [*Role, None])
def test_only_a_lead_monitor_makes_one(client, role):
    headers = bearer(make_member(role)) if role else {}
    body = {"name": "mine", "audience": "partner"}
    answer = client.post(RELEASES, body, content_type="application/json", **headers)
    expected = 202 if role == Role.LEAD_MONITOR else 403 if role else 401
    assert answer.status_code == expected
    assert Release.objects.exists() == (role == Role.LEAD_MONITOR)


def test_the_public_sees_nothing_of_the_partners_releases(client, partner, lead):
    made(client, lead, "theirs", audience="partner")
    made(client, lead, "ours")
    assert [one["name"] for one in client.get(RELEASES).json()["releases"]] == ["ours"]
    assert len(partner.get(RELEASES).json()["releases"]) == 2
    for path in ("theirs/", "theirs/files/incidents.geojson"):
        assert (status(client, path), status(partner, path)) == (404, 200)


def test_the_one_before_is_of_the_same_audience(client, lead):
    made(client, lead, "theirs", audience="partner")
    made(client, lead, "ours")
    assert client.get(f"{RELEASES}ours/").json()["statement"]["previous"] is None


FAR = (datetime.now(UTC) + timedelta(days=9)).isoformat()
BAD = [
    ({}, "name"),
    ({"name": "a b"}, "name"),
    ({"name": "../x"}, "name"),
    ({"name": "x" * 61}, "name"),
    ({"audience": "everyone"}, "audience"),
    ({"as_of": "yesterday"}, "as_of"),
    ({"as_of": FAR}, "as_of"),
    ({"seq": 3}, "seq"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_bad_input_is_told_by_field(client, lead, changes, field):
    body = {"name": "a", "audience": "public"} | changes if changes else {}
    answer = client.post(RELEASES, body, content_type="application/json", **lead)
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_a_name_is_used_once(client, lead):
    asked(client, lead, "first")
    body = {"name": "first", "audience": "partner"}
    answer = client.post(RELEASES, body, content_type="application/json", **lead)
    assert (answer.status_code, Release.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    "path", ["none/", "a/files/x", "first/files/x", "first/files/..%2Fx", "first/files/part-x"]
)
def test_what_is_not_there_is_404(client, lead, path):
    made(client, lead, "first")
    assert client.get(RELEASES + path).status_code == 404


def test_partners_files_are_of_partners_features(client, partner, lead):
    entry(audience=Audience.PARTNER)
    seal()
    made(client, lead, "theirs", audience="partner")
    made(client, lead, "ours")
    assert ids(client, "ours") == []
    assert len(ids(partner, "theirs")) == 1
