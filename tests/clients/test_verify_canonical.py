"""The client's own canonical JSON is that of RFC 8785, byte for byte."""

import json
import struct
from types import ModuleType
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
documents = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=25,
)
thorough = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(documents)
@thorough
def test_it_writes_what_the_library_writes(program: ModuleType, document: Any) -> None:
    assert program.canonical(document) == rfc8785.dumps(document)


@given(documents)
@thorough
def test_it_reads_back_what_it_wrote(program: ModuleType, document: Any) -> None:
    written = program.canonical(document)
    assert program.canonical(program.json_read(written, "x")) == written


# RFC 8785, appendix B.
VECTORS = {
    0x0000000000000000: "0",
    0x8000000000000000: "0",
    0x0000000000000001: "5e-324",
    0x8000000000000001: "-5e-324",
    0x7FEFFFFFFFFFFFFF: "1.7976931348623157e+308",
    0x4340000000000000: "9007199254740992",
    0xC340000000000000: "-9007199254740992",
    0x4430000000000000: "295147905179352830000",
    0x44B52D02C7E14AF5: "9.999999999999997e+22",
    0x44B52D02C7E14AF6: "1e+23",
    0x44B52D02C7E14AF7: "1.0000000000000001e+23",
    0x444B1AE4D6E2EF4E: "999999999999999700000",
    0x444B1AE4D6E2EF4F: "999999999999999900000",
    0x444B1AE4D6E2EF50: "1e+21",
    0x3EB0C6F7A0B5ED8C: "9.999999999999997e-7",
    0x3EB0C6F7A0B5ED8D: "0.000001",
    0x41B3DE4355555553: "333333333.3333332",
    0x41B3DE4355555557: "333333333.33333343",
    0xBECBF647612F3696: "-0.0000033333333333333333",
    0x43143FF3C1CB0959: "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), VECTORS.items())
def test_numbers_are_written_as_the_rfc_lists_them(
    program: ModuleType, bits: int, text: str
) -> None:
    [number] = struct.unpack(">d", bits.to_bytes(8, "big"))
    assert program.number_text(number) == text


def test_a_number_reads_the_same_however_it_was_spelt(program: ModuleType) -> None:
    for spelt in ("100", "100.0", "1e2", "1E+2", "0.1e3"):
        assert program.canonical(program.json_read(spelt.encode(), "x")) == b"100"
    large = "1" + "0" * 300
    assert program.canonical(json.loads(large)) == b"1e+300"
