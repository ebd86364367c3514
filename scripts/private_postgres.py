"""A PostgreSQL cluster with PostGIS for this checkout alone, on a socket only its user may reach.

Without TCP there is no port to search for and no clash with another server. ``pg_ctl`` alone is
fooled by a process id that was used again or is a zombie, so what runs is looked up in /proc.
"""

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from local_state import ROOT, fail, make_private, socket_dir, state_dir
from process_table import by_folder, wait_for

BASE = state_dir() / "postgres"
DATA = BASE / "data"
SOCKET = socket_dir(BASE / "s", "pg")
LOG = BASE / "postgres.log"
READY = DATA / "harmwatch-ready"  # missing: the making of the cluster was cut off
PORT = "5432"  # names the socket; nothing listens on TCP
IS_ROOT = os.getuid() == 0
PROGRAM_FOLDERS = ("/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin")
CONFIGURATION = f"""
listen_addresses = ''
unix_socket_directories = '{SOCKET}'
port = {PORT}
max_connections = 200
shared_buffers = 256MB
jit = off
"""
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")


@functools.cache
def _programs() -> Path:
    """Return the folder of the newest server with PostGIS; a kept cluster keeps its version."""
    kept = (DATA / "PG_VERSION").read_text().strip() if READY.exists() else None
    found = {}
    for folder in (*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, PROGRAM_FOLDERS)):
        about = folder / "pg_config"
        if about.exists() and (folder / "initdb").exists():
            version = subprocess.check_output([about, "--version"], text=True).split()[1]
            share = Path(subprocess.check_output([about, "--sharedir"], text=True).strip())
            if (share / "extension" / "postgis.control").exists():
                found[version.split(".")[0]] = folder
    if kept and kept not in found:
        fail(
            f"The data in {DATA} are PostgreSQL {kept}'s, which is not installed with PostGIS.\n"
            f"Install it (Debian, Ubuntu: postgresql-{kept}-postgis-3), or delete all data of this "
            "checkout: python3 scripts/services.py destroy",
            3,
        )
    if not found:
        fail("No PostgreSQL server with PostGIS is installed; see scripts/ensure_packages.", 3)
    return found[kept or max(found, key=int)]


def _run(program: str, *arguments: str | Path, check: bool = True) -> Any:
    """Run one of the server's programs; as ``postgres`` for root, whom the server refuses."""
    become: dict[str, Any] = {}
    if IS_ROOT:
        become = {"user": "postgres", "group": "postgres", "extra_groups": []}
    result = subprocess.run(
        [_programs() / program, *arguments],
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/"},
        stdin=subprocess.DEVNULL,
        # A pipe would stay open in the server that pg_ctl starts.
        stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **become,
    )
    if check and result.returncode:
        log = LOG.read_text(errors="replace")[-3000:] if LOG.exists() else ""
        fail(f"{program} failed:\n{result.stdout or log}")
    return result


def is_up() -> bool:
    """Tell whether the server answers."""
    if not (SOCKET / f".s.PGSQL.{PORT}").exists():
        return False
    return _run("pg_isready", "-h", SOCKET, "-p", PORT, check=False).returncode == 0


def _is_alive() -> bool:
    """Tell whether postmaster.pid names a server that works on our data."""
    try:
        pid = int((DATA / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    return pid in by_folder(DATA, "postgres")


def _clear_stale() -> None:
    """Remove what a killed server left; its orphaned children must have gone first."""
    if not wait_for(lambda: not by_folder(DATA, "postgres"), 30):
        fail(f"Processes of a killed server still work on {DATA}: {by_folder(DATA, 'postgres')}")
    socket = SOCKET / f".s.PGSQL.{PORT}"
    for leftover in (DATA / "postmaster.pid", socket, Path(f"{socket}.lock")):
        leftover.unlink(missing_ok=True)


def _create() -> None:
    """Make the cluster; one that was cut off half-way is made anew."""
    stop()
    shutil.rmtree(DATA, ignore_errors=True)
    options = ("-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
    _run("initdb", "-D", DATA, "-U", "postgres", "-A", "trust", *options)
    with (DATA / "postgresql.conf").open("a") as handle:
        handle.write(CONFIGURATION)
    READY.touch()


def _prepare() -> None:
    """Make extensions, roles and database, each only where it is missing."""

    def psql(database: str, *commands: str) -> str:
        login = ("-h", SOCKET, "-p", PORT, "-U", "postgres", "-d", database)
        said = [part for command in commands for part in ("-c", command)]
        return _run("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *login, *said).stdout

    # PostGIS is not a trusted extension; in template1 it is in every database made from now on.
    create = [f"create extension if not exists {name}" for name in EXTENSIONS]
    psql("template1", "set client_min_messages = warning", *create)
    psql("postgres", (ROOT / "docker" / "roles.sql").read_text())
    if not psql("postgres", "select 1 from pg_database where datname = 'harmwatch'").strip():
        psql("postgres", "create database harmwatch owner harmwatch_owner")


def start() -> dict[str, str]:
    """Start the server where it does not run, and return the URLs of its two logins."""
    make_private(state_dir(), 0o711)
    for folder in (BASE, SOCKET):
        make_private(folder, owner="postgres" if IS_ROOT else None)
    if not READY.exists():
        _create()
    # Alive but silent: still starting, or its socket was deleted.
    if not is_up() and _is_alive() and not wait_for(is_up, 15):
        stop()
    if not is_up():
        _clear_stale()
        _run("pg_ctl", "-D", DATA, "-l", LOG, "-w", "-t", "120", "start")
    _prepare()
    where = f"host={SOCKET}&port={PORT}"
    return {
        "DATABASE_URL": f"postgresql://harmwatch_app@/harmwatch?{where}",
        "MIGRATION_DATABASE_URL": f"postgresql://harmwatch_owner@/harmwatch?{where}",
    }


def stop() -> None:
    """Stop the server; sessions that are still open are ended."""
    if DATA.is_dir():
        if _is_alive():
            _run("pg_ctl", "-D", DATA, "-m", "fast", "-w", "-t", "120", "stop")
        _clear_stale()


def destroy() -> None:
    """Stop the server and delete its data."""
    stop()
    for folder in (BASE, SOCKET):
        shutil.rmtree(folder, ignore_errors=True)
