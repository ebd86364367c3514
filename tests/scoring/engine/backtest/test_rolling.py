import numpy as np
import pytest

from scoring.engine.backtest.baselines import KDE_UNIFORM_SHARES, KDE_WIDTHS_KM, KDE_WINDOWS
from scoring.engine.backtest.report import report_write
from scoring.engine.backtest.rolling import backtest_run
from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.events import strikes_of

BOX = (44.0, 33.0, 45.0, 34.0)
START, DAYS, PERIODS = 735_000, 10, 6


def made(seed=5, n=900):
    """Three towns, struck at steady rates over 600 days, each strike killing some."""
    random = np.random.default_rng(seed)
    town = random.choice(3, n, p=[0.6, 0.3, 0.1])
    lon, lat = np.array([44.25, 44.75, 44.55])[town], np.array([33.25, 33.75, 33.45])[town]
    day = START - 540 + random.integers(0, 600, n)
    return strikes_of(day, lon, lat, deaths=random.geometric(0.3, n) - 1.0)


def run(strikes, spec="deg:0.1", start=START, end=START + DAYS * PERIODS):
    return backtest_run(strikes, cells_of(spec, BOX), BOX, start=start, end=end, period_days=DAYS)


@pytest.fixture(scope="module")
def done():
    return run(made())


def test_the_report_has_every_model_and_measure(done):
    report = done.report()
    family = len(KDE_WINDOWS) * len(KDE_WIDTHS_KM) * len(KDE_UNIFORM_SHARES)
    assert sum(name.startswith("kde_") for name in report["models"]) == family == 72
    ours = report["models"][report["default"]]
    assert report["events"] == int((made().day >= START).sum())
    assert (report["cells"], report["periods"]) == (100, PERIODS)
    assert ours["information_gain_per_event"] > 2
    assert report["models"]["uniform"]["information_gain_per_event"] == 0
    assert 0.8 < ours["predicted_over_observed"] < 1.25
    assert ours["crps"] < report["models"]["zero"]["crps"]


def test_the_last_days_change_no_forecast_made_before_them(done):
    """A planted leak: 5,000 strikes in an empty corner, from the fifth period on."""
    strikes, from_day = made(), START + 4 * DAYS
    leak = strikes_of(np.full(5000, from_day), 44.05, 33.95, deaths=1.0)
    day, lon, lat, deaths = (
        np.append(getattr(strikes, name), getattr(leak, name))
        for name in ("day", "lon", "lat", "deaths")
    )
    both = strikes_of(day, lon, lat, deaths=deaths)
    leaky = run(both)
    cut = run(strikes.take(strikes.day < from_day))
    for name, tally in done.tallies.items():
        assert leaky.tallies[name].predicted[:5] == tally.predicted[:5]
        assert cut.tallies[name].predicted[:5] == tally.predicted[:5]
        assert leaky.tallies[name].predicted[5] != tally.predicted[5]
        assert leaky.tallies[name].gain[:4] == tally.gain[:4]


def test_the_same_input_writes_the_same_bytes(done, tmp_path):
    report_write(done, tmp_path / "one", {"events": "made"})
    report_write(run(made()), tmp_path / "two", {"events": "made"})
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["gain.svg", "reliability.svg", "report.html", "report.json", "totals.svg"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    "strikes",
    [
        strikes_of([], [], []),
        strikes_of([START + 1], 44.25, 33.25),
        strikes_of([START], 10.0, 10.0),
    ],
    ids=["nothing", "one strike", "off the box"],
)
def test_hardly_any_strikes_make_a_report_all_the_same(strikes, tmp_path):
    report = report_write(run(strikes), tmp_path, {})
    assert report["events"] <= 1
    assert all(model["crps"] is None for model in report["models"].values())


def test_without_deaths_their_scores_are_null_and_h3_cells_will_do():
    strikes = made(n=200)
    blind = strikes_of(strikes.day, strikes.lon, strikes.lat)
    report = run(blind, "h3:6", end=START + DAYS).report()
    assert report["models"]["hazard"]["crps"] is None
    assert report["events"] == int(((strikes.day >= START) & (strikes.day < START + DAYS)).sum())


def test_periods_must_be_left():
    with pytest.raises(ValueError, match="after the start"):
        run(made(), end=START)
