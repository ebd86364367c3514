"""What runs on this machine, from /proc: a process id in a file alone proves nothing."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path


def by_command(command: list[str]) -> list[int]:
    """Return the processes whose command line starts with ``command``, forked children included."""
    wanted = "".join(part + "\0" for part in command).encode()
    return [pid for pid, entry in _entries() if _read(entry / "cmdline").startswith(wanted)]


def by_folder(folder: Path, *programs: str) -> list[int]:
    """Return the live processes in ``folder``, of programs whose names start like ``programs``."""
    found = []
    for pid, entry in _entries():
        try:
            at_work = os.readlink(entry / "cwd") == str(folder)
            if at_work and Path(os.readlink(entry / "exe")).name.startswith(programs):
                found.append(pid)
        except OSError:  # gone, a zombie, or another user's
            continue
    return found


def signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal; who is gone already is passed over."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until something holds; return whether it does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _entries() -> list[tuple[int, Path]]:
    return [(int(path.name), path) for path in Path("/proc").glob("[0-9]*")]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
