"""start | stop | status | url: web, workers and beat of this checkout, as background processes.

A process is ours when its command line is the one we start, which names this checkout's own Python.
What runs is left alone unless the code, or the servers it talks to, changed.
"""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from local_state import KEY, ROOT, RUN, fail, locked, make_private
from process_table import by_command, signal_all, wait_for

PYTHON = str(ROOT / ".venv" / "bin" / "python")
GUNICORN = [PYTHON, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "-k", "gthread"]
GUNICORN += ["--forwarder-headers", ""]  # nobody before us speaks for SCRIPT_NAME
CELERY = [PYTHON, "-m", "celery", "-A", "config"]
WORKER = [*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
BEAT_FILE = RUN / "beat-schedule"
COMMANDS = {
    "web": [*GUNICORN, "--workers", "2", "--threads", "4", "--graceful-timeout", "20"],
    "worker-default": [*WORKER, "-Q", "default", "-c", "2", "-n", f"default@{KEY}"],
    "worker-imports": [*WORKER, "-Q", "imports", "-c", "1", "-n", f"imports@{KEY}"],
    "worker-webhooks": [*WORKER, "-Q", "webhooks", "-c", "1", "-n", f"webhooks@{KEY}"],
    "worker-scoring": [*WORKER, "-Q", "scoring", "-c", "1", "-n", f"scoring@{KEY}"],
    "beat": [*CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(BEAT_FILE)],
}
CODE = ("accounts", "config", "core", "feed", "incidents", "ledger", "monitor", "scoring")
READY_SECONDS = 120


def _fingerprint() -> str:
    """Return a digest of the code and of what the environment says; a new one means a restart."""
    digest = hashlib.sha256()
    files = [ROOT / "uv.lock", *(f for name in CODE for f in sorted((ROOT / name).rglob("*")))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            about = path.stat()
            digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "REDIS_PREFIX"):
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    digest.update((RUN / "env").read_bytes())
    return digest.hexdigest()


def _record(name: str) -> dict:
    try:
        return json.loads((RUN / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return {}


def _running(name: str) -> list[int]:
    """Return the processes, children included; also those that an older version started."""
    earlier = _record(name).get("command") or COMMANDS[name]
    return [*{*by_command(COMMANDS[name]), *by_command(earlier)}]


def _is_up(name: str) -> bool:
    return _record(name).get("pid") in _running(name)


def _stop(name: str) -> bool:
    """End a process and what is left of its children; return whether there was any."""
    pids = _running(name)
    if _is_up(name):
        signal_all([_record(name)["pid"]], signal.SIGTERM)
        wait_for(lambda: not _running(name), 30)
    while remaining := _running(name):
        signal_all(remaining, signal.SIGKILL)
        wait_for(lambda: not _running(name), 1)
    (RUN / f"{name}.pid").unlink(missing_ok=True)
    return bool(pids)


def _listen() -> socket.socket:
    """Return a listening socket on port 8000, or on the next free one."""
    for port in range(8000, 8100):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        return listener
    return fail("No port from 8000 to 8099 is free.")


def _start(name: str, fingerprint: str) -> None:
    command, passed, port = COMMANDS[name], [], None
    if name == "web":
        # The socket is handed over open, so that nobody can take the port in between.
        listener = _listen()
        port = listener.getsockname()[1]
        passed = [listener.fileno()]
        command = [*command, "--bind", f"fd://{listener.fileno()}"]
    elif name == "beat":
        for leftover in RUN.glob(f"{BEAT_FILE.name}*"):  # may be broken, and the code has it all
            leftover.unlink()
    log = RUN / "log" / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "HARMWATCH_MODE": "demo", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=passed,
        )
    record = {"pid": process.pid, "port": port, "command": command, "fingerprint": fingerprint}
    (RUN / f"{name}.pid").write_text(json.dumps(record))


def url() -> str:
    """Return where the web answers."""
    return f"http://127.0.0.1:{_record('web').get('port', 8000)}"


def _ready_answer() -> str:
    """Return what is wrong, or nothing; fail where a process ended."""
    for name in COMMANDS:
        if not _is_up(name):
            log = (RUN / "log" / f"{name}.log").read_text(errors="replace")
            fail(f"{name} ended by itself; the end of .run/log/{name}.log:\n{log[-3000:]}")
    try:
        with urllib.request.urlopen(f"{url()}/readyz", timeout=10):
            return ""
    except urllib.error.HTTPError as exc:
        answer = exc.read().decode(errors="replace")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            checks = json.loads(answer)["checks"].items()
            return "; ".join(f"{name}: {c['detail']}" for name, c in checks if not c["ok"])
        return f"{exc.code} {answer[:500]}"
    except OSError as exc:
        return str(exc)


def start() -> None:
    """Start what does not run, restart what runs old code, and wait until all is ready."""
    fingerprint = _fingerprint()
    stale = [n for n in COMMANDS if not _is_up(n) or _record(n).get("fingerprint") != fingerprint]
    for name in stale:
        _stop(name)
    for name in stale:
        _start(name, fingerprint)
    if not wait_for(lambda: not _ready_answer(), READY_SECONDS):
        fail(f"{url()}/readyz is not green after {READY_SECONDS} s. {_ready_answer()}")
    print(f"started: {', '.join(stale) or 'nothing, all runs'}")


def stop() -> None:
    """Stop all; beat first, so that nothing new is asked for."""
    ended = [name for name in reversed(COMMANDS) if _stop(name)]
    print(f"stopped: {', '.join(ended) or 'nothing, none ran'}")


def status() -> None:
    """Print what runs."""
    for name in COMMANDS:
        print(f"{name}: {'up' if _is_up(name) else 'down'}")


if __name__ == "__main__":
    actions = {"start": start, "stop": stop, "status": status, "url": lambda: print(url())}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        fail(__doc__ or "", 2)
    make_private(RUN / "log")
    with locked(RUN / "processes.lock"):
        actions[sys.argv[1]]()
