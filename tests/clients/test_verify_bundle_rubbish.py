"""Whatever stands in a bundle, even signed by the server's key, the program answers in words."""

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import canonical_json, sha256_hex
from ledger import merkle, sealing, selectors, signing
from ledger.models import Head
from tests.clients.stories import bundle_of, judged, merged_twice, signed_again

rubbish: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
fuzz = settings(
    max_examples=150, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to all members and items of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, item in inner:
        found.append((*path, name))
        if isinstance(item, (dict, list)):
            found += places(item, (*path, name))
    return found


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for name in path[:-1]:
        document = document[name]
    document[path[-1]] = value


@pytest.fixture
def good(db: None) -> dict[str, Any]:
    merged_twice()
    bundle: dict[str, Any] = json.loads(bundle_of(judged()))
    return bundle


def test_any_member_may_be_anything(program: Any, good: dict[str, Any]) -> None:
    keys = program.Keys(signing.public_keys())
    everywhere = places(good)

    @given(st.data())
    @fuzz
    def probe(data: st.DataObject) -> None:
        changed = copy.deepcopy(good)
        put(changed, data.draw(st.sampled_from(everywhere)), data.draw(rubbish))
        refused_or_proved(program, keys, signed_again(changed))

    probe()


def sealed_again(bundle: dict[str, Any]) -> bytes:
    """Return a bundle whose receipts, entries and heads were all made anew to suit it."""
    hashes = {}
    for report in bundle["reports"]:
        receipt = report["receipt"]
        receipt.pop("signature", None)
        receipt["signature"] = signing.sign(receipt)
        hashes[canonical_json(receipt.get("report_id"))] = sha256_hex(canonical_json(receipt))
    bundle["heads"] = []
    for seq, item in enumerate(bundle["entries"], 1):
        entry = item["entry"]
        if entry["action"] == "report.received" and isinstance(entry["data"], dict):
            about = canonical_json(entry["object_id"])
            entry["data"]["receipt_sha256"] = hashes.get(about, "")
        head = Head(
            list="audit", number=seq, first_seq=seq, last_seq=seq, sealed_at="", previous=""
        )
        head.root = merkle.leaf_hash(canonical_json(entry)).hex()
        statement = sealing.head_statement(head)
        head.hash = sha256_hex(canonical_json(statement))
        head.key_id, head.signature = signing.key_id(), signing.sign(statement)
        item |= {"seq": seq, "head": seq, "path": []}
        bundle["heads"].append(selectors.head_document(head))
    return signed_again(bundle)


def test_an_entry_from_before_snapshots_were_hashed_leaves_them_open(
    program: Any, good: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    keys = program.Keys(signing.public_keys())
    for item in good["entries"]:
        if item["entry"]["action"] == "incident.published":
            del item["entry"]["data"]["snapshot_sha256"]
    program.bundle_check(sealed_again(good), keys, None, [])
    assert "not proved  What was published of version 5" in capsys.readouterr().out


def test_what_was_sealed_may_be_anything(program: Any, good: dict[str, Any]) -> None:
    keys = program.Keys(signing.public_keys())
    program.bundle_check(sealed_again(copy.deepcopy(good)), keys, None, [])
    everywhere = [
        path
        for path in places(good)
        if path[0] in ("reports", "entries") and len(path) > 3 and path[-1] != "action"
    ]

    @given(st.data())
    @fuzz
    def probe(data: st.DataObject) -> None:
        changed = copy.deepcopy(good)
        put(changed, data.draw(st.sampled_from(everywhere)), data.draw(rubbish))
        refused_or_proved(program, keys, sealed_again(changed))

    probe()


def test_members_may_be_missing(program: Any, good: dict[str, Any]) -> None:
    keys = program.Keys(signing.public_keys())
    for path in places(good)[::3]:
        changed = copy.deepcopy(good)
        holder = changed
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]
        refused_or_proved(program, keys, signed_again(changed))


def test_any_document_may_be_given(program: Any) -> None:
    keys = program.Keys(signing.public_keys())

    @given(rubbish)
    @fuzz
    def probe(document: Any) -> None:
        with pytest.raises(program.Refused):
            program.bundle_check(canonical_json(document), keys, None, [])

    probe()


def refused_or_proved(program: Any, keys: Any, bundle: bytes) -> None:
    with contextlib.suppress(program.Refused):
        program.bundle_check(bundle, keys, None, [])


@pytest.mark.parametrize(
    "bundle", [b"", b"\x00", b"{", b"[]", b"3", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000]
)
def test_rubbish_is_refused(program: Any, bundle: bytes) -> None:
    with pytest.raises(program.Refused):
        program.bundle_check(bundle, program.Keys(signing.public_keys()), None, [])
