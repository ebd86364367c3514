"""Files of the feed as their readers read them, over HTTP: hxlvalidate, libhxl and geopandas."""

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import geopandas
import hxl
import pytest

from feed.models import Audience
from feed.sealing import seal
from tests.contract.ogc.rows import log_row
from tests.feed.making import DAY, ITEMS
from tests.support.web import serving


@pytest.fixture
def rows(committed_db):
    made = [
        log_row(Audience.PUBLIC, start=DAY, place=(43 + n, 33), country="IQ", killed_best=n)
        for n in range(5)
    ]
    seal()
    return [str(row.object_id) for row in made]


@pytest.fixture
def fetched(rows, tmp_path):
    """Return a function that keeps what an address gives in a file."""
    with serving() as url:

        def fetch(path):
            file = tmp_path / "fetched"
            with urlopen(url + path) as answer:
                file.write_bytes(answer.read())
            return file

        yield fetch


def test_hxlvalidate_and_libhxl_read_every_row(fetched, rows):
    program = Path(sys.executable).with_name("hxlvalidate")
    for path in (f"{ITEMS}?f=csv-hxl&sortby=seq", "/api/v1/exports/incidents.hxl.csv"):
        file = fetched(path)
        done = subprocess.run([program, file], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        with hxl.data(str(file), hxl.InputOptions(allow_local=True)) as source:
            assert [row.get("#meta+id") for row in source] == rows


def test_geopandas_reads_places_and_figures(fetched, rows):
    for path in (f"{ITEMS}?f=parquet&sortby=seq", "/api/v1/exports/incidents.parquet"):
        frame = geopandas.read_parquet(fetched(path))
        assert list(frame["id"]) == rows
        assert list(frame.geometry.x) == [43, 44, 45, 46, 47]
        assert list(frame["killed_best"]) == [0, 1, 2, 3, 4]
        assert frame.crs == "OGC:CRS84"
