import pytest

from feed.models import LogEntry
from ledger.verify import first_breach
from tests.e2e.conftest import features, grade_and_publish, scored
from tests.factories import report_body
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery


def test_a_submitted_report_ends_as_a_scored_feature(layer, beat, celery_worker, web):
    celery_worker("default,webhooks")
    celery_worker("scoring")
    incident = web("post", "/api/v1/reports/", "submitter", report_body())["incident"]

    (exposure,) = scored(incident)
    figures = dict(zip(exposure.radii_m, exposure.best, strict=True))
    # 100 people a cell of 30 arc-seconds: about 139 a km² at this latitude.
    assert figures[1000] == pytest.approx(439, rel=0.01)
    assert figures[5000] == pytest.approx(25 * figures[1000], rel=0.01)

    assert features(web) == []
    grade_and_publish(web, incident)
    (public,) = wait_until(lambda: features(web), "the public feature")
    (partner,) = wait_until(lambda: features(web, "partner"), "the partner's feature")
    assert public["id"] == partner["id"] == incident
    assert partner["geometry"]["coordinates"] == [43.7841, 33.3497]
    assert public["geometry"]["coordinates"] != partner["geometry"]["coordinates"]
    shown = web("get", f"/ogc/collections/exposure/items/{incident}")
    assert shown["properties"]["exposure_5km"] > 0
    assert LogEntry.objects.filter(audience="public").count() == 2
    assert first_breach() is None
