"""A head that was changed, cut out or cut off is named; a witness shows even what fits together."""

from collections.abc import Callable
from typing import Any

from core.canonical import canonical_json, sha256_hex
from ledger import merkle, sealing, selectors
from ledger.models import AuditEntry, Head
from ledger.verify import first_breach

Tamper = Callable[..., None]


def found(**witnesses: Any) -> str:
    return str(first_breach(**witnesses))


def test_a_changed_head_is_named(tamper: Tamper) -> None:
    for column, value in {
        "root": "0" * 64,
        "first_seq": 2,
        "last_seq": 5,
        "previous": "0" * 64,
        "sealed_at": "2026-01-01T00:00:00Z",
        "hash": "0" * 64,
    }.items():
        before = Head.objects.values_list(column, flat=True).get(number=2)
        tamper(f"UPDATE ledger_head SET {column} = %s WHERE number = 2", value)
        assert found() == "audit head 2: its content does not match its hash"
        tamper(f"UPDATE ledger_head SET {column} = %s WHERE number = 2", before)
    assert first_breach() is None


def test_changing_all_that_fits_together_ends_at_the_signature(tamper: Tamper) -> None:
    tamper("UPDATE ledger_auditentry SET reason = 'reason 7' WHERE seq = 4")
    row = AuditEntry.objects.filter(seq=4).values(*AuditEntry.CONTENT).get()
    first = sealing.head_leaves(Head.objects.get(number=2))[0]
    leaves = [first, sealing.row_leaf(AuditEntry, row)]
    change = "UPDATE ledger_head SET {} = %s WHERE number = 2"

    tamper(change.format("leaves"), b"".join(leaves))
    assert found() == "audit head 2: its leaves do not lead to its signed root"

    tamper(change.format("root"), merkle.tree_root(leaves).hex())
    assert found() == "audit head 2: its content does not match its hash"

    statement = sealing.head_statement(Head.objects.get(number=2))
    tamper(change.format("hash"), sha256_hex(canonical_json(statement)))
    assert found() == "audit head 2: its signature is not good"


def test_leaves_that_are_too_few_are_named(tamper: Tamper) -> None:
    for leaves in (b"", b"x" * 32):
        tamper("UPDATE ledger_head SET leaves = %s WHERE number = 3", leaves)
        assert found() == "audit head 3: has not one leaf for each entry"


def test_an_unknown_key_is_named(entries: list[AuditEntry], settings: Any) -> None:
    settings.SIGNING_KEY = "A" * 43 + "="
    assert found() == "audit head 1: it is signed with a key that is not known"


def test_a_retired_key_is_known(entries: list[AuditEntry], settings: Any) -> None:
    settings.RETIRED_PUBLIC_KEYS = [now_public_key()]
    settings.SIGNING_KEY = "A" * 43 + "="
    assert first_breach() is None


def now_public_key() -> str:
    import base64

    from ledger.signing import key_id, public_key

    key = public_key(key_id())
    assert key is not None
    return base64.b64encode(key.public_bytes_raw()).decode()


def test_a_deleted_head_is_named(tamper: Tamper) -> None:
    tamper("DELETE FROM ledger_head WHERE number = 2")
    assert found() == "audit head 2: is missing"


def test_rows_whose_last_head_was_deleted_are_named(
    tamper: Tamper, entries: list[AuditEntry]
) -> None:
    tamper("DELETE FROM ledger_head WHERE number = 3")
    assert found() == f"audit entry {entries[4].id} (seq 5): lies under no head"


def test_heads_cut_off_with_their_rows_are_missed_by_a_witness(
    tamper: Tamper, entries: list[AuditEntry]
) -> None:
    witness = selectors.head_document(Head.objects.get(number=3))
    tamper("DELETE FROM ledger_head WHERE number = 3")
    tamper("DELETE FROM ledger_auditentry WHERE seq > 4")

    assert first_breach() is None, "the rest fits together"
    assert found(witnesses=[witness]) == "audit head 3: is missing"


def test_a_ledger_sealed_anew_with_the_real_key_differs_from_the_witness(
    tamper: Tamper, entries: list[AuditEntry]
) -> None:
    witness = selectors.head_document(Head.objects.get(number=2))
    tamper("DELETE FROM ledger_head")
    tamper("UPDATE ledger_auditentry SET seq = NULL, sealed_at = NULL, reason = 'another'")
    sealing.seal()

    assert first_breach() is None
    assert found(witnesses=[witness]) == "audit head 2: is not the one that was witnessed"
