"""A proof bundle of which one byte differs proves nothing."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.canonical import canonical_json
from incidents.models import Incident
from ledger import signing
from tests.clients.stories import bundle_of, judged, small

Check = Callable[..., tuple[int, str]]


def refused(program: ModuleType, bundle: bytes) -> bool:
    """Tell whether the program refuses a bundle; whatever else it raises fails the test."""
    try:
        program.bundle_check(bundle, program.Keys(signing.public_keys()), None, [])
    except program.Refused as refusal:
        return bool(str(refusal))
    return False


def with_one_byte_changed(bundle: bytes, step: int) -> Iterator[bytes]:
    """Return the bundle with one bit of one byte turned, another bit at each place."""
    for place in range(0, len(bundle), step):
        changed = bytearray(bundle)
        changed[place] ^= 1 << place % 8
        yield bytes(changed)


@pytest.mark.parametrize(
    ("story", "step"), [(small, 1), (judged, 11)], ids=["every byte", "every eleventh of a large"]
)
def test_any_byte_changed(
    db: None, program: ModuleType, story: Callable[[], Incident], step: int
) -> None:
    bundle = bundle_of(story())
    assert not refused(program, bundle)
    assert all(refused(program, changed) for changed in with_one_byte_changed(bundle, step))


def test_a_byte_missing_or_too_many(db: None, program: ModuleType) -> None:
    bundle = bundle_of(small())
    for place in range(0, len(bundle), 11):
        assert refused(program, bundle[:place] + bundle[place + 1 :])
        assert refused(program, bundle[:place] + b" " + bundle[place:])
    for changed in (b"\xef\xbb\xbf" + bundle, bundle + b"\n", bundle[:-1], b""):
        assert refused(program, changed)


def test_the_same_document_in_other_bytes(db: None, program: ModuleType) -> None:
    bundle = bundle_of(small())
    for same in (
        bundle.replace(b'"version":1,', b'"version":1.0,'),
        bundle.replace(b'"version":1,', b'"version":1e0,'),
        bundle.replace(b"Barrel", b"\\u0042arrel"),
        json.dumps(json.loads(bundle)).encode(),
        bundle.replace(b'{"assessments":[],', b'{"assessments":[],"assessments":[],'),
    ):
        assert same != bundle
        assert refused(program, same)


def test_who_holds_no_key_can_forge_none(db: None, check: Check) -> None:
    forged: dict[str, Any] = json.loads(bundle_of(small()))
    signature = forged.pop("signature")
    forged["incident"]["title"] = "Nothing happened"
    key = Ed25519PrivateKey.generate()
    other = signing._b64url(key.sign(canonical_json(forged)))
    for attempt in (other, signature, "", "A" * 86):
        code, said = check("bundle", canonical_json(forged | {"signature": attempt}))
        assert code == 1
        assert "The signature of the bundle is not good" in said

    jwk = signing._jwk(key.public_key().public_bytes_raw())
    forged["key_id"] = jwk["kid"]
    own = canonical_json(forged | {"signature": signing._b64url(key.sign(canonical_json(forged)))})
    code, said = check("bundle", own)
    assert (code, "which the keys file lacks" in said) == (1, True)


@pytest.mark.parametrize("command", ["receipt", "entry", "evidence"])
def test_a_bundle_is_nothing_else(db: None, check: Check, command: str) -> None:
    assert check(command, bundle_of(small()))[0] == 1
    assert check("bundle", canonical_json({"type": "harmwatch.receipt.v1"}))[0] == 1
