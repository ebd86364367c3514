"""The reasons of many cells at once are those of one cell by the hazard's own arithmetic."""

import h3
import numpy as np
import pytest

from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.events import strikes_of
from scoring.engine.hazard.model import background, contributions, hazard_forecast, history_of
from scoring.engine.risk.reasons import MOST, backgrounds, top_strikes

DAY = 735_000


@pytest.fixture(scope="module")
def forecast():
    random = np.random.default_rng(11)
    towns = random.uniform(0.1, 0.9, (12, 2))
    town = random.integers(0, 12, 400)
    lon, lat = 43 + towns[town, 0], 33 + towns[town, 1]
    radius = np.where(random.random(400) < 0.1, 25.0, 0.0)
    strikes = strikes_of(DAY - random.integers(1, 900, 400), lon, lat, radius_km=radius)
    cells = cells_of("h3:6", (43.0, 33.0, 44.0, 34.0))
    history = history_of(strikes, cells, 30)
    return history, hazard_forecast(history, DAY)


def test_they_agree_with_the_hazard_s_for_each_cell(forecast):
    history, made = forecast
    ids = history.cells.h3_ids
    middles = np.array([h3.cell_to_latlng(cell) for cell in ids])
    rows = np.argsort(-made.mean)[:25]
    found, parts = top_strikes(history, made, rows, middles[rows, 1], middles[rows, 0])
    lasting = backgrounds(history, made)
    for at, row in enumerate(rows):
        lat, lon = middles[row]
        _strikes, expected = contributions(history, made, lon, lat, int(row))
        assert parts[at] == pytest.approx(expected[:MOST], rel=1e-6)
        assert lasting[row] == pytest.approx(background(history, made, int(row)), rel=1e-4)
        assert (found[at] >= 0).all()


def test_without_strikes_there_are_no_reasons(forecast):
    history, _made = forecast
    none = history_of(strikes_of([], [], []), history.cells, 30)
    made = hazard_forecast(none, DAY)
    found, parts = top_strikes(none, made, np.arange(3), np.full(3, 43.5), np.full(3, 33.5))
    assert (found == -1).all()
    assert (parts == 0).all()
