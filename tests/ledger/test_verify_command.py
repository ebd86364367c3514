"""``manage.py ledger_verify`` says that all is whole, or where it is not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from ledger.models import AuditEntry


def test_it_counts_what_it_checked_and_what_waits(
    entries: list[AuditEntry],
    audit: Callable[..., AuditEntry],
    capsys: pytest.CaptureFixture[str],
) -> None:
    audit()
    call_command("ledger_verify")

    said = capsys.readouterr().out
    assert said == "The ledger is whole: 6 entries under 3 heads; 1 not sealed yet.\n"


def test_it_fails_naming_the_first_broken_entry(
    tamper: Callable[..., None], entries: list[AuditEntry]
) -> None:
    tamper("UPDATE ledger_auditentry SET reason = '' WHERE seq IN (3, 5)")

    with pytest.raises(CommandError, match=rf"^BROKEN at audit entry {entries[2].id} \(seq 3\)"):
        call_command("ledger_verify")


def test_it_takes_heads_fetched_earlier_as_witnesses(
    tamper: Callable[..., None], client: Client, tmp_path: Path
) -> None:
    witness = tmp_path / "heads.json"
    witness.write_bytes(client.get("/.well-known/harmwatch-ledger.json").content)
    call_command("ledger_verify", witness=[str(witness)])

    tamper("DELETE FROM ledger_head WHERE number = 3")
    tamper("DELETE FROM ledger_auditentry WHERE seq > 4")
    call_command("ledger_verify")
    with pytest.raises(CommandError, match="BROKEN at audit head 3: is missing"):
        call_command("ledger_verify", witness=[str(witness)])


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "3", json.dumps({"heads": 3}), json.dumps({"heads": [{}]}), "\x00"]
)
def test_it_refuses_a_witness_that_is_none(db: None, tmp_path: Path, content: str) -> None:
    witness = tmp_path / "heads.json"
    witness.write_text(content)

    with pytest.raises(CommandError, match="cannot be read as heads"):
        call_command("ledger_verify", witness=[str(witness)])
    with pytest.raises(CommandError, match="cannot be read as heads"):
        call_command("ledger_verify", witness=[str(tmp_path / "absent")])


def test_it_refuses_a_witness_that_was_changed(
    entries: list[AuditEntry], client: Client, tmp_path: Path
) -> None:
    for name, value in {"root": "0" * 64, "number": 4, "hash": "0" * 64, "key_id": "x"}.items():
        page = client.get("/.well-known/harmwatch-ledger.json").json()
        page["heads"][1][name] = value
        witness = tmp_path / "heads.json"
        witness.write_text(json.dumps(page))

        with pytest.raises(CommandError, match="not signed with a key of this server"):
            call_command("ledger_verify", witness=[str(witness)])
