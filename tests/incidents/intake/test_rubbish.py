"""Whatever is sent: it is read or refused in words, and nothing else happens."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from incidents.intake.mapping import mapping_suggest
from incidents.intake.presets import PRESETS
from incidents.intake.table_types import TableRow
from incidents.intake.tables import table_open
from incidents.vocab import TableFormat

STARTS = [
    *(b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"PK\x03\x04", b"a,b\n"),
    *(b"{", b'{"features": [', b'{"type": "FeatureCollection", "features": [{"properties": {"a": '),
]
PIECES = [b"{", b"}", b"[", b"]", b'"', b"\n", b"\r", b",", b";", b"=", b"\0", b"#a", b"null", b"1"]
rubbish = st.builds(
    lambda start, pieces: start + b"".join(pieces),
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30),
)
GRIDS = [preset for preset in PRESETS.values() if preset.columns]
odd_texts = st.text(max_size=20) | st.sampled_from(
    [
        *("²", "①", "٣", "1e5", "nan", "inf", "-0", "0000-00-00", "9999-12-31", "0001-01-01"),
        *("1" * 30, "180°", "90°60'", ";", ";;1", "https://", "x" * 400, " ", "\u200f", "\ud7ff"),
    ]
)


@given(rubbish, st.sampled_from([None, *TableFormat]))
def test_any_bytes_are_a_table_or_refused(content, format):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        with suppress(InvalidInput):
            table = table_open(path, format=format)
            numbers = [row.number for row in table.rows()]
            assert numbers == sorted(set(numbers))
            for preset in GRIDS:
                mapping_suggest(table.headers, table.hxl_tags, preset)


@pytest.mark.parametrize("preset", GRIDS, ids=lambda preset: preset.name)
@given(data=st.data())
def test_any_cells_are_a_report_or_refused_in_words(preset, data):
    examples = {column.name: column.example for column in preset.columns}
    spoilt = data.draw(st.dictionaries(st.sampled_from(list(examples)), odd_texts, max_size=6))
    mapping = {name: name for name in examples}
    try:
        submission = preset.submission_of_row(TableRow(5, examples | spoilt), mapping)
    except InvalidInput as exc:
        refused = exc.errors
        assert refused
    else:
        refused = []
        assert submission.idempotency_key.startswith(preset.name)
    assert all(error.row == 5 and error.message for error in refused)
    assert {error.field for error in refused} <= {*examples, "row"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["start", "ref", "key", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)
MEMBERS = ["occurred", "location", "sources", "claims", "licence", "consent", "weapon", "key"]


@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
def test_any_object_is_a_report_or_refused_in_words(content):
    with suppress(InvalidInput):
        PRESETS["reports"].submission_of_row(TableRow(1, content), {})
