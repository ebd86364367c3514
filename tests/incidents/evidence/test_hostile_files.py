"""What somebody sends who means no good: refused in words, or stored where it does no harm."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.canonical import sha256_hex
from incidents.models import Evidence, WorkingCopy
from tests.incidents.evidence.making import (
    evidence_with_copy,
    jpeg,
    saved,
    scene,
    upload,
)

PHOTO = jpeg()
POLYGLOT = jpeg(comment=b"<html><script>alert(1)</script>") + b"<script>alert(2)</script>"
REFUSED = {
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "xml and svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "program": b"MZ" + bytes(400),
    "zip": b"PK\x03\x04" + bytes(400),
    "text": b"what happened",
    "zeros": bytes(1000),
    "rubbish": bytes(range(256)) * 4,
}


def stored():
    return Evidence.objects.count()


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_evidence_is_refused_whatever_its_name_says(alice, report, content):
    answer = upload(alice, report, content, name="a.jpg")
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["code"] == "content_type"
    assert stored() == 0


def test_an_empty_file_is_refused(alice, report):
    answer = upload(alice, report, b"")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "file"
    assert stored() == 0


def test_two_files_in_one_post_are_refused(alice, report):
    files = [SimpleUploadedFile(name, PHOTO) for name in ("a.jpg", "b.jpg")]
    body = {"file": files, "sha256": sha256_hex(PHOTO)}
    answer = Client().post(f"/api/v1/reports/{report}/evidence/", body, **alice._headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "several"
    assert stored() == 0


@pytest.mark.parametrize("extra", ["sha512", "name", "file2"])
def test_an_unknown_field_is_refused(alice, report, extra):
    answer = upload(alice, report, PHOTO, fields={extra: "x"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == extra


@pytest.mark.parametrize("text", ["", "x", "0" * 63, "0" * 65, "g" * 64, "0" * 64 + "\n"])
def test_a_hash_that_is_none_is_refused(alice, report, text):
    body = {"file": SimpleUploadedFile("a.jpg", PHOTO), "sha256": text}
    answer = Client().post(f"/api/v1/reports/{report}/evidence/", body, **alice._headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "sha256"


NAMES = {
    "path": ("../../etc/passwd.jpg", "passwd.jpg"),
    "windows path": ("C:\\Users\\Umm Ahmed\\a.jpg", "a.jpg"),
    "NUL": ("a\x00b.jpg", "ab.jpg"),
    "written from right to left": ("a\u202egpj.exe", "agpj.exe"),
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.values(), ids=NAMES)
def test_a_name_is_only_a_name(alice, report, sent, kept, evidence_folder):
    answer = upload_named(alice, report, sent)
    assert answer.status_code == 201, answer.content
    evidence = Evidence.objects.get()
    assert evidence.name == kept
    assert kept not in evidence.storage_name
    assert [path.name for path in evidence_folder.rglob("*") if path.is_file()] == [
        sha256_hex(PHOTO)
    ]


def test_a_name_as_long_as_a_head_may_be_is_cut(alice, report):
    assert upload_named(alice, report, "ب" * 400 + ".jpg").status_code == 201
    name = Evidence.objects.get().name
    assert name.endswith(".jpg")
    assert len(name) <= 300


@pytest.mark.parametrize("name", ["a" * 10_000 + ".jpg", "a\r\nX-Header: b.jpg", "..", "", "\x00"])
def test_a_name_that_is_none_is_refused_or_made_one(alice, report, name, evidence_folder):
    answer = upload_named(alice, report, name)
    assert answer.status_code in {201, 400}
    assert answer.status_code == 201 or answer.json()["errors"]
    assert all(row.name.isprintable() and row.name for row in Evidence.objects.all())
    assert len([path for path in evidence_folder.rglob("*") if path.is_file()]) == stored()


def upload_named(client, report, name):
    """Post with the name as it is: Django's own client would clean it."""
    mark = "----harmwatch"
    escaped = name.replace('"', "%22")
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="sha256"\r\n\r\n'
        f"{sha256_hex(PHOTO)}\r\n--{mark}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{escaped}"\r\n'
        "Content-Type: text/html\r\n\r\n"
    ).encode() + PHOTO
    body += f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    path = f"/api/v1/reports/{report}/evidence/"
    return Client().post(path, body, content_type=kind, **client._headers)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (PHOTO, "image/jpeg", 415),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=y", 400),
        (b"", "multipart/form-data; boundary=y", 400),
        (b"--y\r\n", "multipart/form-data; boundary=y", 400),
        (
            b'--y\r\nContent-Disposition: form-data; name="file"',
            "multipart/form-data; boundary=y",
            400,
        ),
    ],
)
def test_a_body_that_is_not_a_form_is_refused(alice, report, body, kind, status):
    path = f"/api/v1/reports/{report}/evidence/"
    answer = Client().post(path, body, content_type=kind, **alice._headers)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_a_picture_that_is_also_a_page_is_served_as_no_page(alice, report):
    evidence = evidence_with_copy(alice, report, POLYGLOT)
    for query in ("", "?original=true"):
        answer = alice.get(f"/api/v1/evidence/{evidence.id}/file/{query}")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert (b"script" in answer.getvalue()) is bool(query)


def test_what_cannot_be_decoded_is_kept_and_has_no_copy(alice, report):
    evidence_with_copy(alice, report, PHOTO[:3000], name="cut.jpg")
    evidence_with_copy(alice, report, b"GIF89a=1;alert(1)//", name="head.gif")
    reasons = WorkingCopy.objects.order_by("evidence").values_list("no_copy", flat=True)
    assert list(reasons) == ["unreadable", "unreadable"]


@pytest.mark.parametrize(
    ("kind", "content_type"), [("HEIF", "image/heic"), ("BMP", "image/x-ms-bmp")]
)
def test_pictures_are_known_that_look_like_films_or_have_two_names(
    alice, report, kind, content_type
):
    evidence = evidence_with_copy(alice, report, saved(scene(), kind))
    assert evidence.content_type == content_type
    assert evidence.working_copy.no_copy == ""
