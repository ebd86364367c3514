#!/usr/bin/env python3
"""Check a Harmwatch receipt or ledger entry offline: no server, no account, nobody to trust.

    harmwatch_verify.py receipt ANSWER.json --keys KEYS.json [--body REPORT.json]
    harmwatch_verify.py entry   PROOF.json  --keys KEYS.json [--head HEAD.json]

ANSWER.json  what the server answered to a report, or its receipt
KEYS.json    the server's /.well-known/harmwatch-keys.json, of now or kept with the receipt
REPORT.json  the file that was sent, unchanged
PROOF.json   what the server's `ledger_proof` printed
HEAD.json    heads fetched earlier from /.well-known/harmwatch-ledger.json

Ends with 0 where all that was asked for is proved, else with 1, and says what it leaves unproved.
Needs this file, Python 3.9 or newer, and the package `cryptography`.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import math
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("The Python package `cryptography` is needed: python3 -m pip install cryptography")

RECEIPT_TYPE = "harmwatch.receipt.v1"
PROOF_TYPE = "harmwatch.ledger-entry.v1"
LARGEST_EXACT = 2**53 - 1
PROVED, OPEN = "proved", "not proved"


class Refused(Exception):
    """Something does not hold, in words for the person who asked."""


def say(finding: str, text: str) -> None:
    """Print one line of what was found; nothing in a file may steer the terminal."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    encoding = sys.stdout.encoding or "ascii"
    print(f"{finding:<12}{shown}".encode(encoding, "replace").decode(encoding))


# --- Canonical JSON (RFC 8785) --------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of what ``json_read`` returned; ``Refused`` for what has none."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError:
        raise Refused("It holds text that is no Unicode.") from None
    except RecursionError:
        raise Refused("It is nested too deeply.") from None


def _written(value: Any) -> str:
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) <= LARGEST_EXACT:
        return str(value)
    if isinstance(value, (int, float)):
        return number_text(float(value))
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in keys) + "}"


def number_text(number: float) -> str:
    """Write a float as ECMAScript does: the fewest digits, 1e+21 and 1e-7 onwards."""
    if not math.isfinite(number):
        raise Refused("It holds a number that is none.")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    _, all_digits, exponent = Decimal(repr(abs(number))).as_tuple()
    digits = "".join(map(str, all_digits))
    point = len(digits) + int(exponent)  # digits before the decimal point
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


# --- Reading files --------------------------------------------------------------------------------


def file_read(path: str) -> bytes:
    """Return a file's bytes."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as exc:
        raise Refused(f"{path} cannot be read: {exc}") from None


def json_read(data: bytes, name: str) -> Any:
    """Parse JSON in which no object has a name twice."""
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_int=_whole)
    except (ValueError, RecursionError) as exc:
        raise Refused(f"{name} is no JSON that could be checked: {exc}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return result


def _whole(text: str) -> int | float:
    return int(text) if len(text) < 20 else float(text)


def member(document: Any, name: str, kind: type) -> Any:
    """Return a member of an object that must be there and of that kind."""
    value = document.get(name) if isinstance(document, dict) else None
    if type(value) is not kind:
        raise Refused(f"It has no {name!r} of the kind that Harmwatch writes.")
    return value


# --- Hashes and signatures ------------------------------------------------------------------------


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def from_hex(text: Any) -> bytes:
    """Return the bytes of a hex text in small letters; each has one text alone."""
    try:
        data = bytes.fromhex(text)
    except (TypeError, ValueError):
        data = b""
    if data.hex() != text:
        raise Refused(f"{text!r:.80} is not hexadecimal.")
    return data


def from_base64url(text: str) -> bytes:
    """Return the bytes of a base64url text without padding; each has one text alone."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        data = b""
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise Refused(f"{text!r:.80} is not base64url.")
    return data


class Keys:
    """The public keys of a server, by name."""

    def __init__(self, document: Any) -> None:
        self._keys: dict[str, bytes] = {}
        for key in member(document, "keys", list):
            if isinstance(key, dict) and key.get("kty") == "OKP" and key.get("crv") == "Ed25519":
                members = {"crv": "Ed25519", "kty": "OKP", "x": member(key, "x", str)}
                thumbprint = hashlib.sha256(canonical(members)).digest()
                name = base64.urlsafe_b64encode(thumbprint).decode().rstrip("=")
                self._keys[name] = from_base64url(members["x"])

    def demand_signature(self, statement: dict, signature: str, name: str, of: str) -> None:
        """Check a signature over the canonical bytes of a statement."""
        if name not in self._keys:
            raise Refused(f"{of} is signed with the key {name!r:.60}, which the keys file lacks.")
        try:
            key = Ed25519PublicKey.from_public_bytes(self._keys[name])
            key.verify(from_base64url(signature), canonical(statement))
        except (InvalidSignature, ValueError):
            raise Refused(f"The signature of {of} is not good: it was changed or forged.") from None


