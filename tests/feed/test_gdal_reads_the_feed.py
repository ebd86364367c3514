"""GDAL's OGC API driver walks the feed over HTTP, as a partner's GIS does."""

import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connections

from accounts.models import Role
from config.wsgi import application
from feed.models import Audience
from feed.sealing import seal
from tests.factories import bearer, make_member
from tests.feed.making import entry

pytestmark = pytest.mark.skipif(
    shutil.which("ogr2ogr") is None, reason="ogr2ogr is not installed (Debian: gdal-bin)"
)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        """Keep the test's output clean."""


def serve(environ, start_response):
    try:
        return list(application(environ, start_response))
    finally:
        connections.close_all()


@contextmanager
def server():
    with make_server("127.0.0.1", 0, serve, handler_class=Quiet) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        try:
            yield f"OAPIF:http://127.0.0.1:{made.server_port}/ogc/"
        finally:
            made.shutdown()
            thread.join()


def read(url, *options):
    """Return the features that ogr2ogr copies out of the collection."""
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", url, "incidents", *options]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"ERROR" not in done.stderr
    return json.loads(done.stdout)["features"]


def test_gdal_walks_filters_and_authenticates(committed_db):
    made = [entry(43 + number / 100, 33) for number in range(25)]
    made.append(entry(None))
    partners = entry(audience=Audience.PARTNER)
    seal()
    token = bearer(make_member(Role.PARTNER))["HTTP_AUTHORIZATION"]
    with server() as url:
        walked = read(url, "-oo", "PAGE_SIZE=10")
        assert [f["properties"]["id"] for f in walked] == [str(row.object_id) for row in made]
        near = read(url, "-spat", "42.995", "32", "43.045", "34")
        assert [f["geometry"]["coordinates"][0] for f in near] == [43, 43.01, 43.02, 43.03, 43.04]
        chosen = read(url, "-where", f"id = '{made[3].object_id}'")
        assert [f["properties"]["id"] for f in chosen] == [str(made[3].object_id)]
        header = f"Authorization: {token}"
        (own,) = read(url, "--config", "GDAL_HTTP_HEADERS", header)
        assert own["properties"]["id"] == str(partners.object_id)
