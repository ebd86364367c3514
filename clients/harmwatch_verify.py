#!/usr/bin/env python3
"""Check what Harmwatch handed out, offline: no server, no account, nobody to trust.

    harmwatch_verify.py receipt  ANSWER.json --keys KEYS.json [--body REPORT.json]
    harmwatch_verify.py evidence ANSWER.json --keys KEYS.json [--file FILE]
    harmwatch_verify.py entry    PROOF.json  --keys KEYS.json [--head HEAD.json]
    harmwatch_verify.py bundle   BUNDLE.json --keys KEYS.json [--head HEAD.json …]
                                             [--evidence FILE …]

ANSWER.json  what the server answered to a report or a file of evidence, or its receipt
KEYS.json    the server's /.well-known/harmwatch-keys.json, of now or kept with the receipt
REPORT.json  the report that was sent, unchanged
FILE         a file of evidence, unchanged
PROOF.json   what the server's `ledger_proof` printed
BUNDLE.json  the server's proof of an incident, byte for byte as it came
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
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("The Python package `cryptography` is needed: python3 -m pip install cryptography")

RECEIPT_TYPE = "harmwatch.receipt.v1"
EVIDENCE_TYPE = "harmwatch.evidence-receipt.v1"
PROOF_TYPE = "harmwatch.ledger-entry.v1"
BUNDLE_TYPE = "harmwatch.proof-bundle.v1"
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


def demand_shape(value: Any, shape: Any, where: str) -> None:
    """Refuse what has not the shape: a type, some types, ``[shape]``, or an object's members."""
    if isinstance(shape, dict):
        demand_shape(value, dict, where)
        for name in shape:
            if name not in value:
                raise Refused(f"{where} has no {name!r}.")
            demand_shape(value[name], shape[name], f"{where}, {name}")
    elif isinstance(shape, list):
        demand_shape(value, list, where)
        for place, item in enumerate(value):
            demand_shape(item, shape[0], f"{where} [{place}]")
    elif type(value) not in (shape if isinstance(shape, tuple) else (shape,)):
        raise Refused(f"{where} is not of the kind that Harmwatch writes.")


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

    def demand_signed(self, document: Any, kind: str, of: str) -> None:
        """Check an object of a type that holds its key's name and its own signature."""
        if member(document, "type", str) != kind:
            raise Refused(f"It is not of the type {kind}.")
        statement = {name: document[name] for name in document if name != "signature"}
        signature, key_id = member(document, "signature", str), member(document, "key_id", str)
        self.demand_signature(statement, signature, key_id, of)


# --- Receipts -------------------------------------------------------------------------------------


def receipt_check(document: Any, keys: Keys, body: bytes | None) -> None:
    """Say what a receipt proves and what it does not; ``Refused`` where it is not good."""
    answer, receipt = _answer_and_receipt(document)
    keys.demand_signed(receipt, RECEIPT_TYPE, "the receipt")
    report_id, organisation_id, received_at, body_sha256 = (
        member(receipt, name, str)
        for name in ("report_id", "organisation_id", "received_at", "body_sha256")
    )
    say(PROVED, f"The key {receipt['key_id']} signed this receipt; it was not changed since.")
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


def _answer_and_receipt(document: Any) -> tuple[dict, Any]:
    """Return a server's answer, empty where there is but a receipt, and the receipt."""
    if isinstance(document, dict) and "receipt" in document:
        return document, member(document, "receipt", dict)
    return {}, document


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
    _demand_under(first, seq, member(proof, "entry", dict), member(proof, "path", list))
    say(PROVED, f"The entry is number {seq} of the ledger's list {first['list']!r}, sealed by")
    say(PROVED, f"{first['sealed_at']}; it was not changed since.")
    say(PROVED, f"Heads {first['number']} to {last['number']} follow each other; each is signed.")
    if witness is None:
        say(OPEN, "That the server shows everybody this same ledger: give with --head a head that")
        say(OPEN, "was fetched earlier, best by somebody else.")
        return
    seen = _witnessed([witness], chain, keys)
    say(PROVED, f"Head {max(seen)} is the one that was witnessed; the entry lies under it.")


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


