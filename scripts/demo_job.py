"""URL TOKENS_FILE: the main job through the public door, once.

An organisation submits a report of a barrel bomb, a worker computes how many people live around
it, a monitor grades and publishes it, and a partner reads it from the feed. Run again, it finds
that done.
"""

import hashlib
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

REPORT = Path(__file__).with_name("demo_report.json")
WAIT_SECONDS = 120


def call(url: str, token: str = "", body: dict | None = None, **headers: str) -> Any:
    """Make one request and return the decoded answer; leave with the words of a refusal."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
    except urllib.error.HTTPError as exc:
        raise SystemExit(f"{request.get_method()} {url}: {exc.code} {exc.read().decode()}") from exc


def exists(url: str) -> bool:
    """Tell whether an address answers with 200, and not with 404."""
    try:
        with urllib.request.urlopen(url, timeout=30):
            return True
    except urllib.error.HTTPError as exc:
        if exc.code == 404:
            return False
        raise


def wait_for(what: str, question: Any) -> Any:
    """Ask until there is an answer."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.3)
    raise SystemExit(f"{what} was not there after {WAIT_SECONDS} s; see .run/log/")


def main(base: str, tokens_file: str) -> None:
    """Go through the job and say each step."""
    tokens = json.loads(Path(tokens_file).read_text())
    submitter, monitor = tokens["submitter"], tokens["monitor"]

    report = json.loads(REPORT.read_text())
    key = hashlib.sha256(json.dumps(report).encode()).hexdigest()[:16]  # one content, one report
    headers = {"Idempotency-Key": f"make-demo-{key}"}
    received = call(f"{base}/api/v1/reports/", submitter, report, **headers)
    incident_url = f"{base}/api/v1/incidents/{received['incident']}/"
    item_url = f"{base}/ogc/collections/incidents/items/{received['incident']}"
    print(f"submitted: report {received['id']}, with a signed receipt")

    exposure_url = f"{incident_url}exposure/"
    figures = wait_for("the exposure", lambda: call(exposure_url, monitor)["figures"])
    people = ", ".join(f"{f['best']:,.0f} within {f['radius_m'] / 1000:g} km" for f in figures)
    print(f"scored by a worker, on the demonstration layer: {people}")

    if not exists(item_url):
        seen = {"If-Match": f'"{call(incident_url, monitor)["version"]}"'}
        grade = {"grade": "fair", "reason": "A named hospital, one relay."}
        call(f"{incident_url}assessments/", monitor, grade, **seen)
        seen = {"If-Match": f'"{call(incident_url, monitor)["version"]}"'}
        call(f"{incident_url}publish/", monitor, {"reason": "make demo"}, **seen)
        print("graded and published by a monitor")
    wait_for("the incident in the feed", lambda: exists(item_url))
    print(f"in the feed: {item_url}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
