"""A reader who goes away in the middle of an export: the server goes on, and the place is free."""

import http.client
import json
import socket
import struct
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings

from feed import exports
from feed.formats import geojson
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from tests.feed.making import DAY
from tests.support.processes import ROOT, environment, wait_until
from tests.support.web import serving

EXPORT = "/api/v1/exports/incidents.geojson"
# Much more than the buffers of two sockets hold, so that the server is stopped in the middle.
ROWS, PADDING = 150, "x" * 200_000


@pytest.fixture
def much(committed_db):
    """30 MB to export."""
    feature = {"type": "Feature", "id": "x", "geometry": None, "properties": {"title": PADDING}}
    LogEntry.objects.bulk_create(
        LogEntry(
            audience=Audience.PUBLIC,
            kind=Kind.INCIDENT,
            object_id=uuid4(),
            object_version=1,
            change=Change.CREATED,
            time_start=DAY,
            time_end=DAY,
            feature=json.dumps(feature),
        )
        for _number in range(ROWS)
    )
    seal()
    return committed_db


def begun(url):
    """Begin an export, read a little of it; return the connection."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=120)
    connection.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
    return connection


def killed(connection):
    """End a connection as the death of its program does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answer_of(url):
    """Return the status of an export, and how many features a whole one has."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)) as connection:
        connection.request("GET", EXPORT, headers={"Host": "localhost"})
        answer = connection.getresponse()
        content = answer.read()
    return answer.status, len(json.loads(content).get("features", []))


@pytest.fixture
def gunicorn(much):
    """Serve as in production, by one process, so that it alone has the places."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"]
    options = ["--no-control-socket", "-k", "gthread", "--threads", "6"]
    server = subprocess.Popen([*command, *options], env=environment(much.name), cwd=ROOT)

    def listens():
        assert server.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(listens, "gunicorn listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(120)


def test_those_who_were_killed_leave_their_places_to_others(gunicorn):
    for _round in range(2):
        readers = [begun(gunicorn) for _number in range(settings.EXPORTS_AT_ONCE)]
        assert answer_of(gunicorn)[0] == 503
        for reader in readers:
            killed(reader)
        wait_until(lambda: answer_of(gunicorn) == (200, ROWS), "a place is free again")


def test_no_page_is_read_for_who_went_away_but_the_one_under_way(much, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(geojson, "_ROWS_AT_ONCE", 1)  # and as much is handed on at once
    pages, ends = [], []
    rows, close = exports.items_rows, exports.Export.close
    monkeypatch.setattr(exports, "items_rows", lambda *asked: pages.append(asked) or rows(*asked))
    monkeypatch.setattr(exports.Export, "close", lambda self: (close(self), ends.append(self)))
    with serving() as url:
        reader = begun(url)
        read = len(pages)
        killed(reader)
        wait_until(lambda: ends, "the export is closed")
        # Those that fitted into the buffers before it went, and one.
        after = len(pages)
        assert read <= after < ROWS
        assert answer_of(url) == (200, ROWS)
    # The second export alone read on.
    assert len(pages) == after + ROWS
