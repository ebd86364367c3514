"""What a receiver is sent: every entry once, in order, signed; nothing that was redacted."""

import json
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from standardwebhooks import Webhook as Verifier

from accounts.models import Membership
from feed.changes import changes_after
from feed.models import Audience, Change, Kind, LogEntry, Webhook, WebhookDelivery
from feed.redaction import redaction_write
from feed.sealing import seal
from feed.webhooks.claims import RUN, run_claim
from feed.webhooks.selectors import ABANDONED_AFTER
from feed.webhooks.sending import deliveries_forget, webhooks_send
from feed.webhooks.services import (
    webhook_pause,
    webhook_ping,
    webhook_replay,
    webhook_resume,
    webhook_rotate,
)
from ledger.services import audit_record
from tests.feed.webhooks.conftest import hooked, publish
from tests.feed.webhooks.receivers import answering, receiver


def bodies(there):
    return [body.decode() for _headers, body in there.received]


def lines(seq=0):
    return list(changes_after(Audience.PARTNER, seq, 1_000, ()).lines)


def now_due():
    Webhook.objects.update(not_before=timezone.now())


def redacted(object_id):
    audit_record(
        actor=None,
        action="incident.redacted",
        object_type="incident",
        object_id=object_id,
        data={"version": 2},
    )
    redaction_write(object_id=object_id, version=2)
    seal()


def test_a_receiver_gets_each_entry_once_in_order_as_changes_gives_it(owner):
    with receiver(answering(200)) as there:
        publish(2)
        hooked(owner, there.url)
        publish(2 * RUN + 3)
        webhooks_send()
        webhooks_send()
    assert bodies(there) == lines(2)
    assert len(set(there.ids())) == 2 * RUN + 3
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("done", 1)}


def test_the_library_verifies_and_a_run_shares_a_connection(owner):
    with receiver(answering(204)) as there:
        _hook, secret = hooked(owner, there.url)
        publish(3)
        webhooks_send()
    for headers, body in there.received:
        assert Verifier(secret).verify(body, headers)["kind"] == "incident"
    assert there.connections == 1


def test_both_secrets_verify_while_one_rotates_then_the_new_one_alone(owner):
    with receiver(answering(200)) as there:
        hook, old = hooked(owner, there.url)
        _hook, new = webhook_rotate(actor=owner, webhook_id=hook.id)
        publish()
        webhooks_send()
        Webhook.objects.update(old_secret_until=timezone.now())
        publish()
        webhooks_send()
    (both, first), (one, second) = there.received
    for secret in (old, new):
        Verifier(secret).verify(first, both)
    Verifier(new).verify(second, one)
    assert len(one["webhook-signature"].split()) == 1


def test_a_retry_has_the_same_id_and_body_and_a_fresh_timestamp(owner, monkeypatch):
    statuses = iter([500, 200])
    later = timezone.now() + timedelta(seconds=100)
    with receiver(lambda r, c: answering(next(statuses))(r, c)) as there:
        hooked(owner, there.url)
        publish()
        webhooks_send()
        now_due()
        monkeypatch.setattr("feed.webhooks.sending.timezone.now", lambda: later)
        webhooks_send()
    (first, body), (second, again) = there.received
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_kinds_that_nobody_asked_for_are_left_out(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url, kinds=["risk_cell"])
        publish(2)
        webhooks_send()
    assert there.received == []
    assert Webhook.objects.get().last_seq == 2


def test_who_asked_for_risk_gets_exactly_its_cells(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url, kinds=["risk_cell"])
        publish()
        cells = [risk_cell() for _number in range(3)]
        publish()
        webhooks_send()
    told = [json.loads(body) for body in bodies(there)]
    assert [one["kind"] for one in told] == ["risk_cell"] * 3
    assert [one["id"] for one in told] == [str(cell.object_id) for cell in cells]
    assert [one["feature"]["properties"]["cell"] for one in told] == ["862c1c6dfffffff"] * 3


def risk_cell():
    properties = {"version": 1, "cell": "862c1c6dfffffff"}
    feature = {"type": "Feature", "id": "x", "geometry": None, "properties": properties}
    made = LogEntry.objects.create(
        audience=Audience.PARTNER,
        kind=Kind.RISK_CELL,
        object_id=uuid4(),
        object_version=1,
        change=Change.CREATED,
        feature=json.dumps(feature),
    )
    seal()
    return made


def test_what_a_killed_worker_claimed_is_sent_again_under_the_same_id(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url)
        publish()
        lost = run_claim([])
        webhooks_send()
        assert there.received == []
        Webhook.objects.update(claimed_at=timezone.now() - ABANDONED_AFTER * 2)
        webhooks_send()
    assert there.ids() == [str(item.id) for item in lost.items]
    assert WebhookDelivery.objects.get().attempts == 2


def test_what_was_redacted_before_a_retry_is_not_sent(owner):
    statuses = iter([500, 200, 200])
    with receiver(lambda r, c: answering(next(statuses))(r, c)) as there:
        hooked(owner, there.url)
        (one,) = publish()
        webhooks_send()
        redacted(one.object_id)
        now_due()
        webhooks_send()
    before, after, tombstone = (json.loads(body) for _headers, body in there.received)
    assert before["feature"]
    assert (after["feature"], after["salt"], after["redacted"]) == (None, None, True)
    assert (tombstone["change"], tombstone["feature"]) == ("redacted", None)


def test_replay_sends_from_an_entry_on_under_the_same_ids(owner):
    with receiver(answering(200)) as there:
        hook, _secret = hooked(owner, there.url)
        publish(3)
        webhooks_send()
        webhook_replay(actor=owner, webhook_id=hook.id, from_seq=2)
        webhooks_send()
    assert there.ids()[3:] == there.ids()[1:3]


def test_a_paused_one_misses_nothing(owner):
    with receiver(answering(200)) as there:
        hook, _secret = hooked(owner, there.url)
        webhook_pause(actor=owner, webhook_id=hook.id)
        publish(2)
        webhooks_send()
        assert there.received == []
        webhook_resume(actor=owner, webhook_id=hook.id)
        webhooks_send()
    assert len(there.received) == 2


def test_a_ping_is_sent_whatever_the_state_and_only_once(owner):
    with receiver(answering(500)) as there:
        hook, secret = hooked(owner, there.url)
        webhook_pause(actor=owner, webhook_id=hook.id)
        webhook_ping(actor=owner, webhook_id=hook.id)
        webhooks_send()
        webhooks_send()
    ((headers, body),) = there.received
    assert Verifier(secret).verify(body, headers) == {"kind": "ping", "webhook": str(hook.id)}
    ping = WebhookDelivery.objects.get()
    assert (ping.state, ping.status_code, ping.error) == ("failed", 500, "refused")
    assert Webhook.objects.get().failures == 0


def test_an_owner_who_left_is_told_nothing_more(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url)
        publish()
        Membership.objects.filter(user_id=owner.id).update(ended_at=timezone.now())
        webhooks_send()
    assert there.received == []
    hook = Webhook.objects.get()
    assert (hook.state, hook.reason) == ("disabled", "owner_may_no_longer")


def test_finished_deliveries_are_forgotten_after_a_month(owner):
    with receiver(answering(200)) as there:
        hooked(owner, there.url)
        publish(2)
        webhooks_send()
    first = WebhookDelivery.objects.order_by("seq").first()
    WebhookDelivery.objects.filter(id=first.id).update(
        finished_at=timezone.now() - timedelta(days=31)
    )
    deliveries_forget()
    assert WebhookDelivery.objects.get().seq == 2
