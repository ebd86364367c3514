"""The settings under which the peer of this project's own framework is served."""

from config.settings_test import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.feed_peers"
