"""How much of a form is read, and of whose: nothing of what is too large, nothing of strangers."""

from io import BytesIO

import pytest
from django.test import Client

from accounts.models import Role
from incidents.models import ImportRun
from tests.factories import make_member
from tests.monitor.signing_in import signed_in

pytestmark = pytest.mark.django_db
MANY = str(10 * 1024 * 1024 + 1)


class Unread(BytesIO):
    """A body of which nobody may read a byte."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def post(client, path, length=MANY, **more):
    """Return the answer to a form of which only its length is told."""
    asked = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": length}
    return client.generic("POST", path, **asked | {"wsgi.input": Unread()} | more)


@pytest.fixture
def strict():
    client = signed_in(make_member(Role.SUBMITTER))
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize("path", ["/account/login/", "/submit/", "/account/password/reset/"])
def test_a_form_larger_than_any_of_ours_is_not_read(strict, path):
    for client in (strict, Client(enforce_csrf_checks=True)):
        assert post(client, path).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e9", "x"])
def test_a_length_that_is_none_is_refused(strict, length):
    assert post(strict, "/account/login/", length).status_code == 413


def test_a_strangers_file_is_not_read(imports_folder):
    """Its form may be as large as the files that are taken; not even its key is looked for."""
    client = Client(enforce_csrf_checks=True)
    origin = {"HTTP_ORIGIN": "http://testserver", "HTTP_ACCEPT": "text/html"}
    assert post(client, "/imports/").status_code == 302
    assert post(client, "/imports/", **origin).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_not_read(strict, settings):
    settings.IMPORT_MAX_BYTES = 10
    assert post(strict, "/imports/").status_code == 413


def test_a_file_of_another_sites_form_is_refused(strict, imports_folder):
    answer = strict.post("/imports/", {"file": BytesIO(b"id\n1\n"), "preset": "harmwatch"})
    assert answer.status_code == 403
    assert not ImportRun.objects.exists()
