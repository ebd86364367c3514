"""SCRATCH CONTAINER BUILDAH…: run the services of docker/compose.yaml without Docker; test them.

Run by scripts/image as the first process of namespaces of its own: nothing outside sees its ports,
and nothing of it stays when it ends. Our services run from the image, as compose.yaml says;
PostgreSQL and Redis are this machine's, with the roles, passwords and settings of compose.yaml's.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from image_check import HOST, check, expect, run, wait_for
from image_servers import start_postgres, start_redis

SCRATCH, CONTAINER, BUILDAH = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
SOURCE = SCRATCH / "source"
SECRETS = SCRATCH / "secrets"
USER = 10001
DATA = "/var/lib/harmwatch"
WRITABLE = [
    "/run/app",
    DATA,
    *(f"{DATA}-{name}" for name in ("copies", "evidence", "imports", "releases")),
]
GIVEN = {"ALLOWED_HOSTS": HOST, "PUBLIC_URL": f"https://{HOST}"}
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::[-?]([^}]*))?\}")

Service = dict[str, Any]


def filled_in(found: Any) -> Any:
    """Return a part of compose.yaml with its variables filled in."""
    if isinstance(found, dict):
        return {name: filled_in(part) for name, part in found.items()}
    if isinstance(found, list):
        return [filled_in(part) for part in found]
    if not isinstance(found, str):
        return found
    return VARIABLE.sub(lambda m: GIVEN.get(m[1], m[2] or "") if m[1] else "$", found)


def read_compose() -> dict[str, Service]:
    """Return the services that run from our image."""
    services = yaml.safe_load((SOURCE / "docker" / "compose.yaml").read_text())["services"]
    ours = {name: filled_in(one) for name, one in services.items()}
    return {name: one for name, one in ours.items() if one["image"].startswith("harmwatch:")}


def mounts(name: str, service: Service) -> list[str]:
    """Return what a service may see and where it may write, as buildah's options."""
    pairs = [(SECRETS / one, f"/run/secrets/{one}:ro") for one in service["secrets"]]
    for volume in service["volumes"]:
        source, target = volume.split(":", 1)
        pairs.append((owned_folder(SCRATCH / source), target))
    for target in service["tmpfs"]:
        path = target.split(":")[0]
        pairs.append((owned_folder(SCRATCH / name / path.strip("/")), path))
    return [part for source, target in pairs for part in ("--volume", f"{source}:{target}")]


def owned_folder(path: Path) -> Path:
    """Return a folder that belongs to the user of the image."""
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, USER, USER)
    return path


def inside(name: str, service: Service, command: list[str]) -> list[str]:
    """Return the command line that runs a command in a service's container."""
    variables = [f"--env={key}={value}" for key, value in service["environment"].items()]
    isolation = ["--isolation", "chroot", "--network", "host"]
    return [
        *BUILDAH,
        "run",
        *isolation,
        *variables,
        *mounts(name, service),
        CONTAINER,
        "--",
        *command,
    ]


def start_service(name: str, service: Service) -> "subprocess.Popen[bytes]":
    """Start one service in the background; its log is shown where something fails."""
    image = json.loads(run([*BUILDAH, "inspect", "--type", "container", CONTAINER]))
    command = service.get("command") or image["Docker"]["config"]["Cmd"]
    with (SCRATCH / f"{name}.log").open("wb") as log:
        return subprocess.Popen(inside(name, service, command), stdout=log, stderr=log)


def is_healthy(name: str, service: Service) -> bool:
    """Run a service's health check as the engine would."""
    kind, *test = service["healthcheck"]["test"]
    command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
    return not subprocess.run(inside(name, service, command), capture_output=True).returncode


def first_processes() -> list[int]:
    """Return the processes that are the first of their containers: children of buildah's helper."""
    parents, helpers = {}, set()
    for entry in Path("/proc").glob("[1-9]*"):
        with suppress(OSError):  # ended meanwhile
            pid = int(entry.name)
            parents[pid] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if (entry / "cmdline").read_bytes().startswith(b"buildah-"):
                helpers.add(pid)
    return [pid for pid, parent in parents.items() if parent in helpers and pid not in helpers]


def main() -> None:
    """Start everything, check it, and stop it as the engine would."""
    run(["ip", "link", "set", "lo", "up"])
    run([str(SOURCE / "docker" / "make-secrets"), str(SECRETS)])
    services = read_compose()
    start_postgres(SCRATCH / "postgres", SECRETS, SOURCE / "docker")
    start_redis(SCRATCH, SECRETS)
    migrate = services["migrate"]
    print(run(inside("migrate", migrate, migrate["command"])).splitlines()[-1].strip())
    running = {
        name: start_service(name, service)
        for name, service in services.items()
        if name not in {"migrate", "manage"}
    }

    def manage(*arguments: str) -> str:
        service = services["manage"]
        return run(inside("manage", service, [*service["entrypoint"], *arguments]))

    try:
        check("http://127.0.0.1:8000", manage)
        for name in running:
            wait_for(f"{name} is healthy", lambda name=name: is_healthy(name, services[name]))
        stop(running)
        root = run([*BUILDAH, "mount", CONTAINER]).strip()
        theirs = run(["find", root, "-xdev", "-uid", str(USER), "-printf", "/%P "]).split()
        expect("all that its user owns in the image", sorted(theirs), WRITABLE)
    except BaseException:
        for name in running:
            print(f"--- {name}\n{(SCRATCH / f'{name}.log').read_text()[-3000:]}")
        raise
    size = json.loads(run([*BUILDAH, "images", "--json", "harmwatch:latest"]))[0]["size"]
    print(f"image: {size}")


def stop(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Ask each service to end, as an engine does, and see that it does."""
    start = time.monotonic()
    for pid in first_processes():
        os.kill(pid, signal.SIGTERM)
    codes = {name: process.wait(60) for name, process in running.items()}
    expect("each ends by itself when asked to", codes, dict.fromkeys(running, 0))
    print(f"  after {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    main()
