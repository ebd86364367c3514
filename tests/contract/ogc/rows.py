"""Rows of the log with a feature of their kind."""

import json

import h3
from django.contrib.gis.geos import Point, Polygon

from core.ids import uuid7
from feed.models import Change, Kind, LogEntry


def log_row(audience, kind=Kind.INCIDENT, *, start, end=None, place=None, cell=None, **columns):
    """Write one row, not sealed: at a point (longitude, latitude), over an H3 cell, or nowhere."""
    id_ = uuid7()
    geometry = Point(*place, srid=4326) if place else None
    if cell:
        ring = [(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
        geometry = Polygon([*ring, ring[0]], srid=4326)
    terms = {"version": 1, "license": "CC-BY-4.0", "attribution": "Harmwatch"}
    feature = {
        "type": "Feature",
        "id": str(id_),
        "geometry": json.loads(geometry.geojson) if geometry else None,
        "properties": terms | {name: columns[name] for name in columns if name != "pcodes"},
    }
    return LogEntry.objects.create(
        audience=audience,
        kind=kind,
        object_id=id_,
        object_version=1,
        change=Change.CREATED,
        geometry=geometry,
        time_start=start,
        time_end=end or start,
        feature=json.dumps(feature),
        **columns,
    )
