"""``python3 scripts/totp.py SECRET``: the code that an authenticator app shows now (RFC 6238)."""

import base64
import hmac
import struct
import sys
import time

STEP_S = 30


def code_now(secret: str) -> str:
    """Return the six digits of this half minute for a secret in base32."""
    counter = struct.pack(">Q", int(time.time()) // STEP_S)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    at = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[at : at + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


if __name__ == "__main__":
    print(code_now(sys.argv[1]))
