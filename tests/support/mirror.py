"""The reference client of the change feed, as a module."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

PROGRAM = Path(__file__).parents[2] / "clients" / "harmwatch_mirror.py"


@cache
def mirror_program() -> ModuleType:
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("harmwatch_mirror", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
