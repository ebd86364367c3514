"""Whatever it is given, the program answers in words: exit code 1, never a stack trace."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.conftest import PROGRAM

Check = Callable[..., tuple[int, str]]

RUBBISH = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"{",
    b"[]",
    b"3",
    b"null",
    b'"text"',
    b"NaN",
    b'{"type": "harmwatch.receipt.v1"}',
    b'{"type": "harmwatch.ledger-entry.v1"}',
    b'{"receipt": null}',
    b'{"receipt": []}',
    b'{"a": 1, "a": 2}',
    b'{"keys": 3}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 10_000,
    b'{"type": "harmwatch.receipt.v1", "key_id": "\\ud800", "signature": "x"}',
]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda rubbish: repr(rubbish[:30]))
def test_rubbish_is_refused_in_words(check: Check, answer: dict[str, Any], rubbish: bytes) -> None:
    for run in (
        lambda: check("receipt", rubbish),
        lambda: check("entry", rubbish),
        lambda: check("receipt", answer, keys=rubbish),
    ):
        code, said = run()
        assert code == 1
        assert "FAILED" in said


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_member_may_be_anything(
    program: ModuleType, answer: dict[str, Any], data: st.DataObject
) -> None:
    keys = program.Keys({"keys": []})
    receipt = dict(answer["receipt"])
    for name in data.draw(st.lists(st.sampled_from(sorted(receipt)), max_size=3)):
        receipt[name] = data.draw(json_values)
    proof = {"type": program.PROOF_TYPE, "heads": data.draw(json_values), "seq": 1}
    for call in (
        lambda: program.receipt_check(receipt, keys, None),
        lambda: program.entry_check(proof, keys, data.draw(json_values)),
        lambda: program.Keys(data.draw(json_values)),
    ):
        with pytest.raises(program.Refused):
            call()


def test_files_that_are_not_there_are_named(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}')
    for arguments in (
        ["receipt", str(tmp_path / "absent"), "--keys", str(keys)],
        ["receipt", str(keys), "--keys", str(tmp_path)],
        ["entry", "a\x00b", "--keys", str(keys)],
    ):
        assert program.main(arguments) == 1
        assert "cannot be read" in capsys.readouterr().out


def test_what_stands_in_a_file_does_not_steer_the_terminal(
    check: Check, answer: dict[str, Any]
) -> None:
    answer["receipt"]["key_id"] = "\x1b[2J\r\nproved"
    _, said = check("receipt", answer)
    assert "\x1b" not in said
    assert len(said.splitlines()) == 1


def test_it_runs_by_itself_with_any_locale(tmp_path: Path, answer: dict[str, Any]) -> None:
    file = tmp_path / "قصف.json"
    file.write_text(json.dumps(answer))
    done = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), "receipt", str(file), "--keys", str(file)],
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"FAILED      It has no 'keys'")
    assert done.stderr == b""


def test_it_explains_itself(program: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(["--help"])
    assert ended.value.code == 0
    assert "--keys KEYS.json [--body REPORT.json]" in capsys.readouterr().out
