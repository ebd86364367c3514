"""The web's entry point."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Utf8Request(WSGIRequest):
    """A request that is UTF-8 whatever its sender names as charset.

    Django would decode the query by the charset of the Content-Type, outside of its own handling of
    errors: one header such as ``charset=hex`` would end in a 500 for anybody.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        super()._set_content_type_params(  # type: ignore[misc]
            {**meta, "CONTENT_TYPE": _without_charset(meta)}
        )


def _without_charset(meta: dict[str, Any]) -> str:
    parts = str(meta.get("CONTENT_TYPE", "")).split(";")
    return ";".join(part for part in parts if not part.strip().lower().startswith("charset"))


class Handler(WSGIHandler):
    """Django's handler with our request."""

    request_class = Utf8Request


django.setup(set_prefix=False)
application = Handler()
