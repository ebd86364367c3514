"""BASE_URL COMMAND…: does Harmwatch answer there, fit for production, and do its main job?

COMMAND runs manage.py beside it (``docker compose run … manage``). The checks come as the reverse
proxy would send them: plain HTTP, saying that the client spoke https.
"""

import base64
import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

REPORT = Path(__file__).with_name("demo_report.json")
HOST = "harmwatch.test"
WAIT_SECONDS = 180

Manage = Callable[..., str]


class Harmwatch:
    """The service behind a pretended TLS proxy."""

    def __init__(self, base_url: str) -> None:
        self.address = urlsplit(base_url).netloc

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Return status and decoded answer (None where it is not JSON)."""
        sent = {"Host": HOST, "X-Forwarded-Proto": "https"} | headers
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(method, path, body, {k: v for k, v in sent.items() if v})
        response = connection.getresponse()
        content = response.read()
        is_json = "json" in response.headers.get_content_type()
        return response.status, json.loads(content) if is_json else None


def expect(title: str, got: Any, wanted: Any) -> None:
    """Say what was found; leave where it is not what was wanted."""
    print(f"{title}: {got}", flush=True)
    if got != wanted:
        raise SystemExit(f"{title}: wanted {wanted}, got {got}")


def wait_for(title: str, question: Callable[[], Any]) -> Any:
    """Ask until the answer is not empty."""
    start = time.monotonic()
    while not (answer := question()):
        if time.monotonic() - start > WAIT_SECONDS:
            raise SystemExit(f"{title}: not after {WAIT_SECONDS} s")
        time.sleep(0.5)
    print(f"{title}: after {time.monotonic() - start:.1f} s", flush=True)
    return answer


def ready(service: Harmwatch) -> Any:
    """Return what /readyz says where it is green, else nothing."""
    try:
        status, answer = service.call("GET", "/readyz")
    except OSError:
        return None
    return answer if status == 200 else None


def check(base_url: str, manage: Manage) -> None:
    """Go through everything, and leave with a message at what is not as it should be."""
    service = Harmwatch(base_url)
    answer = wait_for("/readyz is green", lambda: ready(service))
    for name, found in answer["checks"].items():
        print(f"  {name}: {found['detail']}")
    plain = {"X-Forwarded-Proto": ""}
    expect("plain http is sent on to https", service.call("GET", "/ogc/", **plain)[0], 301)
    expect("a foreign Host is refused", service.call("GET", "/ogc/", Host="other.test")[0], 400)
    for name in ("map.js", "page.js"):
        script = service.call("GET", f"/static/monitor/built/{name}")[0]
        expect(f"the pages' {name} is in the image", script, 200)
    manage("check", "--deploy", "--fail-level", "WARNING")
    print("fit for production: check --deploy")

    def token(role: str) -> dict[str, str]:
        who = ("--email", f"{role}@{HOST}", "--name", role, "--organisation", "Image test")
        return {"Authorization": "Bearer " + manage("issue_token", *who, "--role", role).strip()}

    submitter, monitor = token("submitter"), token("monitor")
    print(manage("make_demo_population", "--activate").strip())
    body = REPORT.read_bytes()
    json_body = {"Content-Type": "application/json", "Idempotency-Key": "image-test"}
    status, _ = service.call("POST", "/api/v1/reports/", body, **json_body)
    expect("a report without a token", status, 401)
    status, received = service.call("POST", "/api/v1/reports/", body, **json_body, **submitter)
    expect("a report with a token", status, 201)
    keys = service.call("GET", "/.well-known/harmwatch-keys.json")[1]["keys"]
    verify(received["receipt"], keys, body)
    incident = f"/api/v1/incidents/{received['incident']}/"
    figures = wait_for(
        "a worker has scored it",
        lambda: service.call("GET", f"{incident}exposure/", **monitor)[1].get("figures"),
    )
    for figure in figures:
        print(f"  {figure['best']:,.0f} people within {figure['radius_m']:,} m")
    publish(service, incident, monitor)
    item = f"/ogc/collections/incidents/items/{received['incident']}"
    wait_for("it is in the feed", lambda: service.call("GET", item)[0] == 200)
    print(manage("ledger_verify").strip())


def publish(service: Harmwatch, incident: str, monitor: dict[str, str]) -> None:
    """Grade and publish an incident, each on the version that is there."""
    for path, content in (("assessments/", {"grade": "fair"}), ("publish/", {})):
        version = service.call("GET", incident, **monitor)[1]["version"]
        body = json.dumps(content | {"reason": "image test"}).encode()
        headers = {"Content-Type": "application/json", "If-Match": f'"{version}"'} | monitor
        status, answer = service.call("POST", incident + path, body, **headers)
        if status >= 300:
            raise SystemExit(f"{path}: {status} {answer}")
    print("graded and published by a monitor")


def verify(receipt: dict[str, Any], keys: list[dict[str, str]], body: bytes) -> None:
    """Check a receipt with nothing but what was received."""
    statement = {name: value for name, value in receipt.items() if name != "signature"}
    public = next(key["x"] for key in keys if key["kid"] == receipt["key_id"])
    key = Ed25519PublicKey.from_public_bytes(decoded(public))
    key.verify(decoded(receipt["signature"]), rfc8785.dumps(statement))
    expect(
        "its receipt, signed, has the hash of what was sent",
        receipt["body_sha256"],
        hashlib.sha256(body).hexdigest(),
    )


def decoded(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def run(command: list[str], **options: Any) -> str:
    """Run a command and return what it prints; leave with its words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        shown = command[command.index("--") + 1 :] if "--" in command else command
        raise SystemExit(f"{' '.join(shown)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    command = sys.argv[2:]
    check(sys.argv[1], lambda *arguments: run([*command, *arguments]))
