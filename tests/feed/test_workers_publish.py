"""The whole way: a monitor's decision, a real worker, and the feed."""

import pytest
from django.test import Client

from feed.models import Audience, LogEntry
from tests.factories import make_incident
from tests.feed.making import ITEMS, decided
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery


def shown(incident):
    return Client().get(f"{ITEMS}/{incident.id}").status_code == 200


def test_a_worker_writes_and_seals_what_a_monitor_decided(celery_worker):
    celery_worker()
    incident = make_incident()
    decided(incident)
    wait_until(lambda: shown(incident), "the incident in the public feed")
    sealed = LogEntry.objects.filter(object_id=incident.id, seq__isnull=False)
    wait_until(lambda: sealed.count() == 2 * len(Audience), "each audience's entries sealed")


def test_a_killed_worker_leaves_nothing_unpublished_and_nothing_twice(celery_worker):
    first = celery_worker()
    incidents = [make_incident() for _number in range(20)]
    for incident in incidents:
        decided(incident)
    wait_until(lambda: LogEntry.objects.exists(), "the first entry")
    first.kill()
    celery_worker(beat=True)
    wait_until(lambda: all(map(shown, incidents)), "all incidents in the public feed")
    for audience in Audience:
        sealed = LogEntry.objects.filter(audience=audience, seq__isnull=False)
        wait_until(lambda sealed=sealed: sealed.count() == 40, f"{audience}: all sealed")
    assert LogEntry.objects.count() == 2 * 20 * len(Audience)  # with the exposure of each
