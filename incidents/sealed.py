"""Sealed fields: encrypted at rest, and stood for everywhere else by a salted digest.

The digest is SHA-256 over 32 random bytes and the UTF-8 text. The sender gets the salts once, with
the receipt, and can prove later what was sealed; nobody else can try names against a digest.
"""

import json
import os
from dataclasses import dataclass

from core.canonical import sha256_hex
from core.ciphers import current_cipher


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text: what is stored, what stands for it, and the salt for its sender."""

    ciphertext: bytes
    digest: str
    salt: str


def seal_text(text: str) -> Sealed:
    """Encrypt a text under the current key."""
    salt = os.urandom(32)
    content = json.dumps({"text": text, "salt": salt.hex()}).encode()
    return Sealed(
        ciphertext=current_cipher().encrypt(content),
        digest=sha256_hex(salt + text.encode()),
        salt=salt.hex(),
    )


def text_of(ciphertext: bytes | memoryview) -> str:
    """Return a sealed text: for ``services.sealed_reading`` alone, which tells the ledger."""
    content = json.loads(current_cipher().decrypt(bytes(ciphertext)))
    return str(content["text"])


def salt_of(ciphertext: bytes | memoryview) -> str:
    """Return the salt (hex) of a sealed text, for its sender; not the text itself."""
    content = json.loads(current_cipher().decrypt(bytes(ciphertext)))
    return str(content["salt"])
