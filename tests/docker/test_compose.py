import re

import pytest
from django.conf import settings

JOBS = {"migrate", "manage"}
# What names a secret, and the settings that look like one but are public.
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|DATABASE_URL|REDIS_URL")
PUBLIC = {"RETIRED_PUBLIC_KEYS"}


def served_queues(service):
    command = service.get("command", [])
    return command[command.index("-Q") + 1].split(",") if "-Q" in command else []


def test_every_queue_has_a_worker_of_its_own(ours):
    served = [served_queues(service) for service in ours.values() if served_queues(service)]
    assert sorted(served) == sorted([queue] for queue in settings.CELERY_QUEUES)


def test_a_worker_is_asked_by_the_name_it_bears(ours):
    for name, service in ours.items():
        if served_queues(service):
            node = service["command"][service["command"].index("-n") + 1].removesuffix("%h")
            assert f"--destination {node}$$(uname -n)" in service["healthcheck"]["test"][1], name


def test_there_is_web_and_one_beat(ours):
    assert "web" in ours
    assert sum("beat" in service.get("command", []) for service in ours.values()) == 1
    assert "deploy" not in ours["beat"]


def test_all_but_jobs_have_a_health_check_and_are_started_again(services):
    for name, service in services.items():
        if name in JOBS:
            assert service["restart"] == "no", name
        else:
            assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}, name
            assert service["restart"] == "unless-stopped", name


def test_nothing_starts_before_the_tables_are_there(ours):
    for name in ours.keys() - JOBS:
        condition = ours[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully", name


def test_no_secret_is_in_an_environment_value(services):
    for name, service in services.items():
        for variable, value in service["environment"].items() if "environment" in service else ():
            if SECRET.search(variable) and variable not in PUBLIC:
                assert variable.endswith("_FILE"), (name, variable)
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, variable)


def test_secrets_come_from_files(compose):
    for name, source in compose["secrets"].items():
        assert source == {"file": f"${{HARMWATCH_SECRETS:-./secrets}}/{name}"}


@pytest.mark.parametrize(
    ("secret", "holders"),
    [
        ("migration_database_url", {"migrate"}),
        ("owner_password", {"db"}),
        ("app_password", {"db"}),
        ("postgres_password", {"db"}),
        ("redis.conf", {"redis"}),
    ],
)
def test_only_those_who_need_it_hold(services, secret, holders):
    found = {name for name, service in services.items() if secret in service["secrets"]}
    assert found == holders


def test_all_run_as_production(ours):
    assert {service["environment"]["HARMWATCH_MODE"] for service in ours.values()} == {"production"}


def test_no_container_can_do_more_than_it_must(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "devices", "network_mode", "pid"} & service.keys()


def test_only_the_web_is_reached_and_only_from_this_host(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${HARMWATCH_PORT:-8000}:8000"]}


def test_only_web_and_webhooks_are_not_shut_in(compose, services):
    assert compose["networks"]["back"] == {"internal": True}
    out = {name for name, service in services.items() if service["networks"] != ["back"]}
    assert out == {"web", "worker-webhooks"}


def test_layers_are_written_by_commands_alone(ours):
    writers = {name for name, one in ours.items() if "layers:/var/lib/harmwatch" in one["volumes"]}
    assert writers == {"manage"}
    for name in ("web", "worker-default", "worker-scoring"):
        assert "layers:/var/lib/harmwatch:ro" in ours[name]["volumes"]


def test_files_to_be_imported_are_shared_by_who_takes_them_and_the_worker_of_imports(compose, ours):
    mount = "imports:/var/lib/harmwatch-imports"
    sharing = {name for name, one in ours.items() if mount in one["volumes"]}
    assert sharing == {"web", "worker-imports", "manage"}
    assert "imports" in compose["volumes"]


@pytest.mark.parametrize(
    ("volume", "writer", "reader"),
    [("evidence", "web", "worker-default"), ("copies", "worker-default", "web")],
)
def test_originals_are_written_by_web_alone_and_copies_by_one_worker(
    compose, ours, volume, writer, reader
):
    mount = f"{volume}:/var/lib/harmwatch-{volume}"
    assert {name for name, one in ours.items() if mount in one["volumes"]} == {writer}
    assert {name for name, one in ours.items() if f"{mount}:ro" in one["volumes"]} == {reader}
    assert volume in compose["volumes"]
