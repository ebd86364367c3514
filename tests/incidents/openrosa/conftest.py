import pytest

from tests.factories import make_member
from tests.incidents.openrosa.sending import Phone


@pytest.fixture
def phone(db):
    """Alice's phone."""
    return Phone(make_member())


@pytest.fixture
def other_phone(db):
    """The phone of another organisation."""
    return Phone(make_member())
