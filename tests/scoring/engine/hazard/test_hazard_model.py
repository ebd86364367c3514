import numpy as np
import pytest

from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.events import strikes_of
from scoring.engine.hazard.model import background, contributions, hazard_forecast, history_of

BOX = (44.0, 33.0, 45.0, 34.0)
CELLS = cells_of("deg:0.1", BOX)
ORIGIN = 735_000


def forecast(day, lon, lat, *, cells=CELLS, horizon=30, origin=ORIGIN, **more):
    history = history_of(strikes_of(day, lon, lat, **more), cells, horizon)
    return history, hazard_forecast(history, origin)


def towns(seed=3, years=3):
    """Two towns, the first struck three times as often, at rates that stay."""
    random = np.random.default_rng(seed)
    day = ORIGIN - random.integers(0, 365 * years, 400)
    first = random.random(400) < 0.75
    return day, np.where(first, 44.25, 44.75), np.where(first, 33.25, 33.75)


def test_nothing_known_is_nothing_expected():
    _, found = forecast([], [], [])
    assert (found.mean == 0).all()


def test_one_strike_is_expected_most_in_its_own_cell():
    _, found = forecast([ORIGIN - 5], [44.25], [33.25])
    assert found.mean.argmax() == CELLS.place(np.array([44.25]), np.array([33.25]))[0]
    assert (found.mean > 0).all()


def test_one_strike_yesterday_is_not_a_rate_of_one_a_day():
    _, found = forecast([ORIGIN - 1], [44.25], [33.25])
    assert 0.5 < found.mean.sum() < 3


def test_a_vague_strike_of_years_ago_is_still_expected_where_it_was():
    history, found = forecast([ORIGIN - 4_000], [44.5], [33.5], radius_km=10)
    here, far = CELLS.place(np.array([44.55, 44.95]), np.array([33.55, 33.95]))
    assert found.mean[here] > 5 * found.mean[far]
    _, parts = contributions(history, found, 44.55, 33.55, int(here))
    assert background(history, found, int(here)) == pytest.approx(found.mean[here] - parts.sum())


def test_two_towns_are_expected_as_they_were_struck():
    day, lon, lat = towns()
    _, found = forecast(day, lon, lat)
    cells = CELLS.place(np.array([44.25, 44.75]), np.array([33.25, 33.75]))
    assert set(found.mean.argsort()[-2:]) == set(cells)
    assert found.mean[cells[0]] / found.mean[cells[1]] == pytest.approx(3, rel=0.4)
    assert found.mean.sum() == pytest.approx(400 * 30 / (3 * 365), rel=0.25)


def test_a_burst_raises_what_is_expected_and_fades():
    day, lon, lat = towns()
    day, lon, lat = (
        np.append(day, [ORIGIN - 3] * 30),
        np.append(lon, [44.55] * 30),
        np.append(lat, [33.35] * 30),
    )
    cell = CELLS.place(np.array([44.55]), np.array([33.35]))[0]
    means = [forecast(day, lon, lat, origin=ORIGIN + later)[1].mean[cell] for later in (0, 90, 400)]
    assert means[0] > means[1] > means[2] > 0


def test_a_strike_known_to_25_km_lies_where_people_live():
    people = np.zeros(CELLS.pixels.size)
    people[CELLS.pixels.place(np.array([44.62, 44.44]), np.array([33.52, 33.52]))] = 900, 100
    strikes = strikes_of([ORIGIN - 5], 44.5, 33.5, radius_km=25)
    history = history_of(strikes, CELLS, 30, people)
    found = hazard_forecast(history, ORIGIN).mean
    town, hamlet, desert = found[
        CELLS.place(np.array([44.62, 44.44, 44.15]), np.array([33.52] * 2 + [33.15]))
    ]
    assert (town - desert) / (hamlet - desert) == pytest.approx(9)


def test_a_vague_strike_is_spread_over_its_area_and_not_beyond():
    _, found = forecast([ORIGIN - 5], [44.5], [33.5], radius_km=25)
    near, rim, far = found.mean[
        CELLS.place(np.array([44.55, 44.65, 44.95]), np.array([33.55, 33.55, 33.95]))
    ]
    assert near == pytest.approx(rim)
    assert near > far


def test_all_strikes_on_one_point_and_a_million_on_one_day():
    n = 1_000_000
    _, found = forecast(np.full(n, ORIGIN - 1), np.full(n, 44.25), np.full(n, 33.25))
    assert np.isfinite(found.mean).all()
    assert found.mean.argmax() == CELLS.place(np.array([44.25]), np.array([33.25]))[0]


def test_the_order_of_strikes_makes_no_difference():
    day, lon, lat = towns()
    order = np.random.default_rng(1).permutation(len(day))
    _, one = forecast(day, lon, lat)
    _, other = forecast(day[order], lon[order], lat[order])
    assert one.mean.tobytes() == other.mean.tobytes()


def test_what_comes_later_changes_no_byte():
    day, lon, lat = towns()
    _, before = forecast(day, lon, lat, origin=ORIGIN - 60)
    kept = day < ORIGIN - 60
    _, without = forecast(day[kept], lon[kept], lat[kept], origin=ORIGIN - 60)
    assert before.mean.tobytes() == without.mean.tobytes()
    assert before.dispersion == without.dispersion


def test_a_forecast_does_not_depend_on_those_made_before():
    day, lon, lat = towns()
    history = history_of(strikes_of(day, lon, lat), CELLS, 30)
    for origin in (ORIGIN - 90, ORIGIN - 47):
        hazard_forecast(history, origin)
    again = hazard_forecast(history, ORIGIN)
    assert again.mean.tobytes() == forecast(day, lon, lat)[1].mean.tobytes()


def test_it_runs_on_h3_cells():
    cells = cells_of("h3:6", BOX)
    _, found = forecast(*towns(), cells=cells)
    assert found.mean.argmax() == cells.place(np.array([44.25]), np.array([33.25]))[0]


def test_a_likely_duplicate_counts_once():
    one, other = ([ORIGIN - 5], [44.25], [33.25]), ([ORIGIN - 5] * 2, [44.25] * 2, [33.25] * 2)
    assert forecast(*one)[1].mean == pytest.approx(forecast(*other, weight=0.5)[1].mean)


def test_an_explanation_adds_up():
    day, lon, lat = towns()
    history, found = forecast(day, lon, lat)
    cell = int(CELLS.place(np.array([44.25]), np.array([33.25]))[0])
    strikes, parts = contributions(history, found, 44.25, 33.25, cell)
    assert (np.diff(parts) <= 0).all()
    assert history.strikes.lon[strikes[0]] == 44.25
    assert parts.sum() + background(history, found, cell) == pytest.approx(
        found.mean[cell], rel=0.2
    )


@pytest.mark.parametrize(
    "spec", ["deg:0", "deg:nan", "h3:4", "h3:9", "km:5", "", "deg:1e-9", "deg:0.001", "h3:x"]
)
def test_it_refuses_cells_that_make_no_sense(spec):
    with pytest.raises(ValueError, match=r"must|cells"):
        cells_of(spec, BOX)