def _demand_under(head: dict, seq: int, entry: dict, steps: list) -> None:
    """Check that an entry is the one of that number under a head."""
    leaf = hashlib.sha256(b"\x00" + canonical(entry)).digest()
    size = head["last_seq"] - head["first_seq"] + 1
    path = [from_hex(step) for step in steps]
    if _root(leaf, seq - head["first_seq"], size, path).hex() != head["root"]:
        raise Refused(
            f"The entry {seq} is not what was sealed: it does not lead to the signed head."
        )


def _root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise Refused("The head named is not the one over the entry.")
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


def _witnessed(witnesses: list, heads: list[dict], keys: Keys) -> set[int]:
    """Return the numbers of those heads that were witnessed; ``Refused`` for other ones, or none.

    A witnessed head speaks for itself and, by its ``previous``, for the one before.
    """
    list_name = heads[0]["list"]
    seen: dict[int, str] = {}
    for head in (head for witness in witnesses for head in _heads_of(witness)):
        _head_check(head, keys)
        if head["list"] == list_name:
            said = ((head["number"], head["hash"]), (head["number"] - 1, head["previous"]))
            for number, hash_ in said:
                if seen.setdefault(number, hash_) != hash_:
                    raise _two_ledgers(number)
    for head in heads:
        if seen.get(head["number"], head["hash"]) != head["hash"]:
            raise _two_ledgers(head["number"])
    ours = {head["number"] for head in heads} & set(seen)
    if not ours:
        raise Refused(
            f"No witnessed head is among heads {heads[0]['number']} to {heads[-1]['number']} of the"
            " proof: an older one says nothing of this entry, for a newer one ask a newer proof."
        )
    return ours


def _heads_of(witness: Any) -> list:
    return (
        member(witness, "heads", list)
        if isinstance(witness, dict) and "heads" in witness
        else [witness]
    )


def _two_ledgers(number: int) -> Refused:
    return Refused(
        f"Head {number} is not the one that was witnessed: the server signed two different"
        " ledgers. Keep both files."
    )


# --- Evidence -------------------------------------------------------------------------------------

_EVIDENCE = {"evidence_id": str, "report_id": str, "name": str, "sha256": str}


def evidence_check(document: Any, keys: Keys, content: bytes | None) -> None:
    """Say what the receipt of a file proves and what it does not; ``Refused`` if it is not good."""
    _, receipt = _answer_and_receipt(document)
    keys.demand_signed(receipt, EVIDENCE_TYPE, "the receipt")
    demand_shape(receipt, _EVIDENCE | {"received_at": str}, "The receipt")
    say(PROVED, f"The key {receipt['key_id']} signed this receipt; it was not changed since.")
    say(PROVED, f"It says: the file {receipt['name']!r} of report {receipt['report_id']}")
    say(PROVED, f"was received at {receipt['received_at']}.")
    if content is None:
        say(OPEN, "That a file you hold is what was received: give it with --file.")
    elif sha256_hex(content) != receipt["sha256"]:
        raise Refused("The file is not what was received.")
    else:
        say(PROVED, "The file is, byte for byte, what was received.")
    say(OPEN, "That the file shows what it is said to show, and that the server's clock was right.")


# --- Independent sources and casualty figures (the rules of docs/methodology.md) ------------------

# Claims that agree in these count the same people.
_COUNTED = ("outcome", "civilian_status", "sex", "age_group", "party")


class Relays:
    """Who relays whom. A source is named by any key; it stands on the node of all that are it."""

    def __init__(self, sources: list[dict]) -> None:
        self._node_of = {source["id"]: _node(source) for source in sources}
        self._direct: dict[tuple, set] = {node: set() for node in self._node_of.values()}
        for source in sources:
            for relayed in source["relays"]:
                if relayed not in self._node_of:
                    raise Refused("A source relays one that its report does not name.")
                self._direct[self._node_of[source["id"]]].add(self._node_of[relayed])
        sizes = {node: len(self._reach(node)) for node in self._direct}
        self._label_of = {}
        for node in self._direct:
            reach = self._reach(node)
            if all(sizes[other] == len(reach) for other in reach):  # all reach each other
                self._label_of[node] = _root_label(reach)
        self.independent_sources = len(set(self._label_of.values()))

    def _reach(self, start: tuple) -> set[tuple]:
        """Return a node with all that it relays, however far."""
        found, waiting = {start}, [start]
        while waiting:
            fresh = self._direct[waiting.pop()] - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def roots_of(self, source: Any) -> frozenset:
        """Return the roots that a source goes back to."""
        reach = self._reach(self._node_of[source])
        return frozenset(self._label_of[node] for node in reach if node in self._label_of)

    def firsthand(self, sources: set) -> set:
        """Return those of some sources that relay no other of them, unless that relays them too."""
        speakers = {self._node_of[source] for source in sources}
        reach = {node: self._reach(node) & speakers for node in speakers}
        return {
            source
            for source in sources
            if all(self._node_of[source] in reach[other] for other in reach[self._node_of[source]])
        }


