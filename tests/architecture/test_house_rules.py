"""Rules of the house that a linter does not know."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver
from django.utils.module_loading import import_string

from config.consumers import CONSUMERS, SEALERS

ROOT = Path(__file__).parents[2]
APPS = ("core", "ledger", "accounts", "incidents", "scoring", "feed", "monitor", "config")
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
EDGE = [path for path in MODULES if "api" in path.parts or path.name in {"ogc.py", "views.py"}]


def test_imports_run_one_way():
    # In a process of its own: run here, it would silence our loggers for the tests that follow.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", EDGE, ids=lambda path: str(path.relative_to(ROOT)))
def test_views_reach_rows_through_selectors_only(path):
    tree = ast.walk(ast.parse(path.read_text()))
    used = [node.attr for node in tree if isinstance(node, ast.Attribute)]
    assert "objects" not in used
    assert "_default_manager" not in used


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small(path):
    assert len(path.read_text().splitlines()) <= 400


def test_every_consumer_has_a_queue_that_workers_serve():
    assert {consumer.queue for consumer in CONSUMERS} <= set(settings.CELERY_QUEUES)


def test_every_handler_and_sealer_is_there():
    for path in [*(consumer.handler for consumer in CONSUMERS), *SEALERS]:
        assert callable(import_string(path))


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _views(patterns, prefix=""):
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _views(entry.url_patterns, path)
        else:
            yield path, entry.callback


REST_VIEWS = [
    (path, view.cls)
    for path, view in _views(get_resolver("config.urls").url_patterns)
    if hasattr(view, "cls")
]


@pytest.mark.parametrize(("path", "view"), REST_VIEWS, ids=[path for path, _ in REST_VIEWS])
def test_every_rest_view_says_who_may(path, view):
    ours = [base for base in view.__mro__ if not base.__module__.startswith("rest_framework")]
    said = {name for base in ours for name in vars(base)}
    assert said & {"permission_classes", "get_permissions"}


def test_nobody_empties_a_redis_but_one_of_their_own():
    """Others share it: what one run or program keeps goes by its prefix."""
    own = {ROOT / "tests" / "support" / "processes.py", Path(__file__)}
    folders = [*APPS, "tests", "clients", "scripts", "docker"]
    found = (path for name in folders for path in (ROOT / name).rglob("*"))
    files = {
        path for path in found if path.is_file() and not {"node_modules", "built"} & {*path.parts}
    }
    words = (b"flushdb", b"flushall", b"cache.clear(")
    found = [
        path for path in files - own if any(word in path.read_bytes().lower() for word in words)
    ]
    assert found == []
