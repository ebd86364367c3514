import json

import pytest

from incidents.boundary_fields import FieldChoice
from incidents.boundary_files import boundary_file_read
from incidents.services.boundaries import About, boundaries_activate, boundaries_import


def square(west, south, east, north):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def unit(pcode, coordinates, *, name="A place", kind="Polygon", **properties):
    geometry = None if coordinates is None else {"type": kind, "coordinates": coordinates}
    properties = {"PCODE": pcode, "NAME_EN": name, **properties}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def boundary_file(tmp_path):
    """Write features as a GeoJSON file."""

    def write(*features, name="units.geojson", **members):
        path = tmp_path / name
        content = {"type": "FeatureCollection", "features": features, **members}
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(db, boundary_file):
    """Import features as one level of a release, and put it in force unless told otherwise."""

    def load(name, *features, level=0, country="", activate=True, about=None):
        path = boundary_file(*features)
        draft = boundary_file_read(path, level=level, country=country, choice=FieldChoice())
        imported = boundaries_import(name=name, draft=draft, about=about or About())
        if activate:
            boundaries_activate(name=name)
        return imported

    return load
