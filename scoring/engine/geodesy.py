"""Lengths, areas and circles on the WGS 84 ellipsoid. Degrees in, metres (or km²) out."""

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

WGS84 = Geod(ellps="WGS84")
A = WGS84.a
E2 = WGS84.es
E = np.sqrt(E2)

CIRCLE_VERTICES = 360
# A polygon with its vertices on the circle is 5e-5 short of area at 360 vertices. Drawn at this
# factor of the radius it has just the circle's area, within 0.13 m of a 5 km circle everywhere and
# in and out of it by turns every 87 m, so that within a cell the differences cancel.
EQUAL_AREA_FACTOR = float(
    np.sqrt((2 * np.pi / CIRCLE_VERTICES) / np.sin(2 * np.pi / CIRCLE_VERTICES))
)


def curvature_radii(lat: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the radii of curvature M (north–south) and N (east–west), metres, at latitudes.

    Snyder, Map Projections: A Working Manual (USGS 1395, 1987), equations 4-18 and 4-20.
    """
    sine = np.sin(np.radians(np.asarray(lat, dtype=np.float64)))
    w2 = 1 - E2 * sine**2
    return A * (1 - E2) / w2**1.5, A / np.sqrt(w2)


def cell_areas_km2(south: npt.ArrayLike, north: npt.ArrayLike, width_deg: float) -> FloatArray:
    """Return the true area, km², of cells between two parallels and ``width_deg`` of longitude.

    Area = a²·Δλ·(q(north) − q(south))/2 with q of Snyder (1987), equation 3-12.
    """

    def q(lat: npt.ArrayLike) -> FloatArray:
        sine = np.sin(np.radians(np.asarray(lat, dtype=np.float64)))
        closed = sine / (1 - E2 * sine**2) + np.arctanh(E * sine) / E
        return np.asarray((1 - E2) * closed, dtype=np.float64)

    return A**2 * np.radians(width_deg) * (q(north) - q(south)) / 2e6


def circles(lon: FloatArray, lat: FloatArray, radius_m: FloatArray) -> npt.NDArray[np.object_]:
    """Return geodesic circles as polygons in degrees, one for each point; arrays are float64[n].

    Longitudes are on the turn of their point and run on past ±180 rather than jump, so every
    polygon is in one piece; a circle around a pole goes along it. Radii are metres above 0.
    """
    azimuths = np.linspace(0.0, 360.0, CIRCLE_VERTICES, endpoint=False)
    n = len(lon)
    ring_lon, ring_lat, _ = WGS84.fwd(
        np.repeat(lon, CIRCLE_VERTICES),
        np.repeat(lat, CIRCLE_VERTICES),
        np.tile(azimuths, n),
        np.repeat(radius_m * EQUAL_AREA_FACTOR, CIRCLE_VERTICES),
    )
    ring_lon = np.unwrap(ring_lon.reshape(n, -1), period=360.0)
    ring_lon += 360.0 * np.round((lon - ring_lon[:, 0]) / 360.0)[:, np.newaxis]
    ring_lat = ring_lat.reshape(n, -1)
    shapes = np.array(shapely.polygons(np.stack([ring_lon, ring_lat], axis=-1)), dtype=object)
    closing = ring_lon[:, 0] - ring_lon[:, -1]
    for i in np.flatnonzero(np.abs(closing) > 180.0):
        shapes[i] = _polar_cap(ring_lon[i], ring_lat[i])
    return shapes


def _polar_cap(ring_lon: FloatArray, ring_lat: FloatArray) -> shapely.Polygon:
    """Close a ring that goes once round the Earth by way of the pole it encloses."""
    pole = 90.0 if ring_lat.mean() > 0 else -90.0
    step = np.sign(ring_lon[-1] - ring_lon[0]) * 360.0
    first, last = ring_lon[0], ring_lon[0] + step
    ring = np.column_stack([ring_lon, ring_lat])
    return shapely.Polygon([*ring, (last, ring_lat[0]), (last, pole), (first, pole)])
