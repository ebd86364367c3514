import re
import tomllib

import pytest

from scoring.engine.hazard import towns as hazard
from scoring.services import demo_layer
from tests.docker.conftest import ROOT

CODE = (ROOT / "docker" / "Dockerfile").read_text()
STAGES = re.split(r"^FROM ", CODE, flags=re.MULTILINE)[1:]


def instructions(name, text):
    return re.findall(rf"^{name} (.+)", text, flags=re.MULTILINE)


def test_the_base_can_be_chosen():
    assert instructions("ARG", CODE)[0].startswith("BASE=")
    assert STAGES[0].startswith("${BASE} AS base")


def test_the_image_is_not_run_as_root():
    uid, gid = instructions("USER", STAGES[-1])[-1].split(":")
    assert int(uid) >= 10000
    assert int(gid) >= 10000


def test_the_image_has_a_health_check_and_starts_without_a_shell():
    assert 'CMD ["python", "docker/healthcheck.py"]' in instructions("HEALTHCHECK", STAGES[-1])[0]
    assert instructions("CMD", STAGES[-1])[-1].startswith('["gunicorn", ')


def test_the_last_stage_takes_only_results():
    assert STAGES[-1].startswith("base\n")
    assert instructions("COPY", STAGES[-1]) == [
        "--from=build /opt/venv /opt/venv",
        "--from=build /app /app",
    ]


def test_no_key_is_given_at_build():
    given = [*instructions("ARG", CODE), *instructions("ENV", CODE)]
    assert not [text for text in given if re.search(r"KEY|PASSWORD|TOKEN|SECRET", text)]


@pytest.fixture(scope="module")
def ignore():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_what_is_not_named_stays_out(ignore):
    assert ignore[0] == "*"
    let_in = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    assert not {".", ".git", "tests", "docker", "docker/secrets", ".run", "scripts"} & let_in


def test_all_our_packages_come_in(ignore):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for package in project["tool"]["importlinter"]["root_packages"]:
        assert f"!{package}" in ignore


def test_every_list_of_cities_that_is_read_comes_in():
    removed = {int(least) for least in re.findall(r"cities(\d+)\.json", CODE)}
    assert removed
    assert "cities*" not in CODE
    assert not removed & {demo_layer.LEAST_PEOPLE, hazard.LEAST_PEOPLE}
