"""The guide's examples run as they stand."""

import html
import shutil
import subprocess

import pytest

from feed.sealing import seal
from tests.feed.making import entry
from tests.support.markup import Page
from tests.support.web import serving

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def test_every_example_runs_against_the_server_that_shows_it(committed_db, client, tmp_path):
    entry()
    seal()
    with serving() as url:
        shown = subprocess.run(
            ["curl", "-fsS", f"{url}/guide/"], capture_output=True, text=True, check=True
        ).stdout
        commands = [
            html.unescape(part.partition("</code>")[0]) for part in shown.split("<code>")[1:]
        ]
        commands = [command for command in commands if command.startswith("curl")]
        assert len(commands) >= 10
        assert len(Page(shown).all("pre")) == len(commands)
        for command in commands:
            ran = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=60
            )
            assert ran.returncode == 0, (command, ran.stderr)
            assert ran.stdout or "-o" in command or "-O" in command
    assert {path.name for path in tmp_path.iterdir()} == {
        "incidents.csv",
        "incidents.hxl.csv",
        "incidents.parquet",
        "harmwatch_mirror.py",
    }
