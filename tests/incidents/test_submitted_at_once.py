"""The same report fifty times at once: one report, and fifty answers with the same receipt."""

import json
import socketserver
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from incidents.models import Claim, Incident, Report
from tests.factories import bearer, make_member, report_body

AT_ONCE = 50


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 2 * AT_ONCE


class _Quiet(WSGIRequestHandler):
    def log_message(self, format, *args):
        """Say nothing."""


def _application():
    django = get_wsgi_application()

    def answer(environ, start_response):
        try:
            return list(django(environ, start_response))
        finally:
            connections.close_all()

    return answer


@pytest.fixture
def server(committed_db):
    """Serve the project over HTTP, a thread for each request; return the address."""
    with _Server(("127.0.0.1", 0), _Quiet) as http:
        http.set_app(_application())
        thread = Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize("key", [{"Idempotency-Key": "one"}, {}], ids=["key", "no key"])
def test_fifty_at_once_make_one_report_with_one_receipt(server, key):
    token = bearer(make_member())["HTTP_AUTHORIZATION"]
    headers = {"Authorization": token, "Content-Type": "application/json"} | key
    body, together = json.dumps(report_body()).encode(), Barrier(AT_ONCE)

    def send(_number):
        together.wait(timeout=120)
        with urlopen(Request(f"{server}/api/v1/reports/", body, headers), timeout=60) as answer:
            replayed = answer.headers["Idempotency-Replayed"]
            return answer.status, replayed, json.load(answer)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))

    assert {status for status, _, _ in answers} == {201}
    assert sum(replayed is None for _, replayed, _ in answers) == 1
    assert all(content == answers[0][2] for _, _, content in answers)
    assert Report.objects.count() == Incident.objects.count() == Claim.objects.count() == 1
