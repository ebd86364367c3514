import pytest

from config import env


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://localhost:6379/3", "redis://localhost:6379/3"),
        ("unix:///run/r.sock?db=2", "redis+socket:///run/r.sock?virtual_host=2"),
    ],
)
def test_celery_gets_the_broker_url_it_understands(url, broker):
    assert env.celery_broker_url(url) == broker


def test_another_server_leaves_the_private_ones_owner_out(tmp_path, monkeypatch):
    local = tmp_path / "env"
    local.write_text("DATABASE_URL=a\nMIGRATION_DATABASE_URL=b\nREDIS_URL=c\n")
    monkeypatch.setattr(env, "LOCAL_ENV_FILE", local)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert env._local_values()["MIGRATION_DATABASE_URL"] == "b"
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    assert "MIGRATION_DATABASE_URL" not in env._local_values()
    assert env._local_values()["REDIS_URL"] == "c"


def test_a_socket_url_becomes_a_database(monkeypatch):
    config = env.database_from_url("postgresql://me@/mine?host=/run/pg&sslmode=disable")
    assert (config["NAME"], config["USER"], config["HOST"]) == ("mine", "me", "/run/pg")
    assert config["OPTIONS"] == {"sslmode": "disable"}
