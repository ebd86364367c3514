"""Whatever dies when: each report ends scored and published, once."""

import pytest
from django.db import connections

from feed.models import LogEntry
from ledger.models import Delivery
from scoring.models import Exposure
from tests.e2e.conftest import features, grade_and_publish, scored
from tests.factories import report_body
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery


def all_done():
    return not Delivery.objects.exclude(state="done").exists()


@pytest.fixture
def exposure_lock(committed_db):
    """Hold up whoever writes an exposure, until this connection is closed."""
    owner = connections["migration"]
    owner.set_autocommit(False)
    owner.cursor().execute("LOCK TABLE scoring_exposure IN EXCLUSIVE MODE")
    yield owner
    owner.close()


def test_a_worker_killed_while_scoring_and_a_redis_emptied(
    layer, beat, private_redis, celery_worker, web, exposure_lock
):
    celery_worker("default,webhooks")
    worker = celery_worker("scoring")
    incident = web("post", "/api/v1/reports/", "submitter", report_body())["incident"]
    claimed = Delivery.objects.filter(consumer="scoring.exposure", state="claimed")
    wait_until(claimed.exists, "the event to be claimed")
    worker.kill()
    private_redis.flush()
    exposure_lock.close()
    assert not Exposure.objects.exists()

    celery_worker("scoring")
    assert len(scored(incident)) == 1
    grade_and_publish(web, incident)
    wait_until(lambda: features(web), "the public feature")
    wait_until(all_done, "every event to be handled")
    assert Exposure.objects.count() == 1
    assert LogEntry.objects.filter(audience="public", kind="incident").count() == 1


def test_redis_emptied_before_any_worker_looked(layer, beat, private_redis, celery_worker, web):
    incident = web("post", "/api/v1/reports/", "submitter", report_body())["incident"]
    private_redis.flush()
    celery_worker("default,webhooks")
    celery_worker("scoring")
    assert len(scored(incident)) == 1


def test_redis_stopped_while_posting(
    layer, private_redis, start_child, tmp_path, celery_worker, web
):
    private_redis.stop()
    incident = web("post", "/api/v1/reports/", "submitter", report_body())["incident"]
    grade_and_publish(web, incident)
    private_redis.start()
    start_child("tests.e2e.beat.run", tmp_path / "beat")
    celery_worker("default,webhooks")
    celery_worker("scoring")
    assert len(scored(incident)) == 1
    wait_until(lambda: features(web), "the public feature")
    wait_until(all_done, "every event to be handled")
    assert LogEntry.objects.filter(audience="public", kind="incident").count() == 1
