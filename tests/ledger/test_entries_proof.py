"""The proof of several entries: each path, and each head once."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import sealing, selectors
from ledger.models import AuditEntry, Head
from tests.ledger.paths import root_from_path

Audit = Callable[..., AuditEntry]


def proof_of(*entries: AuditEntry) -> dict[str, Any]:
    return selectors.entries_proof(selectors.entries_about(entry.object_id for entry in entries))


def test_entries_share_the_heads_they_lie_under(db: None, audit: Audit) -> None:
    entries = []
    for _ in range(3):
        entries += [audit(reason=f"حلب {n}") for n in range(4)]
        sealing.seal()

    proof = proof_of(entries[1], entries[2], entries[9])
    assert [head["number"] for head in proof["heads"]] == [1, 3]
    assert [(one["seq"], one["head"]) for one in proof["entries"]] == [(2, 1), (3, 1), (10, 3)]
    heads = {head["number"]: head for head in proof["heads"]}
    for one in proof["entries"]:
        head = heads[one["head"]]
        leaf = sealing.row_leaf(AuditEntry, one["entry"])
        path = [bytes.fromhex(step) for step in one["path"]]
        root = root_from_path(leaf, one["seq"] - head["first_seq"], 4, path)
        assert root.hex() == head["root"]


def test_each_says_the_same_as_its_own_proof(db: None, audit: Audit) -> None:
    entries = [audit(data={"n": n}) for n in range(5)]
    sealing.seal()
    for entry in AuditEntry.objects.filter(id__in=[entry.id for entry in entries]):
        (one,), alone = proof_of(entry)["entries"], selectors.entry_proof(entry)
        assert (one["entry"], one["path"]) == (alone["entry"], alone["path"])


def test_what_is_not_sealed_is_counted(db: None, audit: Audit) -> None:
    sealed = audit()
    sealing.seal()
    waiting = audit()
    proof = proof_of(sealed, waiting)
    assert (len(proof["entries"]), proof["pending"]) == (1, 1)
    assert proof_of(waiting) == {"entries": [], "heads": [], "pending": 1}


def test_heads_of_the_other_list_are_none(db: None, audit: Audit, emit: Any) -> None:
    emit()
    sealing.seal()
    entry = audit()
    sealing.seal()
    (head,) = proof_of(entry)["heads"]
    assert (head["list"], Head.objects.count()) == ("audit", 2)


def test_a_hundred_entries_take_as_many_queries_as_one(db: None, audit: Audit) -> None:
    def count(entries: list[AuditEntry]) -> int:
        with CaptureQueriesContext(connection) as queries:
            proof_of(*entries)
        return len(queries)

    entries = []
    for _ in range(10):
        entries += [audit() for _ in range(10)]
        sealing.seal()
    assert count(entries) == count(entries[:1])
