"""Typed reading of the environment.

A value is looked for as ``NAME``, then in the file that ``NAME_FILE`` points to (container
secrets), then in ``.run/env``, which ``make services`` writes so that ``manage.py`` works without
any set-up. A value that cannot be read raises ``ImproperlyConfigured``; nothing is guessed.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_ENV_FILE = BASE_DIR / ".run" / "env"


def _local_values() -> dict[str, str]:
    if not LOCAL_ENV_FILE.is_file():
        return {}
    lines = LOCAL_ENV_FILE.read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    values = {name.strip(): value.strip() for name, value in pairs}
    if {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys():
        # Whoever names another server means its tables too, not those of the private one.
        values.pop("MIGRATION_DATABASE_URL", None)
    return values


_LOCAL = _local_values()


def env_str(name: str, default: str | None = None) -> str:
    """Return the value of ``name``; ``ImproperlyConfigured`` where there is none and no default."""
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as exc:
            raise ImproperlyConfigured(f"{name}_FILE: {exc}") from exc
    if name in _LOCAL:
        return _LOCAL[name]
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE)")
    return default


def env_bool(name: str, default: bool) -> bool:
    """Return a yes/no value; only 1/true/yes/on and 0/false/no/off are understood."""
    raw = env_str(name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}")


def env_int(name: str, default: int) -> int:
    """Return a whole number."""
    raw = env_str(name, str(default))
    try:
        return int(raw)
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}") from exc


def env_list(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty items."""
    return [item.strip() for item in env_str(name, default).split(",") if item.strip()]


def database_from_url(url: str) -> dict[str, Any]:
    """Turn any libpq connection URL (sockets included) into one entry of ``DATABASES``."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as exc:
        raise ImproperlyConfigured(f"a database URL cannot be read: {exc}") from exc
    config: dict[str, Any] = {"ENGINE": "config.postgis"}
    for ours, libpq in {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }.items():
        config[ours] = str(parts.pop(libpq, "") or "")
    if not config["NAME"]:
        raise ImproperlyConfigured("a database URL must name its database")
    config["OPTIONS"] = {name: value for name, value in parts.items() if value is not None}
    return config


def celery_broker_url(redis_url: str) -> str:
    """Rewrite redis-py's ``unix://PATH?db=N`` as kombu's ``redis+socket://PATH?virtual_host=N``."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = [
        ("virtual_host" if key == "db" else key, value) for key, value in parse_qsl(parts.query)
    ]
    return f"redis+socket://{parts.path}?{urlencode(query)}"
