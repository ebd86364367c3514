"""Where this checkout keeps what must outlive it, and what ``.run/env`` hands to Django.

Servers' data lie outside of the checkout: the ``postgres`` user cannot enter a folder that only
root may read, and ``git clean`` must not delete a database. The folder is named after the
checkout's real path, so that two clones never share one.
"""

import base64
import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
KEY = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
SOCKET_PATH_LIMIT = 90  # the kernel's is 107 bytes, and the server adds a file name


def fail(message: str, status: int = 1) -> NoReturn:
    """Say what is wrong and leave."""
    print(message, file=sys.stderr)
    raise SystemExit(status)


def state_dir() -> Path:
    """Return this checkout's folder for data that outlive it."""
    if given := os.environ.get("HARMWATCH_STATE_DIR"):
        base = Path(given).absolute()
    elif os.getuid() == 0:
        base = Path("/var/lib/harmwatch")
    else:
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        base = Path(home) / "harmwatch"
    return base / KEY


def make_private(folder: Path, mode: int = 0o700, owner: str | None = None) -> Path:
    """Create a folder that is ours, or say why not. Root may name another ``owner``."""
    try:
        uid = pwd.getpwnam(owner).pw_uid if owner else os.getuid()
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        if folder.stat().st_uid not in {uid, os.getuid()}:
            fail(f"{folder} belongs to another user.")
        folder.chmod(mode)
        os.chown(folder, uid, -1)
    except KeyError:
        fail(f"There is no user {owner!r}, as whom root could run the server.")
    except OSError as exc:
        fail(
            f"{folder} cannot be used: {exc.strerror}.\n"
            "Harmwatch keeps the data of its own PostgreSQL and Redis there. Name a writable "
            "folder in HARMWATCH_STATE_DIR, or set DATABASE_URL and REDIS_URL to other servers."
        )
    return folder


def socket_dir(wanted: Path, name: str) -> Path:
    """Return ``wanted`` for a socket, or a short plain path where it would not do in a URL."""
    plain = str(wanted).isascii() and not set(str(wanted)) & set(" %?#&=,'\"\\@")
    if plain and len(str(wanted)) <= SOCKET_PATH_LIMIT:
        return wanted
    return Path(f"/tmp/harmwatch-{os.getuid()}-{KEY}-{name}")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock; it ends with the process, and the servers that it starts do not inherit it."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read_values(path: Path) -> dict[str, str]:
    """Read ``KEY=VALUE`` lines; an absent file has none."""
    if not path.is_file():
        return {}
    pairs = (
        line.split("=", 1)
        for line in path.read_text().splitlines()
        if "=" in line and line[0] != "#"
    )
    return dict(pairs)


def write_values(path: Path, values: dict[str, str], comment: str) -> None:
    """Write ``KEY=VALUE`` lines that only this user may read, all or nothing."""
    text = f"# {comment}\n" + "".join(f"{name}={value}\n" for name, value in values.items())
    if path.is_file() and path.read_text() == text:
        return
    scratch = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    scratch.replace(path)


def keys() -> dict[str, str]:
    """Return this checkout's keys, made once; they lie beside the data that they sign and seal."""
    path = state_dir() / "keys"
    values = read_values(path)
    for name in ("SECRET_KEY", "SIGNING_KEY", "SEALING_KEY"):
        values.setdefault(name, base64.b64encode(secrets.token_bytes(32)).decode())
    write_values(
        path, values, "made once by scripts/services.py; without it sealed content cannot be read"
    )
    return values


def write_run_env(urls: dict[str, str]) -> None:
    """Write ``.run/env``. URLs of servers that were not started now are kept as they were."""
    path = make_private(RUN) / "env"
    before = {name: value for name, value in read_values(path).items() if name.endswith("_URL")}
    values = {
        "HARMWATCH_MODE": "demo",
        "REDIS_PREFIX": f"harmwatch-{KEY}",
        **before,
        **urls,
        **keys(),
    }
    write_values(path, values, "written by scripts/services.py; the environment goes before it")
