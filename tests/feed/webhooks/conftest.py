"""A partner who keeps webhooks, and the local address where test receivers listen."""

from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import Role
from feed.models import Audience, Kind
from feed.sealing import seal
from feed.webhooks import transport
from feed.webhooks.services import webhook_create
from tests.factories import make_actor
from tests.feed.making import entry


@pytest.fixture(autouse=True)
def local_receivers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let webhooks lead to this machine, and have nobody wait ten seconds."""
    settings.WEBHOOKS_LOCAL_ADDRESSES = ["127.0.0.1"]
    monkeypatch.setenv("WEBHOOKS_LOCAL_ADDRESSES", "127.0.0.1")
    monkeypatch.setattr(transport, "TIMEOUT_S", 1.0)


@pytest.fixture
def owner(db: None) -> Actor:
    """Is a partner."""
    return make_actor(Role.PARTNER)


def hooked(owner: Actor, url: str, **options: Any) -> Any:
    """Subscribe an address to incidents; return the webhook and its secret."""
    return webhook_create(actor=owner, url=url, **({"kinds": [Kind.INCIDENT]} | options))


def publish(count: int = 1) -> list[Any]:
    """Seal new entries of partners'."""
    entries = [entry(audience=Audience.PARTNER) for _number in range(count)]
    seal()
    return entries
