"""Rubbish, huge files and hostile names: refused in plain words, and nothing is kept."""

import pytest

from incidents.import_files import harmless_name
from incidents.models import ImportRun, Report
from ledger.models import AuditEntry
from tests.factories import make_member
from tests.incidents.imports.files import Sender, carry_out, table


@pytest.fixture
def sender(db):
    return Sender(make_member())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b\r\nSet-Cookie: x.csv", "a_b__Set-Cookie_ x.csv"),
        ('"; rm -rf ~.csv', "__ rm -rf _.csv"),
        ("<script>alert(1)</script>.csv", "script_.csv"),
        ("تقرير.csv", "تقرير.csv"),
        ("x" * 500 + ".csv", "x" * 100 + ".csv"),
        ("....", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_made_harmless(name, shown):
    assert harmless_name(name) == shown


def test_the_stored_name_tells_nothing(sender, imports_folder):
    answer = sender.send(table({}), name="testimony of Umm Ahmed.csv")
    (file,) = imports_folder.iterdir()
    assert (file.stat().st_mode & 0o777, len(file.name)) == (0o600, 32)
    assert answer.json()["file_name"] == "testimony of Umm Ahmed.csv"
    assert not AuditEntry.objects.filter(object_label__contains="Umm").exists()
    assert not AuditEntry.objects.filter(data__icontains="Umm").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00" * 1000, b"\xff\xfe\x00", b"PK\x03\x04rubbish", b"{", b"a,b\n1"],
)
def test_rubbish_is_refused_and_nothing_is_kept(sender, imports_folder, content):
    answer = sender.send(content)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]
    assert not ImportRun.objects.exists()
    assert not imports_folder.exists() or list(imports_folder.iterdir()) == []


def test_a_file_that_is_too_large_is_refused_unread(sender, settings, imports_folder):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    answer = sender.send(b"x" * (1024 * 1024))
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["errors"][0]["message"]
    assert not imports_folder.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"preset": "no-such"}, "preset"),
        ({"mode": "some"}, "mode"),
        ({"format": "exe"}, "format"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"dryrun": "true"}, "dryrun"),
    ],
)
def test_what_is_asked_for_must_be_known(sender, fields, field):
    answer = sender.send(table({}), **fields)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_form_without_a_file_is_refused(sender):
    answer = sender._client.post("/api/v1/imports/", {"preset": "ucdp-ged"}, **sender._headers)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["file"]


def test_another_media_type_is_refused(sender):
    answer = sender._client.post(
        "/api/v1/imports/", b"{}", content_type="application/json", **sender._headers
    )
    assert answer.status_code == 415


def test_a_file_that_is_gone_before_its_import_fails_it(sender, imports_folder):
    sender.send(table({}))
    (file,) = imports_folder.iterdir()
    file.unlink()
    run = carry_out(ImportRun.objects.get())
    assert run.state == "failed"
    assert run.error == "The file is gone. Please send it again."
    assert not Report.objects.exists()
