"""``harmwatch_verify.py entry``: from one entry to its signed head, and on to a witness."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.canonical import canonical_json, sha256_hex
from core.ids import uuid7
from ledger import sealing, selectors, signing
from ledger.models import AuditEntry, Head
from ledger.services import audit_record

Check = Callable[..., tuple[int, str]]
HEADS = "/.well-known/harmwatch-ledger.json"


@pytest.fixture
def ledger(db: None) -> None:
    """Seal four heads over five entries each."""
    for batch in range(4):
        for number in range(5):
            audit_record(
                actor=None,
                action="test.done",
                object_type="thing",
                object_id=uuid7(),
                object_label="حلب",
                data={"batch": batch, "n": number / 3},
            )
        sealing.seal()


@pytest.fixture
def proof(ledger: None) -> dict[str, Any]:
    """Return the proof of entry 8, under head 2 of 4."""
    document: dict[str, Any] = json.loads(
        canonical_json(selectors.entry_proof(AuditEntry.objects.get(seq=8)))
    )
    return document


def sign_again(head: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a head with changes, signed as the server itself would sign it."""
    statement = {
        name: value
        for name, value in (head | changes).items()
        if name not in ("hash", "key_id", "signature")
    }
    hash_ = sha256_hex(canonical_json(statement))
    signed = {"key_id": signing.key_id(), "signature": signing.sign(statement)}
    return statement | {"hash": hash_} | signed


def test_every_entry_can_be_proved(check: Check, ledger: None) -> None:
    for entry in AuditEntry.objects.all():
        code, said = check("entry", json.loads(canonical_json(selectors.entry_proof(entry))))
        assert code == 0
        assert f"The entry is number {entry.seq} of the ledger's list 'audit'" in said
        assert "not proved  That the server shows everybody this same ledger" in said


def test_a_head_fetched_earlier_is_the_witness(
    check: Check, proof: dict[str, Any], client: Client
) -> None:
    page = client.get(HEADS).json()
    code, said = check("entry", proof, head=page)
    assert (code, "Head 4 is the one that was witnessed" in said) == (0, True)

    code, said = check("entry", proof, head=page["heads"][2])
    assert (code, "Head 2 is the one that was witnessed" in said) == (0, True)


def test_a_witness_from_before_the_entry_or_after_the_proof_says_nothing(
    check: Check, proof: dict[str, Any], client: Client
) -> None:
    heads = client.get(HEADS).json()["heads"]
    short = proof | {"heads": proof["heads"][:1]}
    for document, witness in ((proof, heads[3]), (short, heads[0]), (proof, {"heads": []})):
        code, said = check("entry", document, head=witness)
        assert code == 1
        assert "No witnessed head is among heads" in said


def test_a_server_that_signed_two_ledgers_is_found_out(check: Check, proof: dict[str, Any]) -> None:
    other = sign_again(proof["heads"][1], root="0" * 64)
    code, said = check("entry", proof, head=other)
    assert code == 1
    assert "the server signed two different ledgers" in said


def test_a_forged_witness_is_none(check: Check, proof: dict[str, Any]) -> None:
    for change in ({"root": "0" * 64}, {"hash": "0" * 64}, {"key_id": "x"}, {"number": 9}):
        code, said = check("entry", proof, head=proof["heads"][1] | change)
        assert code == 1
        assert "FAILED" in said


def test_a_changed_entry_fails(check: Check, proof: dict[str, Any]) -> None:
    for name in AuditEntry.CONTENT:
        changed = proof | {"entry": proof["entry"] | {name: "another"}}
        code, said = check("entry", changed)
        assert code == 1
        assert "The entry 8 is not what was sealed" in said


def test_another_place_in_the_ledger_fails(check: Check, proof: dict[str, Any]) -> None:
    for seq in (7, 9, 1, 20, 0, -1):
        assert check("entry", proof | {"seq": seq})[0] == 1


def test_a_changed_path_fails(check: Check, proof: dict[str, Any]) -> None:
    path = proof["path"]
    for forged in ([], path[:-1], [*path, path[0]], path[::-1], ["zz"], [3], [None]):
        code, said = check("entry", proof | {"path": forged})
        assert code == 1
        assert "FAILED" in said


def test_heads_that_do_not_follow_each_other_fail(check: Check, proof: dict[str, Any]) -> None:
    first, second, third = proof["heads"]
    for chain in (
        [],
        [second, third],
        [first, third],
        [first, second | {"previous": "0" * 64}],
        [first, sign_again(second, previous="0" * 64)],
        [first, sign_again(second, number=7)],
        [first, sign_again(second, first_seq=12)],
        [first, sign_again(second, list="events")],
        [first | {"last_seq": 11}],
        [3],
        [{}],
    ):
        code, said = check("entry", proof | {"heads": chain})
        assert code == 1
        assert "FAILED" in said


def test_the_proof_that_the_command_prints_is_taken(
    check: Check, ledger: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import call_command

    call_command("ledger_proof", "20")
    printed = capsys.readouterr().out
    code, said = check("entry", printed.encode())
    assert code == 0
    assert f"Heads 4 to {Head.objects.count()} follow each other" in said
