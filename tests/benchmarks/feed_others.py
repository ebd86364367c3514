"""tipg and pygeoapi over the same table, each in an environment of its own that uv makes."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.processes import ROOT

TABLE = "feed_logentry"
COLUMNS = (
    *("grade", "weapon", "weapon_class", "time_start", "time_end", "country", "uncertainty_m"),
    *("killed_min", "killed_best", "killed_max", "civilians_killed_best"),
    *("exposure_1km", "exposure_2km", "exposure_5km"),
)
TIPG_COLLECTION = f"/collections/public.{TABLE}"
TIPG_ITEMS = f"{TIPG_COLLECTION}/items?datetime-column=time_start&properties={','.join(COLUMNS)}&"
TIPG_TILES = f"{TIPG_COLLECTION}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}"
PYGEOAPI_ITEMS = "/collections/incidents/items?f=json&"
MOST = 10_000


def uv() -> str | None:
    """Return the uv that fetches them, if there is one."""
    found = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    return found if Path(found).exists() else None


def _with(*packages: str) -> list[str]:
    command = [uv() or "", "run", "--isolated", "--no-project"]
    return [*command, *(part for name in packages for part in ("--with", name))]


def tipg(database: dict[str, Any], workers: int, port: int) -> tuple[list[str], dict[str, str]]:
    """Return tipg's command and environment; ``database`` is one of Django's."""
    user, host, name = (database[key] for key in ("USER", "HOST", "NAME"))
    where = f"{quote(host, safe='')}:{database['PORT'] or 5432}"
    url = f"postgresql://{user}:{database['PASSWORD'] or 'none'}@{where}/{name}"
    env = os.environ | {
        "DATABASE_URL": url,
        "TIPG_MAX_FEATURES_PER_QUERY": str(MOST),
        "TIPG_CATALOG_TTL": "36000",
    }
    command = [*_with("tipg", "uvicorn"), "uvicorn", "tipg.main:app", "--port", str(port)]
    return [*command, "--workers", str(workers), "--log-level", "warning"], env


def pygeoapi(
    database: dict[str, Any], workers: int, port: int, folder: Path
) -> tuple[list[str], dict[str, str]]:
    """Return pygeoapi's command and environment; it reads a file that names its own address."""
    url = f"http://127.0.0.1:{port}"
    person = {"name": "-", "url": url, "email": "-"}
    words = {"title": "incidents", "description": "incidents", "keywords": ["incidents"]}
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": database["HOST"],
            "port": int(database["PORT"] or 5432),
            "dbname": database["NAME"],
            "user": database["USER"],
            "password": database["PASSWORD"] or "none",
            "search_path": ["public"],
        },
        "id_field": "id",
        "table": TABLE,
        "geom_field": "geometry",
        "time_field": "time_start",
        "properties": list(COLUMNS),
    }
    config = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": MOST},
            "map": {"url": url, "attribution": "-"},
            "admin": False,
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **words,
                "keywords_type": "theme",
                "terms_of_service": "-",
                "url": url,
            },
            "license": {"name": "-", "url": url},
            "provider": person,
            "contact": person,
        },
        "resources": {
            "incidents": {
                "type": "collection",
                **words,
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
                "providers": [provider],
            }
        },
    }
    file, described = folder / "pygeoapi.json", folder / "pygeoapi-openapi.json"
    file.write_text(json.dumps(config))
    env = os.environ | {"PYGEOAPI_CONFIG": str(file), "PYGEOAPI_OPENAPI": str(described)}
    packages = _with("pygeoapi", "gunicorn", "sqlalchemy", "geoalchemy2", "psycopg2-binary")
    describe = [*packages, "pygeoapi", "openapi", "generate", str(file), "--format", "json"]
    with described.open("w") as written:
        subprocess.run(describe, env=env, stdout=written, check=True)
    serve = ["gunicorn", "pygeoapi.flask_app:APP", "-w", str(workers), "-b", f"127.0.0.1:{port}"]
    return [*packages, *serve], env
