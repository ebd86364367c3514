"""Machine code that is kept belongs to the sources it came from, all of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).parents[3] / "scoring" / "engine"
WHERE = "from numba import config; import scoring.engine.compiled; print(config.CACHE_DIR)"


def _kept_at(root, cache):
    done = subprocess.run(
        [sys.executable, "-c", WHERE], cwd=root, capture_output=True, check=True, text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(root)},
    )  # fmt: skip
    return Path(done.stdout.strip())


def test_a_change_in_any_kernel_leaves_the_kept_code_behind(tmp_path):
    root, cache = tmp_path / "checkout", tmp_path / "cache"
    copy = root / "scoring" / "engine"
    shutil.copytree(ENGINE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "scoring" / "__init__.py").touch()
    before = _kept_at(root, cache)
    assert before.parent == cache
    assert _kept_at(root, cache) == before
    with (copy / "pieces.py").open("a") as file:
        file.write("# changed\n")
    assert _kept_at(root, cache) != before
