"""Files as an NGO keeps them, and the program that it checks them with."""

import copy
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core.canonical import sha256_hex
from ledger import signing

PROGRAM = Path(__file__).parents[2] / "clients" / "harmwatch_verify.py"
SALTS = {"sources[1].identity": "11" * 32, "reporter": "22" * 32}
BODY = {
    "title": "قصف بالبراميل",
    "location": {"longitude": 43.7841, "latitude": 33.3497, "uncertainty_m": 1e-7},
    "sources": [{"ref": "h"}, {"ref": "w", "identity": "أم أحمد"}],
    "reporter": {"name": "Layla", "contact": ""},
}
SEALED = {"sources[1].identity": "أم أحمد", "reporter": '{"name":"Layla"}'}


def digest(path: str) -> dict[str, str]:
    return {"salted_sha256": sha256_hex(bytes.fromhex(SALTS[path]) + SEALED[path].encode())}


@pytest.fixture(scope="session")
def program() -> ModuleType:
    """Return the program as a module."""
    spec = importlib.util.spec_from_file_location("harmwatch_verify", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def body() -> bytes:
    """Return a report as its sender wrote it."""
    return json.dumps(BODY, indent=1, ensure_ascii=False).encode()


@pytest.fixture
def answer(body: bytes) -> dict[str, Any]:
    """Return the server's answer to that report."""
    report = copy.deepcopy(BODY)
    report["sources"][1]["identity"] = digest("sources[1].identity")  # type: ignore[index]
    report["reporter"] = digest("reporter")
    receipt = {
        "type": "harmwatch.receipt.v1",
        "report_id": "0190a7b0-0000-7000-8000-000000000001",
        "organisation_id": "0190a7b0-0000-7000-8000-000000000002",
        "received_at": "2026-11-21T05:00:00.123456Z",
        "body_sha256": sha256_hex(body),
        "report": report,
        "key_id": signing.key_id(),
    }
    receipt["signature"] = signing.sign(receipt)
    salts = {path: {"salt": salt} for path, salt in SALTS.items()}
    return {"id": receipt["report_id"], "incident": None, "receipt": receipt, "salts": salts}


@pytest.fixture
def check(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the program on documents; it returns exit code and output."""

    def run(command: str, document: Any, **files: Any) -> tuple[int, str]:
        files = {"document": document, "keys": signing.public_keys()} | files
        arguments = [command]
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            path.write_bytes(
                content if isinstance(content, bytes) else json.dumps(content).encode()
            )
            arguments += [str(path)] if name == "document" else [f"--{name}", str(path)]
        code = program.main(arguments)
        return code, capsys.readouterr().out

    return run
