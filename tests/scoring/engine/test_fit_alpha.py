"""How strongly strikes follow people."""

import numpy as np
import pytest

from scoring.engine.exposure import (
    exposure_under_uncertainty,
    fit_alpha,
    open_layer,
    population_within,
)
from scoring.engine.geodesy import WGS84

RADIUS = 6000.0


@pytest.fixture
def layer(make_raster):
    """200 × 200 cells of 30 arc-seconds: towns that fall off, rough within, and empty land."""
    rng = np.random.default_rng(1)
    down, across = np.mgrid[:200, :200]
    cells = np.zeros((200, 200))
    for row, column in rng.uniform(0, 200, (60, 2)):
        cells += 4000 * np.exp(-np.hypot(down - row, across - column) / 5)
    cells *= rng.gamma(1.0, 1.0, cells.shape)
    return open_layer(make_raster(np.where(cells < 1, 0, cells)))


def _strikes(layer, alpha, n, seed):
    """Return true points drawn with density ∝ people**alpha, and discs offset from them."""
    rng = np.random.default_rng(seed)
    with layer.reader() as reader:
        people = reader.counts(0, 0, layer.rows, layer.columns)
    inner = np.zeros_like(people)
    inner[25:-25, 25:-25] = people[25:-25, 25:-25]
    weights = np.where(inner > 0, np.maximum(inner, 1) ** alpha, 0).ravel()
    rows, columns = np.divmod(rng.choice(people.size, n, p=weights / weights.sum()), layer.columns)
    lon = layer.west + (columns + 0.5) * layer.cell_width
    lat = layer.north - (rows + 0.5) * layer.cell_height
    away = RADIUS * np.sqrt(rng.uniform(0, 1, n))
    x, y, _ = WGS84.fwd(lon, lat, rng.uniform(0, 360, n), away)
    return lon, lat, [(*place, RADIUS) for place in zip(x.tolist(), y.tolist(), strict=True)]


@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 1.4])
def test_it_finds_the_alpha_that_strikes_were_drawn_by(layer, alpha):
    lon, lat, areas = _strikes(layer, alpha, 3000, seed=2)
    assert fit_alpha(layer, lon, lat, areas) == pytest.approx(alpha, abs=0.05)


def test_the_truth_lies_between_low_and_high_four_times_in_five(layer):
    lon, lat, areas = _strikes(layer, 1.0, 1500, seed=3)
    low, _, high, _ = exposure_under_uncertainty(
        layer, areas, [2000.0], fit_alpha(layer, lon, lat, areas)
    )
    truth = population_within(layer, lon, lat, [2000.0])
    # Sums around cell middles are within 1e-4 of exact discs.
    inside = (low * (1 - 1e-4) <= truth) & (truth <= high * (1 + 1e-4))
    assert inside.mean() == pytest.approx(0.8, abs=0.05)


def test_strikes_where_nobody_lives_say_nothing(layer):
    lon, lat, areas = _strikes(layer, 1.0, 200, seed=4)
    fitted = fit_alpha(layer, lon, lat, areas)
    elsewhere = [*areas, (10.0, 10.0, RADIUS)]
    assert fit_alpha(layer, [*lon, 10.0], [*lat, 10.0], elsewhere) == fitted
    with pytest.raises(ValueError, match="no strike"):
        fit_alpha(layer, [10.0], [10.0], [(10.0, 10.0, RADIUS)])
    with pytest.raises(ValueError, match="each point"):
        fit_alpha(layer, lon, lat, areas[1:])


def test_equal_areas_may_hold_several_strikes(layer):
    lon, lat, areas = _strikes(layer, 1.0, 50, seed=5)
    once = fit_alpha(layer, lon, lat, areas)
    assert fit_alpha(layer, [*lon, *lon], [*lat, *lat], areas * 2) == pytest.approx(once, abs=1e-5)
