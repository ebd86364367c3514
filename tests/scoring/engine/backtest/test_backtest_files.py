import gzip
from datetime import date

import numpy as np
import pytest

from scoring.engine.backtest.files import read_strikes

PLAIN = "date,longitude,latitude\n2014-06-10,43.1,36.3\n2014-06-11,43.2,36.4\n"
UCDP = (
    "id,where_prec,latitude,longitude,date_prec,date_start,best\n"
    ",,#geo+lat,#geo+lon,,#date+start,#affected\n"
    "1,1,36.3,43.1,1,2014-06-10,8\n"
    "2,4,36.3,43.1,1,2014-06-11 00:00:00.000,\n"
    "3,2,36.3,43.1,5,2014-06-12,0\n"
)


@pytest.fixture
def written(tmp_path):
    def write(text, *, zipped=False):
        path = tmp_path / "events.csv"
        path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
        return path

    return write


@pytest.mark.parametrize("zipped", [False, True])
def test_a_plain_file_is_read_zipped_or_not(written, zipped):
    strikes = read_strikes(written(PLAIN, zipped=zipped))
    assert strikes.day.tolist() == [date(2014, 6, 10).toordinal(), date(2014, 6, 11).toordinal()]
    assert strikes.lon.tolist() == [43.1, 43.2]
    assert strikes.scored.all()
    assert np.isnan(strikes.deaths).all()


def test_precision_and_deaths_are_read_and_the_hxl_row_is_not(written):
    strikes = read_strikes(written("\ufeff" + UCDP))
    assert strikes.scored.tolist() == [True, False, False]
    assert strikes.radius_km.tolist() == [0, 80, 0]
    assert strikes.deaths[[0, 2]].tolist() == [8, 0]
    assert np.isnan(strikes.deaths[1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,longitude\n2014-06-10,43\n", "column latitude or lat"),
        ("", "no column"),
        (PLAIN + "10/06/2014,43,36\n", "row 4: date '10/06/2014'"),
        (PLAIN + "2014-06-10,43\n", "row 4: latitude None"),
        (PLAIN + "2014-06-10,nan,36\n", "row 4: longitude 'nan'"),
        (PLAIN + "2014-06-10,43,136\n", "row 4: latitude '136'"),
        (UCDP + "4,9,36.3,43.1,1,2014-06-10,8\n", "row 6: where_prec '9'"),
        (UCDP + "4,1,36.3,43.1,1,2014-06-10,-8\n", "row 6: deaths '-8'"),
    ],
)
def test_it_says_what_cannot_be_read(written, text, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        read_strikes(written(text))


@pytest.mark.parametrize("raw", [b"\x1f\x8b broken", b"date,lon,lat\n\xff\xfe,1,2\n"])
def test_a_file_that_is_no_text_is_refused(tmp_path, raw):
    path = tmp_path / "events.csv"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="not a readable CSV"):
        read_strikes(path)
