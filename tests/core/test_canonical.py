"""One content has one hash: canonical JSON as RFC 8785 says, whatever way the content took."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import pytest
import rfc8785
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import canonical_json, sha256_hex, utc_text

numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | st.text()
documents = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(documents)
def test_it_writes_what_rfc_8785_says(document: Any) -> None:
    assert canonical_json(document) == rfc8785.dumps(document)


@given(st.lists(st.floats(-1e17, 1e17) | st.floats(-1e-2, 1e-2)))
@settings(max_examples=500)
def test_fractions_are_written_as_ecmascript_does(fractions: list[float]) -> None:
    assert canonical_json(fractions) == rfc8785.dumps(fractions)


@given(documents)
def test_reading_it_and_writing_it_again_changes_nothing(document: Any) -> None:
    written = canonical_json(document)
    assert canonical_json(json.loads(written)) == written


storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.recursive(numbers | storable, lambda inner: st.dictionaries(storable, inner)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_a_stay_in_the_database_changes_nothing(db: None, document: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb", [json.dumps(document)])
        stored = cursor.fetchone()[0]
    assert canonical_json(json.loads(stored)) == canonical_json(document)


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"é": 1, "\U0001f600": 2, "\ufb33": 3}, '{"é":1,"\U0001f600":2,"\ufb33":3}'),
        ('\x00\x1f"\\/\n€', '"\\u0000\\u001f\\"\\\\/\\n€"'),
        ([1.0, -0.0, 1e21, 1e-7, 0.1], "[1,0,1e+21,1e-7,0.1]"),
        (10**22, "1e+22"),
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=3))), '"2026-01-02T00:00:00Z"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Decimal("1.50"), "1.5"),
        ((Colour.RED, {Colour.RED: 1}), '["red",{"red":1}]'),
    ],
)
def test_what_we_store_is_written_so(value: Any, written: str) -> None:
    assert canonical_json(value).decode() == written


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), 2**53 + 1, -(10**400), "\ud800", {"\ud800": 1},
     object(), {1, 2}, datetime(2026, 1, 1)],
)  # fmt: skip
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    for wrapped in (value, [value], {"a": value}):
        with pytest.raises(ValueError, match=r"."):
            canonical_json(wrapped)


@given(documents, documents)
def test_what_was_written_before_may_stand_in_it(part: Any, other: Any) -> None:
    written = msgspec.Raw(canonical_json(part))
    whole = canonical_json({"a": part, "b": other})
    assert canonical_json({"a": written, "b": other}) == whole


def test_times_are_told_in_utc() -> None:
    assert utc_text(datetime(2026, 1, 2, 3, 4, 5, 600, UTC)) == "2026-01-02T03:04:05.000600Z"
    with pytest.raises(ValueError, match="without a time zone"):
        utc_text(datetime(2026, 1, 2))


def test_sha256_is_told_in_hex() -> None:
    assert sha256_hex(b"abc").startswith("ba7816bf8f01cfea")
