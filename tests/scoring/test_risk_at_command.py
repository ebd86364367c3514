"""What risk would have been told on a day of the past, from a file, beside what then came."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

TOWN, OTHER = "Town:43.5,33.5", "Other:43.2,33.2"


@pytest.fixture
def arguments(make_raster, tmp_path):
    rows = [f"2014-0{month}-{day:02},43.5,33.5,1" for month in (1, 2, 3, 4, 5) for day in (3, 17)]
    rows += ["2014-06-12,43.5,33.5,1", "2014-06-30,43.5,33.5,1", "2014-06-15,43.5,33.5,3"]
    rows += ["2014-07-01,43.5,33.5,1", "2014-06-20,43.2,33.2,1"]
    events = tmp_path / "events.csv"
    events.write_text("date,lon,lat,where_prec\n" + "\n".join(rows) + "\n")
    layer = make_raster(np.full((120, 120), 50.0))
    return {"events": str(events), "layer": str(layer), "date": "2014-06-01", "near": [TOWN]}


def told(capsys, given, *options):
    near = [part for place in given["near"] for part in ("--near", place)]
    plain = [f"--{name}={given[name]}" for name in ("events", "layer", "date")]
    call_command("risk_at", *plain, *near, *options)
    lines = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    return {name: cells for name, *cells in lines[3:]}


def test_it_counts_what_came_in_the_horizon_around_each_place(arguments, capsys):
    rows = told(capsys, arguments | {"near": [TOWN, OTHER]})
    _cells, expected, seen, people, residents, highest = rows["Town"]
    # Two of June: the third is known to its district only, the fourth came on the 31st day.
    assert seen == "2"
    assert 0.5 < float(expected) < 4
    assert 0 < int(people.replace(",", "")) < int(residents.replace(",", ""))
    assert 0 < int(highest) <= 10
    assert rows["Other"][2] == "1"
    assert float(rows["Other"][1]) < float(expected)


def test_what_came_changes_no_forecast(arguments, capsys, tmp_path):
    before = told(capsys, arguments)["Town"]
    with open(arguments["events"], "a") as file:
        file.write("2014-06-01,43.5,33.5,1\n" * 50)
    after = told(capsys, arguments)["Town"]
    assert [*before[:2], *before[3:]] == [*after[:2], *after[3:]]
    assert int(after[2]) == int(before[2]) + 50


def test_resolutions_and_horizons_without_classes_have_none(arguments, capsys):
    assert told(capsys, arguments, "--resolution=5")["Town"][-1] == "–"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"near": ["Mosul"]}, "must be like Mosul"),
        ({"near": ["Mosul:43.1,99"]}, "must be like Mosul"),
        ({"near": ["Mosul:.,."]}, "must be like Mosul"),
        ({"date": "June"}, "must be a day"),
        ({"events": "/nowhere.csv"}, "No such file"),
    ],
    ids=str,
)
def test_it_says_what_cannot_be(arguments, capsys, changed, said):
    with pytest.raises(CommandError, match=said):
        told(capsys, arguments | changed)


def test_a_resolution_that_is_none_is_refused(arguments, capsys):
    with pytest.raises(CommandError, match="must be 5 to 8"):
        told(capsys, arguments, "--resolution=12")
