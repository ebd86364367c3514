"""Tiles as GDAL reads them."""

import gzip

from django.contrib.gis.gdal import DataSource

TILES = "/tiles/incidents"


def decoded(body, folder):
    """Return a tile's points: (x, y, properties), x and y from its upper left corner, 0 to 4096."""
    path = folder / "tile.pbf"
    path.write_bytes(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    (layer,) = DataSource(str(path))
    points = []
    for feature in layer:
        values = {name: feature.get(name) for name in feature.fields if feature.get(name) != ""}
        points.append((feature.geom.x, 4096 - feature.geom.y, values))
    return points


def tile_at(client, folder, z, x, y, **query):
    answer = client.get(f"{TILES}/{z}/{x}/{y}.mvt", query)
    assert answer.status_code in (200, 204), answer.content
    return decoded(answer.content, folder) if answer.status_code == 200 else []
