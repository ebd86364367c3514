import pytest
from django.test import Client

from accounts.models import Role
from tests.factories import bearer, make_member


@pytest.fixture(autouse=True)
def _own_imports_folder(imports_folder):
    """Leave no files to be imported behind."""


class ApiClient:
    """A caller of the API with one member's token."""

    def __init__(self, membership=None, **token_options):
        self.membership = membership
        self._headers = bearer(membership, **token_options) if membership else {}
        self._client = Client(raise_request_exception=True)

    def get(self, path, **headers):
        return self._client.get(path, **self._headers, **headers)

    def post(self, path, body, **headers):
        return self._client.post(
            path, body, content_type="application/json", **self._headers, **headers
        )

    def put(self, path, body=None, **headers):
        return self._client.put(
            path, body or {}, content_type="application/json", **self._headers, **headers
        )

    def delete(self, path, **headers):
        return self._client.delete(path, **self._headers, **headers)


@pytest.fixture(autouse=True)
def evidence_folder(settings, tmp_path):
    """Folders of the test's own for originals, which is returned, and for copies."""
    folders = {"evidence": tmp_path / "evidence", "working_copies": tmp_path / "copies"}
    settings.STORAGES = settings.STORAGES | {
        name: settings.STORAGES[name] | {"OPTIONS": {"location": folder}}
        for name, folder in folders.items()
    }
    return folders["evidence"]


@pytest.fixture
def alice(db):
    """Submits for an organisation."""
    return ApiClient(make_member(Role.SUBMITTER))


@pytest.fixture
def bob(db):
    """Monitors."""
    return ApiClient(make_member(Role.MONITOR))


@pytest.fixture
def beth(db):
    """Monitors too."""
    return ApiClient(make_member(Role.MONITOR))


@pytest.fixture
def charlie(db):
    """Submits for another organisation: the outsider."""
    return ApiClient(make_member(Role.SUBMITTER))


@pytest.fixture
def nobody(db):
    """Has no account."""
    return ApiClient()
