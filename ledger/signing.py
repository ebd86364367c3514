"""Ed25519 signatures over canonical JSON, and the public keys that check them."""

import base64
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from core.canonical import canonical_json, sha256_hex


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@cache
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


@cache
def _jwk(public: bytes) -> dict[str, str]:
    """Return an Ed25519 key as JWK (RFC 8037) named by its thumbprint (RFC 7638)."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": _b64url(public)}
    thumbprint = bytes.fromhex(sha256_hex(canonical_json(members)))
    return members | {"kid": _b64url(thumbprint), "alg": "EdDSA", "use": "sig"}


def _public_bytes() -> list[bytes]:
    """Return the public key that signs now, then those that did before."""
    now = _private_key(settings.SIGNING_KEY).public_key().public_bytes_raw()
    return [now, *(base64.b64decode(key) for key in settings.RETIRED_PUBLIC_KEYS)]


def key_id() -> str:
    """Return the thumbprint of the key that signs now."""
    return _jwk(_public_bytes()[0])["kid"]


def public_keys() -> dict[str, Any]:
    """Return the JWK set of the current and all retired keys."""
    return {"keys": [_jwk(public) for public in _public_bytes()]}


def public_key(kid: str) -> Ed25519PublicKey | None:
    """Return the public key of that name; None where it is none of ours."""
    for public in _public_bytes():
        if _jwk(public)["kid"] == kid:
            return Ed25519PublicKey.from_public_bytes(public)
    return None


def sign(statement: dict[str, Any]) -> str:
    """Return the signature (base64url, 64 bytes) over the canonical bytes of ``statement``."""
    return _b64url(_private_key(settings.SIGNING_KEY).sign(canonical_json(statement)))


def signature_is_good(statement: dict[str, Any], signature: str, kid: str) -> bool:
    """Tell whether the key of that name is ours and made this signature over this statement."""
    public = public_key(kid)
    if public is None:
        return False
    try:
        public.verify(base64.urlsafe_b64decode(signature + "=="), canonical_json(statement))
    except (InvalidSignature, ValueError):
        return False
    return True
