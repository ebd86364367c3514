"""The secrets that sign: made here, stored encrypted, shown once."""

import base64
import os
from collections.abc import Iterator
from datetime import datetime

from standardwebhooks import Webhook as Signer

from core.ciphers import current_cipher
from feed.models import Webhook

_BYTES = 32


def secret_new() -> str:
    """Return a new secret as the Standard Webhooks libraries take it."""
    return "whsec_" + base64.b64encode(os.urandom(_BYTES)).decode()


def secret_stored(secret: str) -> bytes:
    """Return a secret encrypted under the current sealing key."""
    return current_cipher().encrypt(secret.encode())


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """Return the secrets that sign now: the present one first, and the one before it for a day."""
    return list(_secrets(webhook, now))


def _secrets(webhook: Webhook, now: datetime) -> Iterator[str]:
    yield current_cipher().decrypt(bytes(webhook.secret)).decode()
    if webhook.old_secret and webhook.old_secret_until and now < webhook.old_secret_until:
        yield current_cipher().decrypt(bytes(webhook.old_secret)).decode()


def signed_headers(secrets: list[str], message_id: str, now: datetime, body: str) -> dict[str, str]:
    """Return the headers of one attempt: the same id each time, the time and signatures anew."""
    signatures = [Signer(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
        "user-agent": "Harmwatch-Webhooks/1",
    }
