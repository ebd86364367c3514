"""How kernels are compiled, and where their machine code is kept."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import config

# No fast-math and no fused operations: the same bits on every machine.
COMPILE: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}

# Numba tells stale machine code by the file of the outermost kernel alone. A change in any kernel
# must begin anew, or figures would come from the old one without a word.
_HERE = Path(__file__).parent
_SOURCES = b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
_kept = getattr(config, "CACHE_DIR", "") or _HERE / "__pycache__"
setattr(config, "CACHE_DIR", str(Path(_kept) / sha256(_SOURCES).hexdigest()[:12]))  # noqa: B010
