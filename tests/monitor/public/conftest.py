"""The feed's world: a country, its people, its units."""

from tests.feed.conftest import layer, releases_folder, units  # noqa: F401 - fixtures
