import pytest

from accounts.models import Role
from tests.factories import make_member


@pytest.fixture
def alice(db):
    """Submits for an organisation."""
    return make_member(Role.SUBMITTER)


@pytest.fixture
def charlie(db):
    """Submits for another organisation: the outsider."""
    return make_member(Role.SUBMITTER)
