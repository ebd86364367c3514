"""A worker that dies while it sends."""

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.models import Webhook, WebhookDelivery
from feed.webhooks.selectors import ABANDONED_AFTER
from tests.factories import make_actor
from tests.feed.webhooks.conftest import hooked, publish
from tests.feed.webhooks.receivers import answering, hanging, receiver
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery


def test_what_it_was_sending_is_sent_by_another_under_the_same_id(committed_db, celery_worker):
    with receiver(hanging) as there:
        first = celery_worker("webhooks")
        hooked(make_actor(Role.PARTNER), there.url)
        publish()
        wait_until(lambda: there.received, "the message at a receiver that hangs")
        first.kill()
        there.answers = answering(200)
        Webhook.objects.update(claimed_at=timezone.now() - 2 * ABANDONED_AFTER)
        celery_worker("webhooks", beat=True)
        wait_until(
            lambda: WebhookDelivery.objects.filter(state="done").exists(), "it was delivered"
        )
    one, other = there.ids()
    assert one == other
    assert WebhookDelivery.objects.get().attempts == 2
