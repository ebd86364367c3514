"""PostgreSQL and Redis of this machine in the place of those that docker/compose.yaml starts.

They listen where the containers would, ask for the same passwords, and are prepared by the same
docker/db-init.sh.
"""

import os
import shutil
import subprocess
from pathlib import Path

import private_postgres
from image_check import run


def start_postgres(folder: Path, secrets: Path, docker: Path) -> None:
    """Start a cluster of its own, over TCP with passwords."""
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")
    trust = ("--auth-local=trust", "--auth-host=scram-sha-256")
    private_postgres._run("initdb", "-D", folder / "data", "-U", "postgres", *trust)
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    private_postgres._run(
        "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start"
    )
    given = {"PGHOST": folder, "SECRETS": secrets, "ROLES_SQL": docker / "roles.sql"}
    run(
        [str(docker / "db-init.sh")],
        env=os.environ | {name: str(value) for name, value in given.items()},
    )


def start_redis(folder: Path, secrets: Path) -> None:
    """Start Redis with the settings file that holds its password. It keeps nothing."""
    server = shutil.which("redis-server") or shutil.which("valkey-server") or "redis-server"
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    subprocess.Popen([server, str(secrets / "redis.conf"), *options], stdout=subprocess.DEVNULL)
