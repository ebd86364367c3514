"""The mirror keeps an exact copy, whatever happens, and says so only where it is true."""

import hashlib
import json
import sqlite3

import pytest

from accounts.models import Role
from core.ids import uuid7
from feed.models import Audience, Change, LogEntry
from feed.sealing import seal
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from tests.factories import bearer, make_actor, make_incident, make_member
from tests.feed.making import decided, entry
from tests.support.mirror import PROGRAM, mirror_program
from tests.support.web import serving


@pytest.fixture(scope="session")
def program():
    return mirror_program()


@pytest.fixture
def url(committed_db):
    with serving() as url:
        yield url


@pytest.fixture
def mirror(program, url, tmp_path, capsys):
    """Run the program; return its status and what it said."""

    def run(*options, to=url):
        status = program.main([to, str(tmp_path / "copy"), *options])
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy"


def manifest(copy):
    return json.loads((copy / "manifest.json").read_text())


def lines(copy, kind="incident"):
    return (copy / f"{kind}.geojsonl").read_text().splitlines()


def standing(audience=Audience.PUBLIC):
    rows = LogEntry.objects.filter(audience=audience, seq__isnull=False, closed_by_seq=None)
    return list(rows.exclude(feature="").order_by("seq").values_list("feature", flat=True))


def some(count=3, **options):
    made = [entry(**options) for _number in range(count)]
    seal()
    return made


def test_it_copies_what_stands_byte_for_byte(mirror, copy):
    first, second, _third = some()
    entry(object_id=first.object_id, version=2, change=Change.UPDATED, lon=44.0)
    entry(object_id=second.object_id, version=2, change=Change.WITHDRAWN)
    seal()
    assert mirror()[0] == 0
    assert lines(copy) == standing()
    last = LogEntry.objects.get(seq=5)
    assert (manifest(copy)["seq"], manifest(copy)["digest"]) == (5, last.chain)
    content = (copy / "incident.geojsonl").read_bytes()
    listed = manifest(copy)["files"]["incident.geojsonl"]
    assert listed == {"features": 2, "sha256": hashlib.sha256(content).hexdigest()}
    assert mirror("--check") == (0, f"exact up to entry 5 (0 new), digest {last.chain}\n")


def test_it_goes_on_where_it_was(mirror, copy, program, monkeypatch):
    monkeypatch.setattr(program, "ENTRIES_AN_ANSWER", 2)
    some(5)
    assert "(5 new)" in mirror()[1]
    some(2)
    assert "(2 new)" in mirror()[1]
    assert lines(copy) == standing()


def test_an_empty_log_is_copied_too(mirror, copy):
    assert mirror()[0] == 0
    assert manifest(copy)["seq"] == 0


