"""What becomes of a delivery whose receiver misbehaves."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from feed.models import Webhook, WebhookDelivery
from feed.webhooks.sending import webhooks_send
from ledger.models import AuditEntry
from tests.feed.webhooks.conftest import hooked, publish
from tests.feed.webhooks.receivers import answering, dripping, dropping, hanging, receiver

BAD = {
    "refuses": (answering(500), 500, "refused"),
    "hangs": (hanging, None, "timeout"),
    "drops": (dropping, None, "connection_lost"),
    "drips": (dripping, None, "timeout"),
}


@pytest.mark.parametrize("how", BAD)
def test_what_fails_waits_to_be_tried_again(owner, how):
    answers, status, error = BAD[how]
    before = timezone.now()
    with receiver(answers) as there:
        hooked(owner, there.url)
        publish(2)
        webhooks_send()
    first, second = WebhookDelivery.objects.order_by("seq")
    assert (first.state, first.attempts) == ("pending", 1)
    assert (first.status_code, first.error) == (status, error)
    assert (second.state, second.attempts) == ("pending", 0)
    hook = Webhook.objects.get()
    assert hook.failures == 1
    assert hook.not_before > before
    assert len(there.received) == 1


def test_a_redirect_is_not_followed(owner):
    with receiver(answering(200)) as inside:
        to_it = answering(302, f"Location: {inside.url}\r\n")
        with receiver(to_it) as there:
            hooked(owner, there.url)
            publish()
            webhooks_send()
    assert (len(there.received), inside.connections) == (1, 0)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.error) == ("pending", 302, "redirect")


def resolving(monkeypatch, *answers):
    """Have names lead to these addresses, one look-up after the other; return the look-ups."""
    asked = []

    def look_up(host, port, *_args, **_options):
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_that_leads_inside_later_is_refused_before_a_byte_is_sent(
    owner, monkeypatch, settings
):
    with receiver(answering(200)) as there:
        port = there.url.split(":")[2].split("/")[0]
        hooked(owner, f"https://rebind.test:{port}/")
        settings.WEBHOOKS_LOCAL_ADDRESSES = []
        publish()
        resolving(monkeypatch, "127.0.0.1")
        webhooks_send()
    assert there.connections == 0
    assert WebhookDelivery.objects.get().error == "address_not_public"


def test_what_was_looked_up_is_what_is_connected_to(owner, monkeypatch, settings):
    """The second look-up would lead elsewhere; there is none."""
    with receiver(answering(200)) as there:
        port = int(there.url.split(":")[2].split("/")[0])
        hook, _secret = hooked(owner, there.url)
        Webhook.objects.filter(id=hook.id).update(url=f"http://rebind.test:{port}/")
        publish()
        connected = []
        connect = socket.create_connection
        monkeypatch.setattr(
            socket,
            "create_connection",
            lambda to, *a, **k: connected.append(to) or connect(to, *a, **k),
        )
        original = socket.getaddrinfo
        asked = []

        def look_up(host, *args, **options):
            if host == "rebind.test":
                asked.append(host)
                assert len(asked) == 1
                host = "127.0.0.1"
            return original(host, *args, **options)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        webhooks_send()
    assert (asked, connected) == (["rebind.test"], [("127.0.0.1", port)])
    assert there.received[0][0]["host"] == f"rebind.test:{port}"


def test_410_disables_at_once_and_the_ledger_says_so(owner):
    with receiver(answering(410)) as there:
        hooked(owner, there.url)
        publish()
        webhooks_send()
    hook = Webhook.objects.get()
    assert (hook.state, hook.reason) == ("disabled", "gone")
    assert AuditEntry.objects.get(action="webhook.disabled").data == {"reason": "gone"}


def test_three_days_of_failing_disable(owner):
    with receiver(answering(503)) as there:
        hooked(owner, there.url)
        publish()
        Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3), failures=9)
        webhooks_send()
    assert Webhook.objects.get().reason == "failing_for_three_days"


def test_a_success_forgets_earlier_failures(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url)
        publish()
        Webhook.objects.update(failing_since=timezone.now() - timedelta(days=2), failures=9)
        webhooks_send()
    hook = Webhook.objects.get()
    assert (hook.failures, hook.failing_since) == (0, None)


def test_who_hangs_holds_up_nobody_else(owner):
    with receiver(hanging) as stuck, receiver(answering(200)) as good:
        for _number in range(2):
            hooked(owner, stuck.url)
        hooked(owner, good.url)
        Webhook.objects.filter(url=good.url).update(host="another.test")
        publish()
        webhooks_send()
    assert len(good.received) == 1
    assert WebhookDelivery.objects.filter(state="done").count() == 1


def test_an_endless_answer_is_read_a_little_and_its_status_counts(owner):
    def endless(there, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        while not there.ended.is_set():
            connection.sendall(b"x" * 1_000)
        return False

    with receiver(endless) as there:
        hooked(owner, there.url)
        publish()
        webhooks_send()
        assert WebhookDelivery.objects.get().state == "done"
