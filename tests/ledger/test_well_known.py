"""What outsiders fetch: the public keys and the signed heads."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from core.canonical import canonical_json
from ledger import sealing, signing
from ledger.models import AuditEntry

KEYS = "/.well-known/harmwatch-keys.json"
HEADS = "/.well-known/harmwatch-ledger.json"


@pytest.fixture
def three_heads(db: None, audit: Callable[..., AuditEntry]) -> None:
    for _ in range(3):
        audit()
        sealing.seal()


def numbers(answer: Any) -> list[int]:
    return [head["number"] for head in answer.json()["heads"]]


def test_the_keys_are_a_jwk_set_of_present_and_past(client: Client, settings: Any) -> None:
    old = base64.b64encode(bytes(range(32))).decode()
    settings.RETIRED_PUBLIC_KEYS = [old]

    answer = client.get(KEYS)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/jwk-set+json"
    assert "max-age=" in answer["Cache-Control"]
    now, before = answer.json()["keys"]
    assert now["kid"] == signing.key_id()
    assert (now["kty"], now["crv"], now["alg"], now["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert base64.urlsafe_b64decode(before["x"] + "=") == bytes(range(32))
    assert all("d" not in key for key in (now, before)), "no private part"


def test_a_key_is_named_by_its_rfc_7638_thumbprint(client: Client, settings: Any) -> None:
    """The example of RFC 8037, appendix A.3."""
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    settings.RETIRED_PUBLIC_KEYS = [base64.b64encode(public).decode()]

    key = client.get(KEYS).json()["keys"][1]
    assert key["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_heads_come_newest_first_and_signed(three_heads: None, client: Client) -> None:
    answer = client.get(HEADS)

    assert answer["Content-Type"] == "application/json"
    assert "max-age=" in answer["Cache-Control"]
    assert answer.json()["list"] == "audit"
    assert numbers(answer) == [3, 2, 1]
    [jwk] = client.get(KEYS).json()["keys"]
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
    for head in answer.json()["heads"]:
        signature = base64.urlsafe_b64decode(head.pop("signature") + "==")
        head.pop("hash")
        assert head.pop("key_id") == jwk["kid"]
        key.verify(signature, canonical_json(head))


def test_heads_are_paged_and_not_sent_with_their_leaves(three_heads: None, client: Client) -> None:
    assert numbers(client.get(HEADS, {"limit": "2"})) == [3, 2]
    assert numbers(client.get(HEADS, {"limit": "2", "before": "2"})) == [1]
    assert numbers(client.get(HEADS, {"limit": "9000000000"})) == [3, 2, 1]
    assert "leaves" not in client.get(HEADS).json()["heads"][0]


def test_the_events_have_heads_of_their_own(
    three_heads: None, client: Client, emit: Callable[..., Any]
) -> None:
    assert client.get(HEADS, {"list": "events"}).json() == {"heads": [], "list": "events"}
    emit()
    sealing.seal()
    assert numbers(client.get(HEADS, {"list": "events"})) == [1]


@pytest.mark.parametrize(
    "query",
    ["list=reports", "before=0", "before=-1", "before=x", "before=1.5", "limit=0", "limit=",
     "before=9223372036854775808", "limit=" + "9" * 5000, "before=%00", "before=٣"],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(db: None, client: Client, query: str) -> None:
    answer = client.get(f"{HEADS}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize("path", [KEYS, HEADS])
def test_they_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
