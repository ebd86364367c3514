import numpy as np
import pytest

from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.correction import level
from scoring.engine.hazard.events import strikes_of
from scoring.engine.hazard.model import hazard_forecast, history_of
from scoring.engine.hazard.towns import TOWN_WIDTHS_KM, town_shares

IRAQ = (43.0, 32.0, 46.0, 35.0)
SEA = (-40.0, 30.0, -38.0, 32.0)
ORIGIN = 735_000


@pytest.mark.parametrize("spec", ["deg:0.1", "h3:6"])
def test_townspeople_are_shared_among_the_cells(spec):
    shares = town_shares(cells_of(spec, IRAQ))
    assert shares.shape[0] == len(TOWN_WIDTHS_KM)
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_most_townspeople_are_in_the_largest_town():
    cells = cells_of("deg:0.1", IRAQ)
    baghdad = cells.place(np.array([44.40]), np.array([33.34]))[0]
    assert town_shares(cells)[0].argmax() == baghdad


def test_a_box_without_towns_has_none_and_a_forecast_all_the_same():
    cells = cells_of("deg:0.1", SEA)
    assert (town_shares(cells) == 0).all()
    days = ORIGIN - np.arange(5, 300, 7)
    found = hazard_forecast(history_of(strikes_of(days, -39.0, 31.0), cells, 30), ORIGIN)
    assert (found.mean > 0).all()
    assert np.isfinite(found.mean).all()


def test_an_unstruck_town_is_expected_more_than_the_desert():
    cells = cells_of("deg:0.1", IRAQ)
    history = history_of(strikes_of(ORIGIN - np.arange(5, 300, 7), 43.2, 34.8), cells, 30)
    mean = hazard_forecast(history, ORIGIN).mean
    town, desert = mean[cells.place(np.array([44.40, 43.05]), np.array([33.34, 32.05]))]
    assert town > desert


def test_a_total_is_drawn_half_way_to_the_recent_rate():
    assert level(99.0, 24.0, 1.0) == pytest.approx(0.5)
    assert level(12.0, 12.0, 1.0) == 1


def test_hardly_any_strike_hardly_moves_a_total():
    assert level(0.1, 0.0, 1.0) == pytest.approx(1, abs=0.05)
