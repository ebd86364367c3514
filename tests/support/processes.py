"""Real processes for tests: workers, short programs, and a Redis of one's own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from redis import Redis, RedisError

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 180.0


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Return the first true value of ``condition``; ``AssertionError`` if it takes too long."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)
    return value


def environment(database: str) -> dict[str, str]:
    """Return the environment in which a process shares this run's database and Redis."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "TEST_DATABASE_NAME": database,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "REDIS_URL": settings.REDIS_URL,
        "LEDGER_CONSUMERS": settings.LEDGER_CONSUMERS,
        "LEDGER_SEALERS": settings.LEDGER_SEALERS,
    }


class Child:
    """A process that calls a function of the project or of its tests, by dotted path."""

    def __init__(self, database: str, function: str, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.call", function, *map(str, arguments)],
            env=environment(database),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for a condition, but only as long as the process runs."""

        def still_runs() -> Any:
            if self._process.poll() is not None:
                raise AssertionError(f"{what}: it ended. {self._process.communicate()[0]}")
            return condition()

        return wait_until(still_runs, what)

    def result(self) -> str:
        """Wait for its end; return what it printed. ``AssertionError`` where it failed."""
        output, _ = self._process.communicate(timeout=PATIENCE_S)
        assert self._process.returncode == 0, output
        return output

    def died(self) -> bool:
        """Wait for its end; tell whether a signal killed it."""
        self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode == -signal.SIGKILL

    def kill(self) -> None:
        """End it at once."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate(timeout=PATIENCE_S)


class Worker:
    """A Celery worker on the run's database and Redis."""

    def __init__(
        self, database: str, folder: Path, queues: str, concurrency: int, beat: bool
    ) -> None:
        self.log = folder / f"worker-{uuid4().hex[:8]}.log"
        command = ["celery", "-A", "config", "worker", "--queues", queues]
        command += ["--concurrency", str(concurrency), "--hostname", f"{uuid4().hex}@test"]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        if beat:
            command += ["--beat", "--schedule", str(folder / "beat")]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environment(database),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._is_ready, f"a worker that is ready, see {self.log}")

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        return " ready." in self.log.read_text()

    def stop(self) -> None:
        """Have it end what it does and leave."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()
                raise

    def kill(self) -> None:
        """End it and its children at once, as a machine that loses its power would."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE_S)


class PrivateRedis:
    """A Redis server of one's own, to be stopped, hung and flushed."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}?db=0"
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def binary() -> str | None:
        """Return the server's program; None where there is none."""
        return shutil.which("redis-server") or shutil.which("valkey-server")

    def client(self) -> "Redis":
        """Return a client."""
        return Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        """Start it, empty."""
        options = [
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = subprocess.Popen(
            [str(self.binary()), *options], stdout=subprocess.DEVNULL, cwd=self.socket.parent
        )
        wait_until(self._answers, "a Redis that answers")

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except RedisError:
            return False

    def flush(self) -> None:
        """Forget everything, queued messages included."""
        with self.client() as client:
            client.flushall()

    def hang(self) -> None:
        """Take connections, but answer none."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        """End it at once."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE_S)
