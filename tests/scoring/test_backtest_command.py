import json
from datetime import date

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from incidents.models import Incident
from scoring.services.backtest import strikes_on_record
from tests.factories import make_incident


def arguments(tmp_path, **changed):
    options = {
        "period-days": "10", "start": "2014-06-01", "end": "2014-07-01", "cells": "deg:0.1",
        "bbox": "44,33,45,34", "out": str(tmp_path / "out"),
    } | {name.replace("_", "-"): value for name, value in changed.items()}  # fmt: skip
    return [part for name, value in options.items() for part in (f"--{name}", value)]


@pytest.fixture
def events(tmp_path):
    random = np.random.default_rng(4)
    days = np.datetime64("2013-06-01") + random.integers(0, 395, 300)
    rows = "".join(f"{day},44.25,33.25,{random.integers(0, 5)}\n" for day in days)
    path = tmp_path / "events.csv"
    path.write_text("date,lon,lat,deaths\n" + rows)
    return str(path)


def test_a_file_becomes_a_report_and_a_page(events, tmp_path, capsys):
    call_command("backtest", *arguments(tmp_path, events=events))
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["default"] in report["models"]
    assert report["models"]["hazard"]["information_gain_per_event"] > 3
    assert report["settings"]["events"] == "events.csv"
    page = (tmp_path / "out" / "report.html").read_text()
    assert "nats per event" in page
    assert page.count("<svg") == 3
    assert "report.html" in capsys.readouterr().out


def test_a_layer_says_where_vague_events_may_lie(events, tmp_path, make_raster):
    layer = make_raster(np.ones((120, 120)), west=44.0)
    call_command("backtest", *arguments(tmp_path, events=events, layer=str(layer)))
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["settings"]["layer"] == "layer.tif"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"events": "/nowhere.csv"}, "No such file"),
        ({"cells": "h3:12"}, "cells must be"),
        ({"bbox": "45,33,44,34"}, "bbox must be"),
        ({"bbox": "here"}, "must be W,S,E,N"),
        ({"start": "June"}, "must be a day"),
        ({"end": "2014-01-01"}, "after the start"),
        ({"period_days": "0"}, "at least one day long"),
        ({"layer": "/nowhere.tif"}, "population layer"),
    ],
)
@pytest.mark.django_db
def test_it_says_what_cannot_be(events, tmp_path, changed, said):
    with pytest.raises(CommandError, match=said):
        call_command("backtest", *arguments(tmp_path, **({"events": events} | changed)))
    assert not (tmp_path / "out").exists()


def test_a_box_west_of_greenwich_is_no_option(events, tmp_path):
    call_command("backtest", *arguments(tmp_path, events=events, bbox="-10,-5,-9,-4"))
    assert json.loads((tmp_path / "out" / "report.json").read_text())["events"] == 0


@pytest.mark.django_db
def test_our_own_record_by_evidence_floor(tmp_path):
    graded, ungraded, discounted, withdrawn = (make_incident() for _ in range(4))
    for incident, changes in (
        (graded, {"grade": "fair"}),
        (discounted, {"grade": "discounted"}),
        (withdrawn, {"grade": "fair", "state": "withdrawn"}),
    ):
        Incident.objects.filter(id=incident.id).update(**changes)
    assert len(strikes_on_record("all")) == 2
    found = strikes_on_record("fair")
    assert len(found) == 1
    assert date.fromordinal(int(found.day[0])) == graded.time_start.date()
    assert len(strikes_on_record("confirmed")) == 0
    call_command("backtest", *arguments(tmp_path, incidents="all"))
    assert ungraded.location
