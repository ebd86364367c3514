import pytest

from tests.factories import make_member
from tests.incidents.openrosa.sending import Phone


@pytest.fixture(autouse=True)
def evidence_folder(settings, tmp_path):
    """A folder of the test's own for originals."""
    own = {**settings.STORAGES["evidence"], "OPTIONS": {"location": tmp_path / "evidence"}}
    settings.STORAGES = {**settings.STORAGES, "evidence": own}
    return tmp_path / "evidence"


@pytest.fixture
def phone(db):
    """Alice's phone."""
    return Phone(make_member())


@pytest.fixture
def other_phone(db):
    """The phone of another organisation."""
    return Phone(make_member())
