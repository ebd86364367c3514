"""The receiver that docs/api.md shows works as it stands there."""

import re
import threading
from pathlib import Path

from feed.models import WebhookDelivery
from feed.webhooks.sending import webhooks_send
from feed.webhooks.services import webhook_ping, webhook_rotate
from tests.feed.webhooks.conftest import hooked, publish

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


def test_it_takes_entries_and_pings_and_refuses_other_secrets(owner, monkeypatch, capsys):
    hook, secret = hooked(owner, "http://127.0.0.1:1/")
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    source = re.search(r"```python\n(import os\nfrom http.*?)```", DOCUMENT.read_text(), re.S)[1]
    source = source.replace(
        'HTTPServer(("127.0.0.1", 9000)', 'server = HTTPServer(("127.0.0.1", 0)'
    )
    names = {}
    exec(source.replace(".serve_forever()", ""), names)
    with names["server"] as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hook.url = f"http://127.0.0.1:{server.server_port}/"
        hook.save()
        publish(2)
        webhook_ping(actor=owner, webhook_id=hook.id)
        webhooks_send()
        states = WebhookDelivery.objects.values_list("state", "status_code")
        assert list(states) == [("done", 204)] * 3
        for _twice in range(2):
            webhook_rotate(actor=owner, webhook_id=hook.id)
        publish()
        webhooks_send()
        server.shutdown()
    assert WebhookDelivery.objects.get(seq=3).status_code == 400
    assert capsys.readouterr().out.split().count("incident") == 2
