"""Let GeoDjango use the GDAL, GEOS and PROJ inside rasterio's wheel.

No system GDAL is needed then, and one process never maps two of them. ``rasterio`` must be imported
before Django opens the library (its wheel finds ``proj.db`` only then), and a foreign PROJ or GDAL
data path in the environment would break it. Tried and recorded in docs/adr/0004.
"""

import os
from pathlib import Path

for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH"):
    os.environ.pop(_name, None)

import rasterio  # noqa: E402

_LIBS = Path(rasterio.__file__).parent.parent / "rasterio.libs"


def _bundled(pattern: str) -> str | None:
    """Return the wheel's library, or None where rasterio was built against the system's."""
    found = sorted(_LIBS.glob(pattern))
    return str(found[0]) if found else None


GDAL_LIBRARY_PATH = _bundled("libgdal*")
GEOS_LIBRARY_PATH = _bundled("libgeos_c*")
