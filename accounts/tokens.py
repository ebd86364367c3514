"""The form of a token's secret: ``hw_`` and 256 random bits.

A plain SHA-256 is stored: nothing that long and random can be guessed from its hash.
"""

import secrets

from core.canonical import sha256_hex

PREFIX_LENGTH = 9


def new_secret() -> str:
    """Return a new secret."""
    return "hw_" + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256_hex(secret.encode())
