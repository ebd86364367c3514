"""GDAL reads the feed over HTTP, as a partner's GIS does: its OGC API driver and its tiles driver.

The library is the one in pyogrio, in a process of its own; ``ogr2ogr`` and ``ogrinfo`` where they
are installed.
"""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from accounts.models import Role
from feed.models import Audience
from feed.sealing import seal
from tests.contract.ogc.rows import log_row
from tests.factories import bearer, make_member
from tests.support.web import serving

READ = """
import json, sys
import pyogrio.raw
path, options = sys.argv[1], json.loads(sys.argv[2])
if "bbox" in options:
    options["bbox"] = tuple(options["bbox"])
about, _numbers, geometry, fields = pyogrio.raw.read(path, **options)
columns = dict(zip(about["fields"], ([str(value) for value in field] for field in fields)))
types = dict(zip(about["fields"], about["ogr_types"]))
places = sum(one is not None for one in geometry)
print(json.dumps({"columns": columns, "types": types, "places": places}))
"""
needs_programs = pytest.mark.skipif(
    shutil.which("ogr2ogr") is None, reason="ogr2ogr is not installed (Debian: gdal-bin)"
)


@pytest.fixture
def rows(committed_db):
    """Publish 25 strikes along a line, one without a place, and one for partners alone.

    The one without a place comes last, and has properties that no other has.
    """
    made = [
        log_row(
            Audience.PUBLIC,
            start=datetime(2014, 5, 1 + number, tzinfo=UTC),
            place=(43 + number / 100, 33),
            grade="fair",
            country="IQ" if number < 20 else "SY",
            killed_best=number,
        )
        for number in range(25)
    ]
    nowhere = log_row(
        Audience.PUBLIC,
        start=datetime(2014, 4, 1, tzinfo=UTC),
        grade="weak",
        injured_best=7,
        uncertainty_m=1000,
        targets=["market", "medical"],
    )
    log_row(Audience.PARTNER, start=datetime(2014, 4, 1, tzinfo=UTC), place=(43, 33))
    seal()
    return [*made, nowhere]


@pytest.fixture
def asked():
    return []


@pytest.fixture
def feed_url(rows, asked):
    with serving(asked) as url:
        yield url


def read(path, **options):
    command = [sys.executable, "-c", READ, path, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def ids_of(rows):
    return sorted(str(row.object_id) for row in rows)


def test_the_driver_copies_a_collection_of_several_pages_and_hands_a_box_on(feed_url, rows, asked):
    found = read(f"OAPIF:{feed_url}/ogc/", layer="incidents", PAGE_SIZE="10")
    assert sorted(found["columns"]["id"]) == ids_of(rows)
    assert found["places"] == 25
    assert sum("/items?" in one and "cursor=" in one for one in asked) == 2
    found = read(f"OAPIF:{feed_url}/ogc/", layer="incidents", bbox=[42.995, 32, 43.045, 34])
    assert sorted(found["columns"]["id"]) == ids_of(rows[:5])
    assert any("bbox=" in one for one in asked)


OF_THE_LAST = {"injured_best": "Integer", "uncertainty_m": "Real", "targets": "StringList"}


def test_the_driver_loses_no_property_that_only_later_features_have(feed_url, rows):
    """It looks at 20 features for what has no schema; then the last one's would be lost."""
    url = f"OAPIF:{feed_url}/ogc/"
    guessed = read(url, layer="incidents", IGNORE_SCHEMA="YES")
    assert not OF_THE_LAST.keys() & guessed["columns"].keys()
    found = read(url, layer="incidents")
    types = {name: found["types"][name].removeprefix("OFT") for name in OF_THE_LAST}
    assert types == OF_THE_LAST
    last = found["columns"]["id"].index(str(rows[-1].object_id))
    values = {name: found["columns"][name][last] for name in OF_THE_LAST}
    assert (float(values["injured_best"]), float(values["uncertainty_m"])) == (7, 1000)
    assert "market" in values["targets"]
    assert "medical" in values["targets"]


def test_the_driver_knows_the_properties_of_what_is_empty(feed_url):
    found = read(f"OAPIF:{feed_url}/ogc/", layer="risk-cells")
    assert found["types"]["residents"] == "OFTReal"
    assert found["types"]["origin"] == "OFTDate"


CONDITIONS = [
    ("country = 'SY'", slice(20, 25)),
    ("killed_best >= 22 AND country = 'SY'", slice(22, 25)),
    ("country IN ('SY', 'FJ') AND NOT killed_best = 20", slice(21, 25)),
    ("grade LIKE 'we%'", slice(25, 26)),
    ("killed_best BETWEEN 5 AND 7", slice(5, 8)),
    ("killed_best IS NULL", slice(25, 26)),
]


def test_the_driver_finds_what_a_condition_says(feed_url, rows):
    for where, expected in CONDITIONS:
        found = read(f"OAPIF:{feed_url}/ogc/", layer="incidents", where=where)
        assert sorted(found["columns"]["id"]) == ids_of(rows[expected]), where


def test_the_driver_hands_equalities_on(feed_url, rows, asked):
    """As parameters: CQL2 it writes only for drafts of the standard."""
    where = "country = 'SY' AND killed_best >= 22"
    read(f"OAPIF:{feed_url}/ogc/", layer="incidents", where=where)
    assert any("/items?" in one and "country=SY" in one for one in asked)
    read(f"OAPIF:{feed_url}/ogc/", layer="incidents", where=f"id = '{rows[3].object_id}'")
    assert any(f"/items/{rows[3].object_id}?" in one for one in asked)


def test_the_driver_lists_every_collection(feed_url):
    listed = subprocess.run(
        [sys.executable, "-c", "import pyogrio, sys; print(*pyogrio.list_layers(sys.argv[1])[:,0])",
         f"OAPIF:{feed_url}/ogc/"],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    names = listed.stdout.decode().split()
    assert {"incidents", "context-events", "risk-cells", "admin-units"} <= set(names)


@needs_programs
def test_ogr2ogr_copies_chooses_and_bears_a_token(feed_url, rows):
    def copied(*options):
        command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{feed_url}/ogc/", "incidents"]
        done = subprocess.run([*command, *options], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert b"ERROR" not in done.stderr
        features = json.loads(done.stdout)["features"]
        return sorted(feature["properties"]["id"] for feature in features)

    assert copied("-oo", "PAGE_SIZE=10") == ids_of(rows)
    assert copied("-spat", "42.995", "32", "43.045", "34") == ids_of(rows[:5])
    assert copied("-where", "country = 'SY' AND killed_best >= 22") == ids_of(rows[22:25])
    token = bearer(make_member(Role.PARTNER))["HTTP_AUTHORIZATION"]
    header = f"Authorization: {token}"
    assert not set(copied("--config", "GDAL_HTTP_HEADERS", header)) & set(ids_of(rows))


@needs_programs
def test_ogrinfo_tells_what_a_collection_is(feed_url):
    command = ["ogrinfo", "-so", f"OAPIF:{feed_url}/ogc/", "incidents"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    told = done.stdout.decode()
    assert "killed_best: Integer" in told
    for name, type_ in OF_THE_LAST.items():
        assert f"{name}: {type_}" in told
    assert "OGC:CRS84" in told or "WGS 84" in told
    assert b"ERROR" not in done.stderr


def test_the_tiles_driver_reads_a_tile(feed_url, rows, tmp_path):
    tile = tmp_path / "0.mvt"
    with urlopen(f"{feed_url}/tiles/incidents/14/10148/6599.mvt") as answer:
        tile.write_bytes(answer.read())
    found = read(f"MVT:{tile}")
    assert found["places"] >= 1
