"""Published risk and its reasons follow from what the audience may see, and tell no more."""

import json
from datetime import timedelta

import h3
import numpy as np
import pytest
from django.utils import timezone

from feed.models import Audience, Change, Kind, LogEntry
from feed.risk import log_inputs, risk_publish_if_due
from feed.risk_writing import risk_cells_write
from feed.sealing import seal
from feed.selectors import latest_seq, standing_at
from ledger.sealing import seal as seal_ledger
from scoring.models import RiskRun
from scoring.services import risk
from tests.factories import make_incident
from tests.feed.conftest import COUNTRYSIDE, TOWN
from tests.feed.making import entry, published
from tests.feed.test_exposure_inversion import near

pytestmark = pytest.mark.usefixtures("layer", "units")
PUBLIC = Audience.PUBLIC


def strike(lon, lat):
    day = (timezone.now() - timedelta(days=20)).date().isoformat()
    return make_incident(
        location__longitude=lon,
        location__latitude=lat,
        location__precision="within_100m",
        occurred__start=f"{day}T00:00:00Z",
        occurred__end=f"{day}T23:59:59Z",
    )


def gone(incident):
    """Withdraw what was published, as the feed's consumer does."""
    entry(None, object_id=incident.id, version=9, change=Change.WITHDRAWN)
    seal()


def run(days=0):
    made = risk_publish_if_due(PUBLIC, now=timezone.now() + timedelta(days=days))
    assert made.state == RiskRun.State.FINISHED, made.error
    seal()
    return made


def shown():
    """Return every risk cell that stands, as it is served."""
    rows = standing_at(PUBLIC, latest_seq(PUBLIC)).filter(kind=Kind.RISK_CELL)
    return list(rows.order_by("object_id").values_list("feature", flat=True))


@pytest.mark.parametrize("place", [TOWN, COUNTRYSIDE], ids=str)
def test_a_run_cannot_know_where_in_its_area_a_strike_was(place):
    for point in near(place, 4):
        published(strike(*point))
    known = log_inputs(PUBLIC).known.strikes
    columns = np.stack([known.lon, known.lat, known.radius_km, known.day], 1)
    assert len(columns) == 4
    assert len(np.unique(columns, axis=0)) == 1


def test_the_home_cell_does_not_stand_out_from_the_area_that_is_shown():
    """Whoever ranks cells by the risk of one strike finds the people, not the true place."""
    point = near(COUNTRYSIDE, 1, seed=3)[0]
    incident = published(strike(*point))
    run()
    area = LogEntry.objects.get(audience=PUBLIC, kind=Kind.INCIDENT, object_id=incident.id)
    features = [json.loads(one) for one in shown()]
    parts = {}
    for feature in features:
        for reason in feature["properties"]["explanation"]["all"]["incidents"]:
            assert reason["incident"] == str(incident.id)
            parts[feature["properties"]["cell"]] = reason["strikes"]
    best = max(parts, key=parts.get)
    lat, lon = h3.cell_to_latlng(best)
    away = h3.great_circle_distance((lat, lon), (area.geometry.y, area.geometry.x), unit="m")
    assert away <= area.uncertainty_m + 4_000  # a cell's own reach


def test_what_an_audience_was_not_told_changes_no_byte_of_its_run():
    published(strike(*TOWN))
    first = run()
    strike(*COUNTRYSIDE)  # reported, and decided on by nobody
    withdrawn = published(strike(*COUNTRYSIDE))
    gone(withdrawn)
    entry(43.1, 33.1, audience=Audience.PARTNER, uncertainty_m=0.0)
    seal()
    inputs = log_inputs(PUBLIC)
    assert inputs.sha256 == first.inputs_sha256
    again = risk.run_make(
        RiskRun.Source.PUBLIC, layer=first.layer, inputs=inputs, origin=first.origin
    )
    assert again.results_sha256 == first.results_sha256
    assert str(withdrawn.id) not in str([cell.explanation for cell in again.cells.all()])


def test_an_incident_that_was_taken_back_is_named_by_no_cell_after_the_next_run():
    published(strike(*TOWN))
    withdrawn = published(strike(*TOWN))
    run()
    assert any(str(withdrawn.id) in one for one in shown())
    gone(withdrawn)
    run(days=1)
    assert shown()
    assert not any(str(withdrawn.id) in one for one in shown())


def test_a_cell_that_names_it_is_told_anew_even_if_no_figure_changed():
    published(strike(*TOWN))
    withdrawn = published(strike(*TOWN))
    made = run()
    naming = sum(str(withdrawn.id) in one for one in shown())
    assert risk_cells_write(PUBLIC, made) == 0
    gone(withdrawn)
    made.at_seq = latest_seq(PUBLIC)
    assert risk_cells_write(PUBLIC, made) == naming > 0


def test_what_only_the_record_knows_is_no_reason_for_a_public_run(monkeypatch):
    published(strike(*TOWN))
    made = run()
    strike(*TOWN)
    seal_ledger()
    monkeypatch.setattr(risk, "first_day_ahead", lambda now: made.origin)
    assert risk_publish_if_due(PUBLIC, now=timezone.now() + risk.LONGEST_WAIT) is None
