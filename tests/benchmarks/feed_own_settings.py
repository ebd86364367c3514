"""The settings under which the feed is measured: those of tests, static files as on a server."""

from config.settings_test import *  # noqa: F403

# Otherwise every request looks through the folders of all applications.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = False