def plain(text: str) -> str:
    """Return a name without case, width, composition and spacing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _node(source: dict) -> tuple:
    name = plain(source["name"])
    if name:
        return (source["kind"], name, "", "")
    return (source["kind"], "", plain(source["description"]), str(source["id"]))


def _root_label(nodes: set[tuple]) -> tuple:
    """Return what a root is told apart by: unnamed ones by what they say of themselves alone."""
    if any(name for _kind, name, _description, _id in nodes):
        return ("named", frozenset(nodes))
    return ("unnamed", frozenset((kind, description) for kind, _, description, _ in nodes))


def roll_up(claims: list[dict], relays: Relays) -> list[dict]:
    """Return the casualty figures of claims, as an incident has them."""
    groups: dict[tuple, list[dict]] = {}
    for claim in claims:
        groups.setdefault(tuple(claim[name] for name in _COUNTED), []).append(claim)
    return [
        # Python 3.9: no zip(strict=True)
        dict(zip(_COUNTED, key)) | _figure(groups[key], relays)  # noqa: B905
        for key in sorted(groups)
    ]


def _figure(claims: list[dict], relays: Relays) -> dict:
    voices: dict[frozenset, list[dict]] = {}
    for claim in claims:
        voices.setdefault(relays.roots_of(claim["source"]), []).append(claim)
    speaking = []
    for roots, voice in voices.items():
        # What others say of all its roots, each of them speaking for some, is said already.
        if frozenset().union(*(fewer for fewer in voices if fewer < roots)) != roots:
            first = relays.firsthand({claim["source"] for claim in voice})
            speaking.append([claim for claim in voice if claim["source"] in first])
    heard = [claim for voice in speaking for claim in voice]
    bests = [_middle([claim["best"] for claim in voice]) for voice in speaking]
    is_open = any(claim["best"] is claim["maximum"] is None for claim in heard)
    odd = any(_stated(claim) != sorted(_stated(claim)) for claim in claims)
    passed_over = {claim["id"] for claim in claims} - {claim["id"] for claim in heard}
    return {
        "minimum": min(number for claim in heard for number in _stated(claim)),
        "best": _middle(bests),
        "maximum": None if is_open else max(n for claim in heard for n in _stated(claim)),
        "independent_sources": len(frozenset().union(*voices)),
        "claims": sorted(claim["id"] for claim in claims),
        "relayed": sorted(passed_over),
        "flags": ["figures_disagree"] if odd else [],
    }


def _stated(claim: dict) -> list[int]:
    numbers = (claim["minimum"], claim["best"], claim["maximum"])
    return [number for number in numbers if number is not None]


def _middle(numbers: list) -> int | None:
    """Return the median of the numbers that are there, of two the lower; None where none is."""
    there = sorted(number for number in numbers if number is not None)
    return there[(len(there) - 1) // 2] if there else None


# --- Proof bundles: their shape -------------------------------------------------------------------

_NOTHING = type(None)
_NUMBERS = ("minimum", "best", "maximum")
_SOURCE = {"ref": str, "kind": str, "name": str, "description": str, "relays": [str]}
_CLAIM = {
    **dict.fromkeys(("source", *_COUNTED), str),
    **dict.fromkeys(_NUMBERS, (int, _NOTHING)),
}
# A receipt leaves out what has its usual value.
_USUAL_SOURCE = {"name": "", "description": "", "relays": []}
_USUAL_CLAIM = {
    **dict.fromkeys(("civilian_status", "sex", "age_group"), "any"),
    **dict.fromkeys(_NUMBERS),
    "party": "",
}
_LINK = {"id": str, "url": str, "captured_at": (str, _NOTHING), "archive_url": str, "note": str}
_CONSENT = {"basis": str, "share": bool, "publish": bool, "court": bool}
_REPORT = {
    "receipt": {
        "report_id": str,
        "body_sha256": str,
        "report": {"sources": [dict], "consent": _CONSENT},
    },
    "claims": [str],
    "evidence": [_EVIDENCE],
    "links": [{**_LINK, "added_by_id": str}],
    "corrected_by": (str, _NOTHING),
    "withdrawals": [{"reason": str, "withdrawn_by_id": str}],
    "consent_changes": [{**_CONSENT, "reason": str, "changed_by_id": str}],
}
_DECISION = {"incident_id": str, "incident_version": int, "reason": str}
_MERGE = {
    **dict.fromkeys(("id", "survivor_id", "reason", "merged_by_id"), str),
    "moved": dict,
    "undone_by_id": (str, _NOTHING),
}
_INCIDENT = {
    "id": str,
    "version": int,
    "grade": str,
    "published_version": (int, _NOTHING),
    "casualties": list,
    "independent_sources": int,
}
_ENTRY = {"action": str, "object_id": str, "data": dict}
_BUNDLE = {
    **dict.fromkeys(("made_at", "purpose"), str),
    **dict.fromkeys(("pending", "reports_left_out"), int),
    "incident": _INCIDENT,
    "reports": [_REPORT],
    "assessments": [{**_DECISION, "grade": str, "assessed_by_id": str}],
    "publications": [
        {**_DECISION, "public_resolution": (int, _NOTHING), "published_by_id": str},
    ],
    "merges": [_MERGE],
    "entries": [{"seq": int, "head": int, "path": list, "entry": _ENTRY}],
    "heads": list,
}


# --- Proof bundles --------------------------------------------------------------------------------


def bundle_check(
    content: bytes, keys: Keys, witnesses: list | None, files: list[tuple[str, bytes]]
) -> None:
    """Say what a proof bundle proves and what it does not; ``Refused`` where it is not good.

    ``witnesses``: documents that hold heads; ``files``: name and content of what may be evidence.
    """
    bundle = json_read(content, "The bundle")
    if canonical(bundle) != content:
        raise Refused("The bundle is not, byte for byte, what a server wrote.")
    keys.demand_signed(bundle, BUNDLE_TYPE, "the bundle")
    demand_shape(bundle, _BUNDLE, "The bundle")
    incident = bundle["incident"]
    say(PROVED, f"The key {bundle['key_id']} signed this bundle; not a byte was changed since.")
    say(PROVED, f"It says: incident {incident['id']} in version {incident['version']},")
    say(PROVED, f"as it stood at {bundle['made_at']}, for the purpose {bundle['purpose']!r}.")
    try:
        _record_check(bundle, keys)
    except Refused as refusal:
        late = f" Entries not sealed when it was made: {bundle['pending']}. Ask for a newer bundle."
        raise Refused(f"{refusal}{late if bundle['pending'] else ''}") from None
    _files_check(bundle, files)
    _say_what_is_stated(bundle)
    _say_what_was_witnessed(bundle["heads"], witnesses, keys)
    say(OPEN, "That what was reported is true, and that the server's clock was right.")


def _record_check(bundle: dict, keys: Keys) -> None:
    """Check that the record follows from receipts and entries."""
    for report in bundle["reports"]:
        _receipts_check(report, keys)
    entries = Entries(bundle, keys)
    for fact in [*_facts_of_reports(bundle), *_facts_of_judgement(bundle, entries)]:
        entries.take(*fact)
    entries.demand_all_told()
    _standing_check(bundle["incident"], entries)
    _consent_check(bundle)
    _corrections_check(bundle)
    _whereabouts_check(bundle, entries)
    _figures_check(bundle)


def _receipts_check(report: dict, keys: Keys) -> None:
    """Check the signatures of a report's receipt and of its files'."""
    receipt = report["receipt"]
    id_ = receipt["report_id"]
    keys.demand_signed(receipt, RECEIPT_TYPE, f"the receipt of report {id_}")
    for file in report["evidence"]:
        keys.demand_signed(file, EVIDENCE_TYPE, f"the receipt of {file['name']!r}")
        if file["report_id"] != id_:
            raise Refused(f"The receipt of {file['name']!r} names another report.")


# What a sealed entry says where something happened: action, object, and members of the entry.
Fact = tuple[str, str, dict[str, Any]]


def _facts_of_reports(bundle: dict) -> Iterator[Fact]:
    """Return what must have been sealed when the reports came and when more was said of them."""
    for report in bundle["reports"]:
        receipt, id_ = report["receipt"], report["receipt"]["report_id"]
        hashes = {
            "receipt_sha256": sha256_hex(canonical(receipt)),
            "body_sha256": receipt["body_sha256"],
        }
        yield "report.received", id_, {"data": hashes}
        for file in report["evidence"]:
            told = {"report": id_, "sha256": file["sha256"]}
            yield "evidence.received", file["evidence_id"], {"data": told}
        for link in report["links"]:
            said = {name: link[name] for name in _LINK if name != "id"}
            told = {"report": id_, "link_sha256": sha256_hex(canonical(said))}
            yield "link.recorded", link["id"], {"data": told, "actor_id": link["added_by_id"]}
        for change in report["consent_changes"]:
            after = {"store": True, **{name: change[name] for name in _CONSENT}}
            by = {"reason": change["reason"], "actor_id": change["changed_by_id"]}
            yield "report.consent_changed", id_, {"data": {"after": after}, **by}
        for row in report["withdrawals"]:
            by = {"reason": row["reason"], "actor_id": row["withdrawn_by_id"]}
            yield "report.withdrawn", id_, {"data": {}, **by}


def _facts_of_judgement(bundle: dict, entries: Entries) -> Iterator[Fact]:
    """Return what must have been sealed when monitors decided."""
    for row in bundle["assessments"]:
        told = {"version": row["incident_version"], "grade": row["grade"]}
        by = {"reason": row["reason"], "actor_id": row["assessed_by_id"]}
        yield "incident.assessed", row["incident_id"], {"data": told, **by}
    for row in bundle["publications"]:
        told = {
            "version": row["incident_version"],
            "public_resolution": row["public_resolution"],
        }
        if row.get("redacted"):
            _redaction_check(row, entries)
        elif "snapshot" in row and entries.hash_snapshot_of(row):
            told["snapshot_sha256"] = sha256_hex(canonical(row["snapshot"]))
        elif "snapshot" in row:
            say(
                OPEN, f"What was published of version {row['incident_version']}: its entry is older"
            )
            say(OPEN, "than the hashes of what is published.")
        by = {"reason": row["reason"], "actor_id": row["published_by_id"]}
        yield "incident.published", row["incident_id"], {"data": told, **by}
    for row in bundle["merges"]:
        by = {"reason": row["reason"], "actor_id": row["merged_by_id"]}
        yield "incident.merged", row["survivor_id"], {"data": {"from": row["moved"]}, **by}
        if row["undone_by_id"] is not None:
            by = {"actor_id": row["undone_by_id"]}
            yield "incident.merge_undone", row["survivor_id"], {"data": {"merge": row["id"]}, **by}


def _redaction_check(publication: dict, entries: Entries) -> None:
    """Say what is known of a snapshot that was blanked; ``Refused`` where no entry orders that."""
    version = publication["incident_version"]
    ordered = [
        entry["data"].get("version")
        for entry in entries.about(publication["incident_id"])
        if entry["action"] == "incident.redacted"
    ]
    if "snapshot" in publication or not any(isinstance(by, int) and by > version for by in ordered):
        raise Refused(f"No sealed entry orders the redaction of version {version}.")
    say(OPEN, f"What was published of version {version}: it was redacted, as a sealed entry says.")
    say(OPEN, "Its hash is in the entry of its publication, for who holds a copy.")


class Entries:
    """The sealed entries of a bundle. Each bears out one fact at most."""

    # Who leaves out a fact cannot leave its entry.
    _TELL_OF_FACTS = (
        "report.received",
        "evidence.received",
        "link.recorded",
        "report.consent_changed",
        "report.withdrawn",
        "incident.assessed",
        "incident.published",
        "incident.merged",
        "incident.merge_undone",
    )

    def __init__(self, bundle: dict, keys: Keys) -> None:
        self._waiting: dict[int, dict] = {}
        self._about: dict[str, list[tuple[int, dict]]] = {}
        heads = _heads_by_number(bundle["heads"], keys)
        for item in bundle["entries"]:
            seq, entry = item["seq"], item["entry"]
            if item["head"] not in heads or seq in self._waiting:
                raise Refused(f"The entry {seq} is there twice, or the head over it is not.")
            _demand_under(heads[item["head"]], seq, entry, item["path"])
            self._waiting[seq] = entry
            self._about.setdefault(entry["object_id"], []).append((seq, entry))
        say(PROVED, f"What the audit ledger holds about it (entries: {len(self._waiting)}) was not")
        say(PROVED, f"changed since it was sealed under signed heads ({len(heads)}).")

    def about(self, object_id: str) -> list[dict]:
        """Return the entries about an object."""
        return [entry for _, entry in self._about.get(object_id, [])]

    def take(self, action: str, object_id: str, members: dict[str, Any]) -> None:
        """Find the entry that bears out a fact; ``Refused`` where none does."""
        for seq, entry in self._about.get(object_id, []):
            if seq in self._waiting and _holds(entry, {"action": action, **members}):
                del self._waiting[seq]
                return
        raise Refused(f"No sealed entry {action!r} bears out what the bundle says of {object_id}.")

    def hash_snapshot_of(self, publication: dict) -> bool:
        """Tell whether the entry of a publication holds a hash of what was published."""
        version = {"version": publication["incident_version"]}
        return any(
            "snapshot_sha256" in entry["data"]
            for entry in self.about(publication["incident_id"])
            if _holds(entry, {"action": "incident.published", "data": version})
        )

    def demand_all_told(self) -> None:
        """Refuse an entry of something that the bundle does not hold."""
        for seq, entry in self._waiting.items():
            if entry["action"] in self._TELL_OF_FACTS:
                raise Refused(
                    f"The entry {seq}, {entry['action']!r}, tells of something that the bundle"
                    " leaves out."
                )
        say(PROVED, "The reports, files, links, consents, assessments, publications and merges are")
        say(PROVED, "those of which these entries tell.")


def _heads_by_number(heads: list, keys: Keys) -> dict[int, dict]:
    found: dict[int, dict] = {}
    for head in heads:
        _head_check(head, keys)
        if head["list"] != "audit" or head["number"] in found:
            raise Refused(f"Head {head['number']} is there twice, or is not the audit ledger's.")
        found[head["number"]] = head
    return found


def _holds(document: dict, members: dict) -> bool:
    """Tell whether an object has these members, of ``data`` at least these; true is not 1."""
    for name, value in members.items():
        if name not in document:
            return False
        if name == "data":
            if not _holds(document["data"], value):
                return False
        elif canonical(document[name]) != canonical(value):
            return False
    return True


def _standing_check(incident: dict, entries: Entries) -> None:
    """Check that grade, published version and version are what the entries left standing."""
    grades: dict[int, Any] = {0: ""}
    published, made = [0], {1}
    for entry in entries.about(incident["id"]):
        version = entry["data"].get("version")
        if type(version) is not int:
            continue
        if entry["action"] == "incident.assessed":
            grades[version] = entry["data"].get("standing")
            made.add(version + 1)  # it names the version that was graded
        elif entry["action"] == "incident.published":
            published.append(version)
        else:
            made.add(version)
    if grades[max(grades)] != incident["grade"]:
        raise Refused("The grade is not what the newest assessment left standing.")
    if (max(published) or None) != incident["published_version"]:
        raise Refused("The version published is not the newest that was.")
    if max(made) > incident["version"]:
        raise Refused("The record is older than the entries about it.")
    say(PROVED, f"The grade {incident['grade']!r} is what the newest assessment left standing.")
    if len(made) < incident["version"]:
        say(
            OPEN,
            f"What made {incident['version'] - len(made)} of its {incident['version']} versions:",
        )
        say(OPEN, "a correction of a report, or something of which no entry is shown.")


def _consent_check(bundle: dict) -> None:
    """Check that what is shown to a court may be."""
    for report in bundle["reports"] if bundle["purpose"] == "court" else []:
        consents = [report["receipt"]["report"]["consent"], *report["consent_changes"]]
        if not consents[-1]["court"]:
            raise Refused(f"Report {report['receipt']['report_id']} may not be used in court.")


def _corrections_check(bundle: dict) -> None:
    """Check who corrects whom by the receipts, which name the report that they correct."""
    newer = {report["receipt"]["report_id"]: report["corrected_by"] for report in bundle["reports"]}
    for report in bundle["reports"]:
        older, id_ = report["receipt"].get("corrects"), report["receipt"]["report_id"]
        for corrected, correction in newer.items():
            if (corrected == older) != (correction == id_):
                raise Refused(f"Report {corrected} is not corrected by the report said to do so.")
    for corrected, correction in newer.items():
        if correction is not None and correction not in newer:
            say(OPEN, f"That report {corrected} was corrected by {correction}, not shown here.")


# Where an entry on an incident names the reports that it moved, and whether they came or went.
_MOVES = {
    "incident.merged": ("from", True),
    "incident.restored": ("reports", True),
    "incident.split_off": ("reports", True),
    "incident.merged_into": ("reports", False),
    "incident.split": ("reports", False),
    "incident.merge_undone": ("to", False),
}


def _whereabouts_check(bundle: dict, entries: Entries) -> None:
    """Check that the reports shown are those that the entries place in this incident."""
    id_ = bundle["incident"]["id"]
    shown = {report["receipt"]["report_id"] for report in bundle["reports"]}
    here = {
        report
        for report in shown
        for entry in entries.about(report)
        if _holds(entry, {"action": "report.received", "data": {"incident": id_}})
    }
    moves = [entry for entry in entries.about(id_) if entry["action"] in _MOVES]
    for entry in sorted(moves, key=lambda entry: member(entry["data"], "version", int)):
        name, they_come = _MOVES[entry["action"]]
        moved = _reports_named(entry["data"].get(name))
        here = here | moved if they_come else here - moved
    if shown - here:
        raise Refused(f"The entries do not place report {min(shown - here)} in this incident.")
    if len(here - shown) > bundle["reports_left_out"]:
        raise Refused(f"The entries place report {min(here - shown)} here; it is left out.")
    say(PROVED, f"Each report ({len(shown)}) was received for this incident or moved into it.")


def _reports_named(value: Any) -> set[str]:
    """Return the ids in a list, or in lists by incident."""
    lists = list(value.values()) if isinstance(value, dict) else [value]
    demand_shape(lists, [[str]], "What an entry says of reports that it moved")
    return {id_ for ids in lists for id_ in ids}


def _figures_check(bundle: dict) -> None:
    """Compute the figures anew from the receipts."""
    incident = bundle["incident"]
    sources: list[dict] = []
    claims: list[dict] = []
    for report in bundle["reports"]:
        if report["corrected_by"] is None and not report["withdrawals"]:
            own = _sources_of(report["receipt"])
            sources += own
            claims += _claims_of(report, {source["id"] for source in own})
    relays = Relays(sources)
    if canonical(roll_up(claims, relays)) != canonical(incident["casualties"]):
        raise Refused("The casualty figures do not follow from the claims.")
    if relays.independent_sources != incident["independent_sources"]:
        raise Refused("The number of independent sources does not follow from who relays whom.")
    say(
        PROVED,
        f"The casualty figures follow from the claims in the receipts ({len(claims)}), and the",
    )
    say(PROVED, f"independent sources ({relays.independent_sources}) from who relays whom there.")
    if bundle["reports_left_out"]:
        say(
            OPEN,
            f"What reports left out say ({bundle['reports_left_out']}): no court may see them.",
        )
        say(OPEN, "The figures here are without them; the grade that monitors gave is not.")


def _sources_of(receipt: dict) -> list[dict]:
    """Return the sources in a receipt, each named by report and ref."""
    id_, found = receipt["report_id"], []
    for source in receipt["report"]["sources"]:
        whole = {**_USUAL_SOURCE, **source}
        demand_shape(whole, _SOURCE, f"A source of report {id_}")
        relays = [(id_, ref) for ref in whole["relays"]]
        found.append({**whole, "id": (id_, whole["ref"]), "relays": relays})
    return found


def _claims_of(report: dict, sources: set) -> list[dict]:
    """Return the claims in a receipt under the ids that the figures name them by."""
    id_, found = report["receipt"]["report_id"], []
    said = report["receipt"]["report"].get("claims", [])
    demand_shape(said, [dict], f"What report {id_} claims")
    if len(said) != len(report["claims"]):
        raise Refused(f"Report {id_} does not make the claims that the bundle names.")
    for place, claim in enumerate(said):
        whole = {**_USUAL_CLAIM, **claim}
        demand_shape(whole, _CLAIM, f"A claim of report {id_}")
        source = (id_, whole["source"])
        if source not in sources or not _stated(whole):
            raise Refused(f"Report {id_} makes a claim without a source or without a number.")
        found.append({**whole, "id": report["claims"][place], "source": source})
    return found


def _files_check(bundle: dict, files: list[tuple[str, bytes]]) -> None:
    """Find each file given among the evidence."""
    known = {file["sha256"]: file for report in bundle["reports"] for file in report["evidence"]}
    for path, content in files:
        file = known.get(sha256_hex(content))
        if file is None:
            raise Refused(f"{path} is not among the evidence.")
        say(PROVED, f"{path} is, byte for byte, {file['name']!r} of report {file['report_id']}.")
    if known and not files:
        say(
            OPEN, f"That files you hold are its evidence ({len(known)}): give them with --evidence."
        )


_AS_REPORTED = ("kind", "title", "weapon", "alleged_actor", "targets", "damage")
_PLACE = ("longitude", "latitude", "place_name", "country", "pcode")


def _say_what_is_stated(bundle: dict) -> None:
    """Say which facts rest on the server's signature over the bundle alone."""
    incident = bundle["incident"]
    told = [{"kind": "strike", **report["receipt"]["report"]} for report in bundle["reports"]]
    places = [one["location"] for one in told if isinstance(one.get("location"), dict)]
    stated = [
        name
        for names, said in ((_AS_REPORTED, told), (_PLACE, places))
        for name in names
        if incident.get(name) not in (None, "", [])
        and not any(_holds(one, {name: incident[name]}) for one in said)
    ]
    rest = ", ".join(["state", "time", "uncertainty", "units", *stated])
    say(OPEN, f"On the signature alone rest the incident's {rest};")
    say(OPEN, "and that no entry was left out of which nothing else here speaks.")
    if bundle["pending"]:
        say(OPEN, f"What entries say that were not sealed when it was made ({bundle['pending']}).")


