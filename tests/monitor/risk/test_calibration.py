"""How good the model has been, out of what is stored."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from monitor.risk.calibration import bars_of
from monitor.risk.place import ended
from scoring.models import RiskHistory, RiskRun
from scoring.services.risk import first_day_ahead, run_make
from scoring.services.risk_inputs import record_inputs
from tests.monitor.risk.test_pages import desk, layer  # noqa: F401 - fixtures
from tests.scoring.test_risk_api import PLACE, make_run


def test_chances_are_put_beside_what_came():
    bars = bars_of(np.array([0.0, 0.3, 0.3, 0.3, 0.4, 1.0]), np.array([0, 1, 0, 0, 0, 1], bool))
    assert [(bar.start, bar.number) for bar in bars] == [(0.0, 1), (0.2, 4), (0.5, 1)]
    assert (bars[1].expected, bars[1].seen) == (pytest.approx(0.325), 0.25)


def test_forecasts_do_not_overlap():
    today = date(2020, 6, 30)
    days = [{"origin": today - timedelta(days=back)} for back in range(400, -1, -1)]
    found = [(today - one["origin"]).days for one in ended(days, today)]
    assert found == list(range(30, 361, 30))


def test_a_forecast_that_has_run_its_days_counts(desk, layer, make_strike):  # noqa: F811
    make_strike(PLACE)
    earlier = first_day_ahead(timezone.now()) - timedelta(days=30)
    run_make(RiskRun.Source.RECORD, layer=layer, inputs=record_inputs(), origin=earlier)
    make_run(layer)
    RiskHistory.objects.all().update(days=[earlier], people=[5.0], risk_class=[2])
    answer = desk.get("/risk/calibration/")
    assert answer.context["origins"] == [earlier]
    assert answer.context["forecasts"] > 20
    assert any(bar["seen"] != "0 %" for bar in answer.context["bars"])
