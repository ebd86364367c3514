"""The referee: geodesic circles as very fine polygons, summed by exactextract."""

import numpy as np
import shapely

from scoring.engine.exposure import populations_in
from scoring.engine.geodesy import WGS84

VERTICES = 2880


def fine_circle(lon, lat, radius):
    """Return a polygon (degrees) with its vertices on the geodesic circle."""
    azimuths = np.linspace(0, 360, VERTICES, endpoint=False)
    ring = WGS84.fwd(
        *(np.full(VERTICES, x) for x in (lon, lat)), azimuths, np.full(VERTICES, radius)
    )
    return shapely.Polygon(np.column_stack([np.unwrap(ring[0], period=360), ring[1]]))


def fine_sums(layer, lon, lat, radii):
    """Return the people in each disc, float64[n, len(radii)]."""
    return np.column_stack([
        populations_in(layer, [fine_circle(x, y, r) for x, y in zip(lon, lat, strict=True)])
        for r in radii
    ])  # fmt: skip


def assert_agree(ours, referee, tolerance=1e-5):
    """Fail where a sum is off by more than that part of itself, or of one person."""
    assert (np.abs(ours - referee) <= tolerance * np.maximum(referee, 1.0)).all()
