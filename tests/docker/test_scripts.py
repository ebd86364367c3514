import base64
import http.server
import os
import shutil
import stat
import subprocess
import sys
import threading

import pytest

from config.env import database_from_url
from tests.docker.conftest import ROOT


@pytest.fixture
def make_secrets(tmp_path):
    """Return a function that runs a copy of docker/make-secrets, and the folder that it fills."""
    script = shutil.copy(ROOT / "docker" / "make-secrets", tmp_path)

    def run():
        subprocess.run([script], check=True, capture_output=True)

    return run, tmp_path / "secrets"


def contents(folder):
    return {path.name: path.read_text().strip() for path in folder.iterdir()}


def test_every_secret_of_compose_is_made(make_secrets, compose):
    run, folder = make_secrets
    run()
    assert contents(folder).keys() == compose["secrets"].keys()


def test_a_second_run_changes_nothing(make_secrets):
    run, folder = make_secrets
    run()
    (folder / "app_password").unlink()
    before = contents(folder)
    run()
    assert contents(folder).items() >= before.items()
    assert "app_password" in contents(folder)


def test_secrets_are_closed_to_others(make_secrets):
    run, folder = make_secrets
    run()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    if os.getuid() == 0:
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert (folder / "secret_key").stat().st_uid == 10001


def test_values_are_what_settings_read(make_secrets):
    run, folder = make_secrets
    run()
    made = contents(folder)
    assert len(made["secret_key"]) >= 50
    for name in ("signing_key", "sealing_key"):
        assert len(base64.b64decode(made[name], validate=True)) == 32
    for login in ("app", "owner"):
        url = made["database_url" if login == "app" else "migration_database_url"]
        read = database_from_url(url)
        assert read["USER"] == f"harmwatch_{login}"
        assert read["PASSWORD"] == made[f"{login}_password"]
        assert (read["HOST"], read["PORT"], read["NAME"]) == ("db", "5432", "harmwatch")
    password = made["redis.conf"].removeprefix("requirepass ")
    assert made["redis_url"] == f"redis://:{password}@redis:6379/0"


def health(port, hosts="harmwatch.test"):
    script = ROOT / "docker" / "healthcheck.py"
    environment = {"PORT": str(port), "ALLOWED_HOSTS": hosts}
    return subprocess.run(
        [sys.executable, script], env=environment, check=False, capture_output=True
    ).returncode


@pytest.mark.parametrize(
    ("status", "hosts", "wanted"),
    [
        (200, "harmwatch.test", 0),
        (200, ".harmwatch.test,other.test", 0),
        (200, "other.test", 1),
        (503, "harmwatch.test", 1),
    ],
)
def test_the_web_is_healthy_when_it_says_so(status, hosts, wanted):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            is_known = self.headers["Host"] == "harmwatch.test" and self.path == "/healthz"
            self.send_response(status if is_known else 400)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert health(server.server_port, hosts) == wanted


def test_a_web_that_does_not_answer_is_not_healthy():
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        port = server.server_port
    assert health(port) == 1
