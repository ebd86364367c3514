"""Every refusal is an OpenRosa message that names the field, and stores nothing."""

import pytest

from incidents.models import Evidence, Incident, Report
from tests.incidents.openrosa.sending import (
    BOUNDARY,
    FILES,
    JPEG,
    SUBMISSION,
    form,
    message,
    multipart,
    plain_form,
)

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(9)
    )
    + b"]><strike>&a8;</strike>"
)
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<strike id="harmwatch_strike" version="1">&x;</strike>'
)
BAD_XML = {
    "bomb": (BOMB, "xml_submission_file"),
    "external entity": (EXTERNAL, "xml_submission_file"),
    "no XML": (b"not xml", "xml_submission_file"),
    "unknown encoding": (b'<?xml version="1.0" encoding="nope"?><a/>', "xml_submission_file"),
    "empty": (b"", "xml_submission_file"),
    "larger than any form": (plain_form(("Fallujah", "x" * 2**20)), "xml_submission_file"),
    "another form": (plain_form(form_id="other"), "id"),
    "version not known": (plain_form(v="99"), "version"),
    "no instance id": (plain_form(instance=""), "meta/instanceID"),
    "endless instance id": (plain_form(instance="u" * 151), "meta/instanceID"),
    "question not asked": (plain_form(("<pcode/>", "<extra>1</extra>")), "where/extra"),
    "answered twice": (
        plain_form(("</when>", "<occurred_on>2014-01-01</occurred_on></when>")),
        "when/occurred_on",
    ),
    "nested without end": (
        plain_form(("<pcode/>", "<a>" * 5000 + "</a>" * 5000)),
        "where/a/a",
    ),
    "no weapon": (plain_form((">barrel_bomb<", "><")), "weapon"),
    "no such weapon": (plain_form((">barrel_bomb<", ">catapult<")), "weapon"),
    "no such target": (plain_form(("residential market", "moon")), "targets"),
    "no such date": (plain_form(("2014-05-11", "2014-02-30")), "occurred.start"),
    "future": (plain_form(("2014-05-11", "2999-01-01")), "occurred.start"),
    "latitude past the pole": (plain_form(("33.3497 ", "95.0 ")), "location.latitude"),
    "no number for a place": (plain_form(("33.3497 ", "nan ")), "where/location"),
    "one coordinate": (plain_form(("33.3497 43.7841 0.0 12.5", "33.3")), "where/location"),
    "minimum above maximum": (
        plain_form(("<minimum>4<", "<minimum>9<")),
        "claims[0].minimum",
    ),
    "figure that is none": (plain_form(("<best>5<", "<best>many<")), "claims[0].best"),
    "figure without number": (plain_form(("<minimum>50000</minimum>", "")), "claims[1]"),
    "nobody counted": (plain_form((">civilians<", ">aliens<")), "figure[0]/who"),
    "no consent to store": (plain_form(("<store>yes<", "<store>no<")), "consent.store"),
    "consent neither yes nor no": (plain_form(("<share>yes<", "<share>maybe<")), "consent.share"),
    "no licence": (plain_form((">CC-BY-4.0<", "><")), "licence"),
    "script in a link": (plain_form(("https://outlet", "javascript:")), "sources[0].url"),
    "path in a file's name": (form((">1399800000001.jpg<", ">../a.jpg<")), "evidence/media"),
}


def nothing_is_stored():
    return not (Report.objects.exists() or Incident.objects.exists() or Evidence.objects.exists())


@pytest.mark.parametrize(("xml", "field"), BAD_XML.values(), ids=BAD_XML)
def test_a_bad_form_is_refused_naming_the_field(phone, xml, field):
    answer = phone.post(xml)
    assert answer.status_code == 400, answer.content
    assert answer["X-OpenRosa-Version"] == "1.0"
    text, nature = message(answer)
    assert nature == "submit_error"
    assert f"{field}" in text
    assert "passwd" not in text
    assert nothing_is_stored()


def test_a_post_without_the_form_is_refused(phone):
    answer = phone.post(None, FILES)
    assert answer.status_code == 400
    assert "xml_submission_file" in message(answer)[0]


def test_two_forms_in_one_post_are_refused(phone):
    body = multipart(plain_form()).removesuffix(f"--{BOUNDARY}--\r\n".encode())
    answer = phone.post_bytes(body + multipart(plain_form(instance="uuid:2")))
    assert answer.status_code == 400
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "body", [b"x", f"--{BOUNDARY}\r\n".encode(), multipart(plain_form())[:500]]
)
def test_a_post_cut_short_is_refused(phone, body):
    assert phone.post_bytes(body).status_code == 400
    assert nothing_is_stored()


@pytest.mark.parametrize("kind", ["text/xml", "application/json", "multipart/form-data"])
def test_another_media_type_is_refused(phone, kind):
    answer = phone.post_bytes(plain_form(), kind=kind)
    assert answer.status_code in {400, 415}
    assert message(answer)[1] == "submit_error"


def test_eleven_megabytes_are_refused(phone):
    name = "1399800000003.mp4"
    answer = phone.post(form(), {name: FILES[name] + bytes(11 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "10 MB" in message(answer)[0]
    assert nothing_is_stored()


def test_a_post_must_say_how_long_it_is(phone):
    body = multipart(plain_form())
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = phone.headers | {"CONTENT_LENGTH": ""}
    answer = phone.client.post(SUBMISSION, body, content_type=kind, **headers)
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>", b"MZ" + bytes(90), b"text"],
)
def test_a_file_is_what_its_bytes_say_and_one_bad_file_refuses_the_post(phone, content):
    good, bad, _ = FILES
    answer = phone.post(form(), {good: JPEG, bad: content})
    assert answer.status_code == 400
    assert bad in message(answer)[0]
    assert nothing_is_stored()


def test_a_file_that_the_form_does_not_name_is_refused(phone):
    answer = phone.post(form(), {"other.jpg": JPEG})
    assert answer.status_code == 400
    assert "other.jpg" in message(answer)[0]
    assert nothing_is_stored()


def test_an_empty_file_is_refused(phone):
    answer = phone.post(form(), {next(iter(FILES)): b""})
    assert answer.status_code == 400
    assert nothing_is_stored()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "get"])
def test_other_methods_are_not_there(phone, method):
    assert getattr(phone.client, method)(SUBMISSION, **phone.headers).status_code == 405
