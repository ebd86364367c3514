"""The web container's health check: leaves with 0 where this very server answers."""

import http.client
import os
import sys

# A name that Django lets in; ".example.org" and "*" stand for several.
host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=5)
connection.request("GET", "/healthz", headers={"Host": host})
sys.exit(connection.getresponse().status != 200)
