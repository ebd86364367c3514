"""The web on a port of its own, for programs that call it from outside."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers that were killed."""


@contextmanager
def serving(asked: list[str] | None = None) -> Iterator[str]:
    """Serve the application from threads of this process; give its URL.

    What is asked for is added to ``asked``: path, question mark and query.
    """
    application = WSGIHandler()

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if asked is not None:
            asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        return application(environ, start_response)

    server = _Server(("127.0.0.1", 0), _Quiet, ipv6=False)
    server.set_app(serve)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
