"""The pages of risk in a real browser."""

import numpy as np
import pytest
import shapely

from accounts.models import Role
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from scoring.models import RiskHistory
from scoring.services.layers import layer_activate
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.factories import make_member
from tests.scoring.conftest import (  # noqa: F401 - fixtures
    import_layer,
    layers_dir,
    make_raster,
    make_strike,
)
from tests.scoring.test_risk_api import CELL, PLACE, make_run


@pytest.fixture
def at_risk(committed_db, import_layer, make_strike):  # noqa: F811
    """Two runs, units, and a year of history."""
    units = [
        UnitDraft(pcode, "", {"en": name, "ar": arabic}, "IQ", shapely.MultiPolygon([box]))
        for pcode, name, arabic, box in [
            ("IQ01", "Al-Anbar", "الأنبار", shapely.box(42, 32, 43.25, 35)),
            ("IQ02", "Salah al-Din", "صلاح الدين", shapely.box(43.25, 32, 45, 35)),
        ]
    ]
    boundaries_import(name="t-1", draft=LevelDraft(1, "IQ", units, "x", [], 0), about=About())
    boundaries_activate(name="t-1")
    layer = layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    make_strike(PLACE, title="Strike on the market")
    make_run(layer)
    make_strike(PLACE, title="ضربة على السوق")
    run = make_run(layer, 1)
    days = [run.origin - np.timedelta64(back, "D").item() for back in range(360, -1, -1)]
    people = [1000 + 800 * float(np.sin(at / 40)) for at in range(len(days))]
    RiskHistory.objects.all().update(days=days, people=people, risk_class=[7] * len(days))
    return run


def test_they_are_fit_to_be_seen(open_browser, at_risk):
    monitor = make_member(Role.MONITOR, name="Bob")
    pages = [
        ("/risk/", "risk"),
        (f"/risk/{CELL}/", "risk-place"),
        ("/risk/calibration/", "risk-calibration"),
    ]
    for look in LOOKS:
        page = open_browser(monitor, **look_options(*look))
        for path, name in pages:
            page.goto(path)
            assert not overflows(page), (look, path)
            assert serious_findings(page) == [], (look, path)
            shoot(page, name, look)
        page.context.close()
