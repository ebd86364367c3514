"""``harmwatch_verify.py receipt``: what a receipt proves, and what makes it fail."""

import base64
import string
from collections.abc import Callable
from typing import Any

import pytest

from core.canonical import sha256_hex
from ledger import signing

Check = Callable[..., tuple[int, str]]


def sign_again(answer: dict[str, Any]) -> None:
    """Sign the receipt as the server would have."""
    receipt = answer["receipt"]
    receipt.pop("signature")
    receipt["signature"] = signing.sign(receipt)


def test_a_good_receipt_proves_the_file_and_what_was_sealed(
    check: Check, answer: dict[str, Any], body: bytes
) -> None:
    code, said = check("receipt", answer, body=body)
    assert code == 0
    assert "report 0190a7b0-0000-7000-8000-000000000001 of organisation 0190a7b0" in said
    assert "2026-11-21T05:00:00.123456Z" in said
    assert "The file is, byte for byte, what was received." in said
    assert "The sealed value at sources[1].identity is the one in the file." in said
    assert "The sealed value at reporter is the one in the file." in said
    assert "FAILED" not in said


def test_it_says_what_it_does_not_prove(check: Check, answer: dict[str, Any], body: bytes) -> None:
    _, said = check("receipt", answer, body=body)
    assert "not proved  That what was reported is true" in said
    assert "not proved  That the keys file is the server's" in said

    code, said = check("receipt", answer)
    assert code == 0
    assert "not proved  That a file you hold is what was sent" in said
    assert "not proved  What 2 sealed value(s) were" in said


def test_the_receipt_alone_will_do(check: Check, answer: dict[str, Any], body: bytes) -> None:
    code, said = check("receipt", answer["receipt"], body=body)
    assert code == 0
    assert "What 2 sealed value(s) were: that takes the whole" in said


def test_a_file_that_is_no_json_is_proved_by_its_bytes(
    check: Check, answer: dict[str, Any]
) -> None:
    form = "<data>قصف</data>".encode()
    answer["receipt"]["body_sha256"] = sha256_hex(form)
    sign_again(answer)
    code, said = check("receipt", answer, body=form)
    assert code == 0
    assert "The file is, byte for byte, what was received." in said
    assert "What 2 sealed value(s) were" in said


def test_one_byte_of_the_file_makes_it_fail(
    check: Check, answer: dict[str, Any], body: bytes
) -> None:
    code, said = check("receipt", answer, body=body + b"\n")
    assert code == 1
    assert "FAILED      The file is not what was received." in said


@pytest.mark.parametrize(
    "name", ["report_id", "organisation_id", "received_at", "body_sha256", "type", "key_id"]
)
def test_one_changed_member_makes_it_fail(check: Check, answer: dict[str, Any], name: str) -> None:
    answer["receipt"][name] += "0"
    code, said = check("receipt", answer)
    assert code == 1
    assert "FAILED" in said
    assert "\nproved" not in f"\n{said}"


def other_first_letter(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


def same_bytes_in_other_letters(text: str) -> str:
    """Set a bit of the last letter that stands for none of the 64 bytes."""
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    return text[:-1] + letters[letters.index(text[-1]) | 1]


def test_a_changed_report_or_signature_makes_it_fail(check: Check, answer: dict[str, Any]) -> None:
    receipt = answer["receipt"]
    for forged in (
        receipt | {"report": receipt["report"] | {"title": "x"}},
        receipt | {"another": 1},
        receipt | {"signature": other_first_letter(receipt["signature"])},
        receipt | {"signature": same_bytes_in_other_letters(receipt["signature"])},
        receipt | {"signature": "!"},
        receipt | {"signature": ""},
    ):
        code, said = check("receipt", forged)
        assert code == 1
        assert "FAILED" in said


def test_another_sealed_value_makes_it_fail(check: Check, answer: dict[str, Any]) -> None:
    for name in (b'"identity": "\xd8\xa3\xd9\x85"', b'"other": 1'):
        body = b'{"sources": [{}, {' + name + b'}], "reporter": {"name": "Layla"}}'
        answer["receipt"]["body_sha256"] = sha256_hex(body)
        sign_again(answer)
        code, said = check("receipt", answer, body=body)
        assert code == 1
        assert "The sealed value at sources[1].identity is not the one in the file." in said


def test_salts_of_another_report_make_it_fail(
    check: Check, answer: dict[str, Any], body: bytes
) -> None:
    whole = answer["salts"]
    for salts in (
        whole | {"sources[0].identity": whole["reporter"]},
        whole | {"reporter": {"salt": "00" * 32}},
        whole | {"reporter": {"salt": "zz"}},
        whole | {"reporter": "00"},
        [],
    ):
        code, said = check("receipt", answer | {"salts": salts}, body=body)
        assert code == 1
        assert "FAILED" in said


def test_the_receipt_of_another_report_makes_it_fail(check: Check, answer: dict[str, Any]) -> None:
    code, said = check("receipt", answer | {"id": "another"})
    assert code == 1
    assert "speak of different reports" in said


def test_a_key_that_is_not_listed_makes_it_fail(check: Check, answer: dict[str, Any]) -> None:
    [jwk] = signing.public_keys()["keys"]
    foreign = jwk | {"x": base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")}
    for keys in ({"keys": []}, {"keys": [foreign]}, {"keys": [{"kty": "RSA"}, 3]}):
        code, said = check("receipt", answer, keys=keys)
        assert code == 1
        assert "which the keys file lacks" in said


def test_a_key_is_found_by_its_own_hash_whatever_name_it_bears(
    check: Check, answer: dict[str, Any]
) -> None:
    [jwk] = signing.public_keys()["keys"]
    assert check("receipt", answer, keys={"keys": [{"kty": "RSA"}, jwk | {"kid": "x"}]})[0] == 0