def test_a_partner_copies_the_partners_log_and_no_other(mirror, copy, monkeypatch, tmp_path):
    some(1)
    some(2, audience=Audience.PARTNER)
    token = bearer(make_member(Role.PARTNER))["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    (tmp_path / "token").write_text(f"{token}\n")
    assert mirror("--token-file", str(tmp_path / "token"))[0] == 0
    assert lines(copy) == standing(Audience.PARTNER)
    status, said = mirror()
    assert status == 1
    assert "cursor" in said


def redact(incident):
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    dispatch("feed.publish")
    seal()


def test_what_is_redacted_vanishes_from_the_copy(mirror, copy, monkeypatch):
    token = bearer(make_member(Role.PARTNER))["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    monkeypatch.setenv("HARMWATCH_TOKEN", token)
    incident = make_incident(title="Umm Ahmed's house")
    decided(incident)
    dispatch("feed.publish")
    seal()
    assert mirror()[0] == 0
    assert "Umm Ahmed" in lines(copy)[0]
    redact(incident)
    assert mirror("--check")[0] == 0
    assert lines(copy) == []
    for path in copy.iterdir():
        assert b"Umm Ahmed" not in path.read_bytes(), path


def test_who_begins_after_a_redaction_comes_to_the_same_digest(mirror, copy, monkeypatch):
    incident = make_incident()
    decided(incident)
    dispatch("feed.publish")
    seal()
    redact(incident)
    some(2)
    assert mirror()[0] == 0
    assert (
        manifest(copy)["digest"] == LogEntry.objects.filter(audience="public").latest("seq").chain
    )
    assert lines(copy) == standing()
    assert mirror("--check")[0] == 0


def altered(copy, statement):
    with sqlite3.connect(copy / "harmwatch.sqlite") as db:
        db.execute(statement)
    db.close()


ALTERATIONS = [
    "UPDATE entries SET feature = replace(feature, '43.8', '43.9') WHERE seq = 2",
    "UPDATE entries SET salt = NULL WHERE seq = 2",
    "DELETE FROM entries WHERE seq = 2",
    "UPDATE entries SET version = 7 WHERE seq = 2",
    "UPDATE entries SET seq = 4 WHERE seq = 2",
]


@pytest.mark.parametrize("statement", ALTERATIONS)
def test_a_copy_that_was_altered_is_found_out(mirror, copy, statement):
    some(3)
    assert mirror()[0] == 0
    altered(copy, statement)
    status, said = mirror("--check")
    assert (status, said.startswith("not exact:")) == (1, True)


def test_a_file_that_was_altered_is_found_out_and_mended(mirror, copy):
    some(3)
    mirror()
    (copy / "incident.geojsonl").write_text("{}\n")
    assert mirror("--check") == (1, "not exact: incident.geojsonl was altered.\n")
    assert mirror()[0] == 0
    assert lines(copy) == standing()


def test_a_lost_entry_at_the_end_is_found_out_by_the_cursor(mirror, copy):
    some(3)
    mirror()
    altered(copy, "DELETE FROM entries WHERE seq = 3")
    some(1)
    status, said = mirror()
    assert (status, "came after 2" in said) == (1, True)


def test_another_server_s_log_does_not_get_into_the_copy(mirror, copy):
    some(1)
    mirror()
    with serving() as other:
        status, said = mirror(to=other)
    assert (status, "holds a copy of" in said) == (1, True)


def test_an_answer_that_breaks_off_is_not_stored(program, mirror, copy, monkeypatch):
    some(3)
    whole = program.Server.lines

    def broken(self, path, **asked):
        lines = list(whole(self, path, **asked))
        return iter(lines[:-1] if path == "/api/v1/changes" else lines)

    monkeypatch.setattr(program.Server, "lines", broken)
    monkeypatch.setattr(program, "ATTEMPTS", 1)
    assert mirror() == (1, "not exact: An answer broke off.\n")
    monkeypatch.setattr(program.Server, "lines", whole)
    assert "(3 new)" in mirror()[1]


LIES = [
    lambda line: line.replace(b"43.8", b"43.9"),
    lambda line: line.replace(b'"seq":2', b'"seq":3'),
    lambda line: line.replace(b'"change":"created"', b'"change":"updated"'),
    lambda line: line.replace(b'"kind":"incident"', b'"kind":"../../x"'),
    lambda line: line.replace(b'"salt":"', b'"salt":null,"x":"'),
    lambda line: b"[]\n",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_is_not_believed(program, mirror, copy, monkeypatch, lie):
    some(3)
    whole = program.Server.lines

    def lying(self, path, **asked):
        for number, line in enumerate(whole(self, path, **asked)):
            yield lie(line) if path == "/api/v1/changes" and number == 1 else line

    monkeypatch.setattr(program.Server, "lines", lying)
    assert mirror()[0] == 1
    assert not (copy / "manifest.json").exists()


def test_a_token_is_not_sent_in_the_clear_nor_elsewhere(program, mirror, monkeypatch):
    monkeypatch.setenv("HARMWATCH_TOKEN", "hw_secret")
    status, said = mirror(to="http://harmwatch.example")
    assert (status, said) == (1, "not exact: A token is sent over https only.\n")
    assert mirror(to="ftp://x")[0] == 1


def test_two_do_not_work_on_one_folder(program, mirror, copy):
    held = program.Copy(copy)
    assert "Another harmwatch_mirror" in mirror()[1]
    held.close()


def test_what_happened_to_an_object_can_be_read_from_the_copy(mirror, copy):
    same = uuid7()
    for version in (1, 2, 3):
        entry(object_id=same, version=version)
    seal()
    mirror()
    with sqlite3.connect(copy / "harmwatch.sqlite") as db:
        rows = db.execute("SELECT version, closed_by FROM entries ORDER BY seq").fetchall()
    db.close()
    assert rows == [(1, 2), (2, 3), (3, None)]


@pytest.mark.parametrize("name", ["harmwatch_mirror.py", "harmwatch_verify.py"])
def test_the_server_hands_it_out(client, name):
    answer = client.get(f"/clients/{name}")
    assert b"".join(answer.streaming_content) == (PROGRAM.parent / name).read_bytes()


@pytest.mark.parametrize("name", ["x.py", "..%2Fmanage.py", "__init__.py"])
def test_it_hands_out_nothing_else(client, name):
    assert client.get(f"/clients/{name}").status_code == 404
