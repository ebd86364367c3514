"""The settings under which the peer of this project's own framework is served."""

from tests.benchmarks.feed_own_settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.feed_peers"
