"""What the pages of one incident need beside a database."""

from tests.feed.conftest import layer, units  # noqa: F401 - fixtures
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
