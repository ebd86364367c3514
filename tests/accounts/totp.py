"""Codes as an authenticator app shows them (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time


def code_now(secret: str) -> str:
    """Return the six digits of this half minute for a secret in base32."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