# --- Receipts -------------------------------------------------------------------------------------


def receipt_check(document: Any, keys: Keys, body: bytes | None) -> None:
    """Say what a receipt proves and what it does not; ``Refused`` where it is not good."""
    answer = document if isinstance(document, dict) and "receipt" in document else {}
    receipt = member(answer, "receipt", dict) if answer else document
    if member(receipt, "type", str) != RECEIPT_TYPE:
        raise Refused(f"It is no receipt of the type {RECEIPT_TYPE}.")
    statement = {name: receipt[name] for name in receipt if name != "signature"}
    key_id = member(receipt, "key_id", str)
    keys.demand_signature(statement, member(receipt, "signature", str), key_id, "the receipt")
    report_id, organisation_id, received_at, body_sha256 = (
        member(receipt, name, str)
        for name in ("report_id", "organisation_id", "received_at", "body_sha256")
    )
    say(PROVED, f"The key {key_id} signed this receipt; it was not changed since.")
    say(PROVED, f"It says: report {report_id} of organisation {organisation_id}")
    say(PROVED, f"was received at {received_at}.")
    if answer and answer.get("id") != report_id:
        raise Refused("The answer and its receipt speak of different reports.")
    if body is None:
        say(OPEN, "That a file you hold is what was sent: give it with --body.")
    elif sha256_hex(body) != body_sha256:
        raise Refused("The file is not what was received.")
    else:
        say(PROVED, "The file is, byte for byte, what was received.")
    _sealed_check(answer, member(receipt, "report", dict), body)
    say(OPEN, "That what was reported is true, and that the server's clock was right.")


def _sealed_check(answer: dict, report: dict, body: bytes | None) -> None:
    """Compare each sealed value of the body with the salted digest that the receipt holds."""
    digests = dict(_digests(report, ""))
    salts = answer.get("salts", {})
    if not isinstance(salts, dict) or not set(salts) <= set(digests):
        raise Refused("The answer's salts are not those of its receipt.")
    try:
        sent = json_read(body or b"", "The file")
    except Refused:
        salts = {}  # a file in another format cannot be compared
    for path in salts:
        salt = from_hex(member(salts[path], "salt", str))
        if digests[path] not in {sha256_hex(salt + text) for text in _texts(_at(sent, path))}:
            raise Refused(f"The sealed value at {path} is not the one in the file.")
        say(PROVED, f"The sealed value at {path} is the one in the file.")
    if len(salts) < len(digests):
        say(OPEN, f"What {len(digests) - len(salts)} sealed value(s) were: that takes the whole")
        say(OPEN, "answer with its salts, and with --body the file that was sent, in JSON.")


def _digests(value: Any, path: str) -> list[tuple[str, str]]:
    """Return path and digest of everything sealed in a report."""
    if isinstance(value, dict) and set(value) == {"salted_sha256"}:
        return [(path, str(value["salted_sha256"]))]
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{name}".lstrip("."), item) for name, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return [found for below, item in inner for found in _digests(item, below)]


def _at(value: Any, path: str) -> Any:
    """Return what stands at a path such as ``sources[0].identity``; None where nothing does."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if name:
            value = value.get(name) if isinstance(value, dict) else None
        else:
            place = int(index) if len(index) < 10 else sys.maxsize
            value = value[place] if isinstance(value, list) and place < len(value) else None
    return value


def _texts(value: Any) -> list[bytes]:
    """Return the bytes that may have been sealed; an object's are without its empty members."""
    if isinstance(value, str):
        return [value.encode("utf-8", "surrogatepass")]
    if isinstance(value, dict):
        return [
            canonical(value),
            canonical({k: v for k, v in value.items() if v not in ("", None)}),
        ]
    return []


# --- Ledger entries -------------------------------------------------------------------------------


