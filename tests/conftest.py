"""What every test may use: a real PostGIS, a real Redis, and real worker processes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import current_app
from django.conf import settings
from hypothesis import settings as hypothesis_settings
from redis import Redis, RedisError

from config.env import celery_broker_url
from ledger import wake
from tests.support.databases import TestDatabases
from tests.support.processes import Child, PrivateRedis, Worker

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("harmwatch", deadline=None)
hypothesis_settings.load_profile("harmwatch")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """Return a function that finds a file of the shared test data, or skips the test."""

    def find(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"the shared test data ({name}) is not beside this checkout")
        return path

    return find


@pytest.fixture(scope="session")
def databases(django_test_environment: None, django_db_blocker: Any) -> Iterator[TestDatabases]:
    """Make this run's database, a copy of the migrated template."""
    with django_db_blocker.unblock():
        try:
            made = TestDatabases()
            made.start()
        except psycopg.Error as exc:
            pytest.exit(f"No test database can be made; make services prepares a server. {exc}", 2)
    yield made
    with django_db_blocker.unblock():
        made.close()


@pytest.fixture(scope="session")
def django_db_setup(databases: TestDatabases, redis_space: None) -> None:
    """Replace pytest-django's own set-up: tests connect as the application, which owns nothing."""


@pytest.fixture(scope="session")
def redis_space() -> Iterator[None]:
    """Make sure of Redis, and leave nothing of this run in it."""
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5)
    try:
        client.ping()
    except RedisError as exc:
        pytest.exit(f"Redis cannot be reached; make services starts one. {exc}", 2)
    yield
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*", count=1000):
        client.delete(key)
    client.close()


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest,
    databases: TestDatabases,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[TestDatabases]:
    """Let a test commit, use threads and start processes; afterwards the database is made anew."""
    if "db" in request.fixturenames:
        pytest.fail("committed_db and db exclude each other: db would roll back what is committed")
    with django_db_blocker.unblock():
        yield databases
        databases.switch_to_new()


@pytest.fixture
def superuser(committed_db: TestDatabases) -> Iterator[psycopg.Connection]:
    """Connect as a superuser, whom only triggers stop."""
    connection = committed_db.connect_as_superuser()
    if connection is None:
        pytest.skip("this server lets nobody in as a superuser without a password")
    with connection:
        yield connection


@pytest.fixture
def private_redis(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[PrivateRedis]:
    """Use a Redis of this test's own, to be stopped, hung or flushed."""
    if PrivateRedis.binary() is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    server = PrivateRedis(tmp_path_factory.mktemp("redis"))
    settings.REDIS_URL = server.url
    server.start()
    monkeypatch.setattr(wake, "_quiet_until", 0.0)
    monkeypatch.setattr(current_app.conf, "broker_url", celery_broker_url(server.url))
    current_app._after_fork()  # forget the connections to the other server
    try:
        yield server
    finally:
        server.stop()
        current_app._after_fork()


@pytest.fixture
def celery_worker(committed_db: TestDatabases, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Return a function that starts a worker: ``celery_worker("default,scoring", beat=True)``."""
    workers: list[Worker] = []

    def start(queues: str = "default", concurrency: int = 1, beat: bool = False) -> Worker:
        workers.append(Worker(committed_db.name, tmp_path, queues, concurrency, beat))
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def start_child(committed_db: TestDatabases) -> Iterator[Callable[..., Child]]:
    """Return a function that calls a dotted path in a process: ``start_child(path, *args)``."""
    children: list[Child] = []

    def start(function: str, *arguments: object) -> Child:
        children.append(Child(committed_db.name, function, *arguments))
        return children[-1]

    yield start
    for child in children:
        child.kill()


@pytest.fixture
def imports_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep files to be imported in a folder of the test's own, for its processes too."""
    folder = tmp_path / "imports"
    monkeypatch.setenv("IMPORTS_DIR", str(folder))
    ours = settings.STORAGES["imports"]
    own = ours | {"OPTIONS": ours["OPTIONS"] | {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"imports": own}
    return folder
