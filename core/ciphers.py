"""What encrypts at rest, under keys kept outside the database."""

import base64
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    raw = (base64.b64decode(key) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in raw])


def current_cipher() -> MultiFernet:
    """Return what encrypts under the current sealing key, and decrypts under all."""
    return _cipher(tuple(settings.SEALING_KEYS))
