"""start | stop | status | destroy: the PostgreSQL and Redis of this checkout.

Where DATABASE_URL or REDIS_URL is set, that server is used, and none is started.
"""

import os
import shutil
import signal
import subprocess
import sys

import private_postgres
from local_state import fail, locked, make_private, socket_dir, state_dir, write_run_env
from process_table import by_folder, signal_all, wait_for

REDIS_DIR = state_dir() / "redis"
REDIS_SOCKET = socket_dir(REDIS_DIR, "redis") / "redis.sock"


def _redis_says(*command: str) -> str:
    """Return what Redis answers; nothing where it does not."""
    client = shutil.which("redis-cli") or shutil.which("valkey-cli")
    if client is None or not REDIS_SOCKET.exists():
        return ""
    asked = [client, "-s", str(REDIS_SOCKET), *command]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=10)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def _redis_answers() -> bool:
    return _redis_says("ping").strip() == "PONG"


def redis_start() -> dict[str, str]:
    """Start Redis where it does not run. It keeps nothing on disk: the database has all."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        fail("Neither redis-server nor valkey-server is installed.", 3)
    for folder in (REDIS_DIR, REDIS_SOCKET.parent):
        make_private(folder)
    if not _redis_answers():
        redis_stop()
        options = {
            "port": "0",
            "unixsocket": str(REDIS_SOCKET),
            "unixsocketperm": "700",
            "dir": str(REDIS_DIR),
            "logfile": str(REDIS_DIR / "redis.log"),
            "daemonize": "yes",
            "save": "",
            "appendonly": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        subprocess.run([server, *arguments], stdin=subprocess.DEVNULL, check=True)
        if not wait_for(_redis_answers, 20):
            fail(f"Redis does not answer; see {REDIS_DIR}/redis.log")
    return {"REDIS_URL": f"unix://{REDIS_SOCKET}?db=0"}


def redis_stop() -> None:
    """Stop Redis, also one that hangs or whose socket was deleted."""
    _redis_says("shutdown", "nosave")
    if not wait_for(lambda: not by_folder(REDIS_DIR, "redis", "valkey"), 5):
        signal_all(by_folder(REDIS_DIR, "redis", "valkey"), signal.SIGKILL)
    REDIS_SOCKET.unlink(missing_ok=True)


def start() -> None:
    """Start what is not given, and write ``.run/env``."""
    urls: dict[str, str] = {}
    if not os.environ.get("DATABASE_URL"):
        urls |= private_postgres.start()
    if not os.environ.get("REDIS_URL"):
        urls |= redis_start()
    write_run_env(urls)


def stop() -> None:
    """Stop both; data are kept."""
    redis_stop()
    private_postgres.stop()


def status() -> None:
    """Print what answers."""
    for name, answers, place in (
        ("PostgreSQL", private_postgres.is_up, private_postgres.SOCKET),
        ("Redis", _redis_answers, REDIS_SOCKET),
    ):
        print(f"{name}: {'up' if answers() else 'down'} ({place})")


def destroy() -> None:
    """Stop both and delete all data of this checkout, its keys included."""
    stop()
    private_postgres.destroy()
    for folder in (REDIS_SOCKET.parent, state_dir()):
        shutil.rmtree(folder, ignore_errors=True)
    print(f"deleted {state_dir()}")


if __name__ == "__main__":
    commands = {"start": start, "stop": stop, "status": status, "destroy": destroy}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        fail(__doc__ or "", 2)
    make_private(state_dir(), 0o711)
    with locked(state_dir() / "lock"):
        commands[sys.argv[1]]()
