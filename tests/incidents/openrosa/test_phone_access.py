"""Who gets in: known phones, by Basic login or by the key in the path, and nobody else."""

import base64
import logging
from hashlib import md5
from xml.etree import ElementTree

import pytest
from django.test import Client

from accounts.devices import device_revoke
from accounts.models import Membership, Role
from config.logs import KeysHidden
from incidents.models import Report
from tests.factories import bearer, make_member
from tests.incidents.openrosa.sending import LIST, SUBMISSION, Phone, message, plain_form

XFORMS = "{http://openrosa.org/xforms/xformsList}"
ADDRESSES = [LIST, "/openrosa/forms/strike.xml", "/openrosa/forms/strike/manifest"]


def basic(text):
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(text.encode()).decode()}


def refused_all(client, headers, prefix="/openrosa"):
    answers = [client.get(path.replace("/openrosa", prefix), **headers) for path in ADDRESSES]
    answers.append(client.head(SUBMISSION.replace("/openrosa", prefix), **headers))
    answers.append(client.post(SUBMISSION.replace("/openrosa", prefix), {}, **headers))
    return {answer.status_code for answer in answers}


def test_the_list_leads_to_the_form_and_its_files(phone):
    listed = ElementTree.fromstring(phone.get(LIST).content)
    (found,) = listed.iter(f"{XFORMS}xform")
    told = {node.tag.removeprefix(XFORMS): node.text for node in found}
    assert (told["formID"], told["version"]) == ("harmwatch_strike", "1")
    assert told["hash"].startswith("md5:")
    xform = phone.get(told["downloadUrl"].removeprefix("http://testserver"))
    assert xform["Content-Type"].startswith("text/xml")
    assert b'id="harmwatch_strike"' in xform.content
    manifest = phone.get(told["manifestUrl"].removeprefix("http://testserver"))
    assert list(ElementTree.fromstring(manifest.content)) == []


def test_the_hash_is_of_the_form_as_served(phone):
    served = phone.get("/openrosa/forms/strike.xml").content
    assert f"md5:{md5(served).hexdigest()}".encode() in phone.get(LIST).content


def test_another_form_is_not_listed(phone):
    listed = ElementTree.fromstring(phone.get(f"{LIST}?formID=other").content)
    assert list(listed) == []


def test_with_the_key_in_the_path_no_login_is_needed_and_links_keep_it(phone):
    prefix = f"/openrosa/key/{phone.secret}"
    client = Client()
    listed = client.get(f"{prefix}/formList")
    assert f"{prefix}/forms/strike.xml".encode() in listed.content
    assert client.head(f"{prefix}/submission").status_code == 204
    bare = Phone(phone.membership)
    bare.headers = {}
    assert bare.post(plain_form(), path=f"{prefix}/submission").status_code == 201
    assert Report.objects.get().submitted_by_id == phone.membership.user_id


@pytest.mark.parametrize("headers", [{}, basic("phone-0:x"), {"HTTP_AUTHORIZATION": "Basic x"}])
def test_nobody_gets_in_without_a_credential(db, headers):
    assert refused_all(Client(), headers) == {401}
    answer = Client().get(LIST, **headers)
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert message(answer)[1] == "submit_error"


def test_an_accounts_password_or_token_is_no_credential(db):
    member = make_member()
    member.user.set_password("correct horse")
    member.user.save()
    assert refused_all(Client(), basic(f"{member.user.email}:correct horse")) == {401}
    assert refused_all(Client(), bearer(member)) == {401}


def test_an_unknown_key_opens_nothing(db):
    assert refused_all(Client(), {}, "/openrosa/key/hw_unknown") == {401}


def test_a_revoked_phone_is_out_by_both_doors(phone):
    device_revoke(actor=None, device_id=phone.device.id)
    assert refused_all(Client(), phone.headers) == {401}
    assert refused_all(Client(), {}, f"/openrosa/key/{phone.secret}") == {401}


def test_who_may_no_longer_submit_is_refused(phone):
    Membership.objects.update(role=Role.PARTNER)
    assert phone.post(plain_form()).status_code == 403
    assert not Report.objects.exists()


def test_a_phones_secret_is_no_api_token(phone):
    answer = Client().get("/api/v1/reports/", HTTP_AUTHORIZATION=f"Bearer {phone.secret}")
    assert answer.status_code == 401


def test_the_key_stands_in_no_line_of_the_log(caplog, db):
    secret = "hw_a-secret_key"
    with caplog.at_level(logging.DEBUG):
        Client().get(f"/openrosa/key/{secret}/formList")
        Client().get(f"/openrosa/key/{secret}/nothing?x=1")
    assert any(secret in record.getMessage() for record in caplog.records)
    lines = [KeysHidden().format(record) for record in caplog.records]
    assert not any(secret in line for line in lines)
    assert any("/key/…/formList" in line for line in lines)


def test_every_handler_hides_keys():
    names = ["", "django", "django.request", "django.server", "django.security"]
    root = [item for item in logging.getLogger().handlers if type(item) is logging.StreamHandler]
    assert [type(handler.formatter) for handler in root] == [KeysHidden]
    for name in names[1:]:
        assert logging.getLogger(name).handlers == []
        assert logging.getLogger(name).propagate


def test_a_trace_hides_keys_too():
    try:
        raise ValueError("/openrosa/key/hw_secret/submission broke")
    except ValueError as exc:
        info = (type(exc), exc, exc.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), info)
    assert "hw_secret" not in KeysHidden().format(record).replace(
        'raise ValueError("/openrosa/key/hw_secret', ""
    )
