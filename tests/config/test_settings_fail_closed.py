"""What is missing or wrong stops the start, by its name."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
WHOLE = {
    "HARMWATCH_MODE": "production",
    "SECRET_KEY": "s" * 50,
    "SIGNING_KEY": KEY,
    "SEALING_KEY": OTHER_KEY,
    "DATABASE_URL": "postgresql://app@db.example/harmwatch",
    "ALLOWED_HOSTS": "harmwatch.example",
}
SHOW = "import config.settings as s; print(repr({expression}))"


def started(expression="s.MODE", **environment):
    """Read the settings in a process of its own, away from any local .run/env."""
    code = "import config.env as e; e._LOCAL.clear(); " + SHOW.format(expression=expression)
    kept = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_environment_starts():
    assert started(**WHOLE).stdout == "'production'\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "SIGNING_KEY", "SEALING_KEY"])
def test_production_refuses_to_start_without_a_key(name):
    answer = started(**{key: value for key, value in WHOLE.items() if key != name})
    assert answer.returncode != 0
    assert f"{name} is not set" in answer.stderr


def test_the_mode_is_production_unless_it_says_otherwise():
    answer = started(**{key: value for key, value in WHOLE.items() if key != "HARMWATCH_MODE"})
    assert answer.stdout == "'production'\n"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HARMWATCH_MODE", "live", "HARMWATCH_MODE"),
        ("SIGNING_KEY", "not base64!", "SIGNING_KEY must be base64"),
        ("SEALING_KEY", "c2hvcnQ=", "SEALING_KEY must be 32 bytes"),
        ("SEALING_KEY", KEY, "must be two keys"),
        ("RETIRED_PUBLIC_KEYS", "abc", "RETIRED_PUBLIC_KEYS must be"),
        ("DATABASE_URL", "postgresql://app@db.example", "must name its database"),
        ("DATABASE_URL", "mysql://x/y", "database URL cannot be read"),
        ("SECURE_SSL_REDIRECT", "maybe", "SECURE_SSL_REDIRECT must be true or false"),
        ("DATABASE_CONN_MAX_AGE", "long", "DATABASE_CONN_MAX_AGE must be a whole number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name, value, message):
    answer = started(**WHOLE | {name: value})
    assert answer.returncode != 0
    assert message in answer.stderr


def test_a_secret_is_read_from_its_file(tmp_path):
    (tmp_path / "secret").write_text("from-the-file\n")
    environment = {key: value for key, value in WHOLE.items() if key != "SECRET_KEY"}
    answer = started("s.SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "secret"), **environment)
    assert answer.stdout == "'from-the-file'\n"


@pytest.mark.parametrize("owner", ["", "postgresql://owner@db.example/harmwatch"])
def test_whoever_connects_the_application_steps_down(owner):
    given = WHOLE | ({"MIGRATION_DATABASE_URL": owner} if owner else {})
    answer = started("s.DATABASES['default']['OPTIONS']['options']", **given)
    assert "-c role=harmwatch_app" in answer.stdout
    owner = started("'options' in s.DATABASES['migration']['OPTIONS']", **WHOLE)
    assert owner.stdout == "False\n"


def test_debug_is_off_and_cookies_are_secure():
    answer = started("(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)", **WHOLE)
    assert answer.stdout == "(False, True, True)\n"