def entry_check(proof: Any, keys: Keys, witness: Any) -> None:
    """Say what a proof proves and what it does not; ``Refused`` where it is not good."""
    if member(proof, "type", str) != PROOF_TYPE:
        raise Refused(f"It is no proof of the type {PROOF_TYPE}.")
    chain = member(proof, "heads", list)
    if not chain:
        raise Refused("The proof holds no head.")
    for head in chain:
        _head_check(head, keys)
    for before, head in zip(chain, chain[1:]):  # noqa: B905, RUF007 - for Python 3.9
        if not _follows(head, before):
            raise Refused(f"Head {head['number']} does not follow the one before it.")
    first, last, seq = chain[0], chain[-1], member(proof, "seq", int)
    size = first["last_seq"] - first["first_seq"] + 1
    leaf = hashlib.sha256(b"\x00" + canonical(member(proof, "entry", dict))).digest()
    path = [from_hex(step) for step in member(proof, "path", list)]
    if _root(leaf, seq - first["first_seq"], size, path).hex() != first["root"]:
        raise Refused("The entry is not what was sealed: it does not lead to the signed head.")
    say(PROVED, f"The entry is number {seq} of the ledger's list {first['list']!r}, sealed at")
    say(PROVED, f"{first['sealed_at']}; it was not changed since.")
    say(PROVED, f"Heads {first['number']} to {last['number']} follow each other; each is signed.")
    if witness is None:
        say(OPEN, "That the server shows everybody this same ledger: give with --head a head that")
        say(OPEN, "was fetched earlier, best by somebody else.")
    else:
        _witness_check(witness, chain, keys)


def _head_check(head: Any, keys: Keys) -> None:
    """Check one head by itself: its kinds, its hash, its signature."""
    for name in ("number", "first_seq", "last_seq"):
        member(head, name, int)
    for name in ("list", "root", "previous", "sealed_at", "hash", "key_id", "signature"):
        member(head, name, str)
    statement = {name: head[name] for name in head if name not in ("hash", "key_id", "signature")}
    if sha256_hex(canonical(statement)) != head["hash"]:
        raise Refused(f"Head {head['number']} was changed: its hash is another's.")
    keys.demand_signature(statement, head["signature"], head["key_id"], f"head {head['number']}")


def _follows(head: dict, before: dict) -> bool:
    return (
        head["list"] == before["list"]
        and head["previous"] == before["hash"]
        and head["number"] == before["number"] + 1
        and head["first_seq"] == before["last_seq"] + 1
    )


def _root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise Refused("The first head of the proof is not the one over the entry.")
    steps, result, last = list(reversed(path)), leaf, size - 1
    while last > 0:
        if index % 2 or index < last:
            if not steps:
                raise Refused("The path is too short.")
            pair = steps.pop() + result if index % 2 else result + steps.pop()
            result = hashlib.sha256(b"\x01" + pair).digest()
        index, last = index >> 1, last >> 1
    if steps:
        raise Refused("The path is too long.")
    return result


def _witness_check(witness: Any, chain: list[dict], keys: Keys) -> None:
    """Find a witnessed head in the chain; one of the same number must be the same head."""
    heads = witness.get("heads") if isinstance(witness, dict) and "heads" in witness else [witness]
    if not isinstance(heads, list):
        raise Refused("The witness holds no heads.")
    ours = {head["number"]: head["hash"] for head in chain}
    seen = []
    for head in heads:
        _head_check(head, keys)
        if head["list"] == chain[0]["list"] and head["number"] in ours:
            if ours[head["number"]] != head["hash"]:
                raise Refused(
                    f"Head {head['number']} is not the one that was witnessed: the server signed"
                    " two different ledgers. Keep both files."
                )
            seen.append(head["number"])
    if not seen:
        raise Refused(
            f"No witnessed head is among heads {chain[0]['number']} to {chain[-1]['number']} of the"
            " proof: an older one says nothing of this entry, for a newer one ask a newer proof."
        )
    say(PROVED, f"Head {max(seen)} is the one that was witnessed; the entry lies under it.")


# --- The command ----------------------------------------------------------------------------------


def _arguments() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, optional in (("receipt", "--body"), ("entry", "--head")):
        command = commands.add_parser(name)
        command.add_argument("file")
        command.add_argument("--keys", required=True)
        command.add_argument(optional)
    return parser


def _check(options: argparse.Namespace) -> None:
    keys = Keys(json_read(file_read(options.keys), options.keys))
    document = json_read(file_read(options.file), options.file)
    if options.command == "receipt":
        receipt_check(document, keys, file_read(options.body) if options.body else None)
    else:
        witness = json_read(file_read(options.head), options.head) if options.head else None
        entry_check(document, keys, witness)
    say(OPEN, "That the keys file is the server's: compare the key with its /.well-known/.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where all that was asked for is proved, else 1."""
    options = _arguments().parse_args(arguments)
    try:
        _check(options)
    except Refused as refusal:
        say("FAILED", str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
