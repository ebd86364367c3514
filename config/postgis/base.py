"""The database backend: Django's for PostGIS, which looks at a connection instead of asking it."""

import select

from django.contrib.gis.db.backends.postgis import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Before each request a kept connection is looked at: one that the server closed is readable.

    Django would send ``SELECT 1`` with each request, a third of the time of a small one.
    """

    def is_usable(self) -> bool:
        """Tell whether the server still listens; asked only where something was heard of it."""
        if self.connection is None or self.connection.closed:
            return False
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if watched.poll(0) else True
