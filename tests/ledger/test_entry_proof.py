"""What ``ledger_proof`` prints proves one entry; the client's own tests check that it convinces."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from ledger import sealing, selectors
from ledger.models import AuditEntry, Head
from tests.ledger.paths import root_from_path

Audit = Callable[..., AuditEntry]


def proof_of(entry: object, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    call_command("ledger_proof", str(entry))
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_path_leads_from_the_entry_to_the_root_of_its_batch(
    db: None, audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    audit()
    sealing.seal()
    entries = [audit(reason=f"حلب {n}") for n in range(5)]
    sealing.seal()

    for place, entry in enumerate(entries):
        proof = proof_of(entry.id, capsys)
        assert (proof["type"], proof["seq"]) == ("harmwatch.ledger-entry.v1", place + 2)
        leaf = sealing.row_leaf(AuditEntry, proof["entry"])
        path = [bytes.fromhex(step) for step in proof["path"]]
        root = root_from_path(leaf, place, len(entries), path)
        assert root.hex() == proof["heads"][0]["root"]


def test_an_entry_is_named_by_its_number_too(
    db: None, audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = audit()
    sealing.seal()
    assert proof_of(1, capsys) == proof_of(entry.id, capsys)


def test_the_heads_go_on_to_the_newest(
    db: None, audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    first = audit()
    for _ in range(3):
        sealing.seal()
        audit()
    sealing.seal()

    heads = proof_of(first.id, capsys)["heads"]
    assert [head["number"] for head in heads] == [1, 2, 3, 4]
    published = [selectors.head_document(head) for head in Head.objects.order_by("number")]
    assert [head["hash"] for head in heads] == [head["hash"] for head in published]


def test_what_is_not_sealed_cannot_be_proved(db: None, audit: Audit) -> None:
    entry = audit()
    for key in (str(entry.id), str(uuid4()), "1"):
        with pytest.raises(CommandError, match="no sealed entry"):
            call_command("ledger_proof", key)
    with pytest.raises(ValueError, match="not sealed yet"):
        selectors.entry_proof(entry)


def test_rubbish_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="by its id or by its seq"):
        call_command("ledger_proof", "first")