def _say_what_was_witnessed(heads: list[dict], witnesses: list | None, keys: Keys) -> None:
    if witnesses is None or not heads:
        say(OPEN, "That the server shows everybody this same ledger: give with --head the heads")
        say(OPEN, "that were fetched earlier, best by somebody else.")
        return
    seen = _witnessed(witnesses, heads, keys)
    say(PROVED, f"{len(seen)} of its {len(heads)} heads are ones that were witnessed.")
    others = sorted({head["number"] for head in heads} - seen)
    if others:
        say(OPEN, f"That others were shown the heads {', '.join(map(str, others))} too.")


# --- The command ----------------------------------------------------------------------------------

_OPTIONS: dict[str, dict[str, str | None]] = {
    "receipt": {"--body": None},
    "evidence": {"--file": None},
    "entry": {"--head": None},
    "bundle": {"--head": "+", "--evidence": "+"},
}


def _arguments() -> argparse.ArgumentParser:
    plain_text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain_text)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, options in _OPTIONS.items():
        command = commands.add_parser(name)
        command.add_argument("document")
        command.add_argument("--keys", required=True)
        for option, count in options.items():
            command.add_argument(option, nargs=count)
    return parser


def _check(options: argparse.Namespace) -> None:
    keys = Keys(_json_of(options.keys))
    if options.command == "receipt":
        receipt_check(_json_of(options.document), keys, _content_of(options.body))
    elif options.command == "evidence":
        evidence_check(_json_of(options.document), keys, _content_of(options.file))
    elif options.command == "entry":
        entry_check(_json_of(options.document), keys, options.head and _json_of(options.head))
    else:
        heads = [_json_of(path) for path in options.head] if options.head else None
        files = [(path, file_read(path)) for path in options.evidence or []]
        bundle_check(file_read(options.document), keys, heads, files)
    say(OPEN, "That the keys file is the server's: compare the key with its /.well-known/.")


def _json_of(path: str) -> Any:
    return json_read(file_read(path), path)


def _content_of(path: str | None) -> bytes | None:
    return file_read(path) if path else None


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
