#!/usr/bin/env python3
"""Keep an exact copy of what a Harmwatch server publishes, and prove that it is exact.

    harmwatch_mirror.py URL DIR                   bring the copy up to date
    harmwatch_mirror.py URL DIR --follow          and keep it so, until stopped
    harmwatch_mirror.py URL DIR --check           compute everything in it anew, then compare

URL  the server, for example https://harmwatch.example.org
DIR  a folder for the copy; made where it is missing:

    KIND.geojsonl     what stands now of each kind, a GeoJSON feature a line (QGIS and GDAL read it)
    manifest.json     up to which entry, its digest as the server signed it, the files' checksums
    harmwatch.sqlite  every entry of the log, from which the rest is made; the table is `entries`

A partner's token is read from the file named by --token-file or the variable HARMWATCH_TOKEN.

It may be killed at any moment and started again: each answer is stored whole or not at all. What
the server redacts vanishes from the copy with the next run. Each entry's hash is checked, and the
chain over all hashes is compared with the server's: nothing is missing, twice or altered.

Ends with 0 where the copy is exact, else with 1 and says why.
Needs this file, Python 3.9 or newer, and the package `cryptography`.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import http.client
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("The Python package `cryptography` is needed: python3 -m pip install cryptography")

try:
    import fcntl
except ImportError:  # Windows: see to it yourself that only one runs
    fcntl = None  # type: ignore[assignment]

DIGEST_TYPE = "harmwatch.log-digest.v1"
CHAIN_START = "0" * 64
ENTRIES_AN_ANSWER = 10_000
WAIT_S, TIMEOUT_S = 30, 120
ATTEMPTS = 6
# A busy log grows all the time: who asks at once again soon asks too often.
BETWEEN_S = 1.0
HASHED = ("seq", "sealed_at", "kind", "id", "version", "change", "reason", "merged_into", "salt")
COLUMNS = (*HASHED, "hash", "chain", "feature", "closed_by")
TABLES = """
    CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS entries (
        seq INTEGER PRIMARY KEY, sealed_at TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, change TEXT NOT NULL, reason TEXT NOT NULL, merged_into TEXT,
        salt TEXT, hash TEXT NOT NULL, chain TEXT NOT NULL, feature TEXT, closed_by INTEGER
    );
    CREATE UNIQUE INDEX IF NOT EXISTS standing ON entries (kind, id) WHERE closed_by IS NULL;
    CREATE INDEX IF NOT EXISTS versions ON entries (id);
"""

INSERT = "INSERT INTO entries ({}) VALUES ({})".format(  # noqa: S608 - our own names
    ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
)


class Refused(Exception):
    """The copy cannot be brought up to date, or is not exact; in words for who keeps it."""


class Unreachable(Refused):
    """The server does not answer now; it may have said how many seconds to wait."""

    def __init__(self, text: str, wait_s: float = 0.0) -> None:
        super().__init__(text)
        self.wait_s = wait_s


def say(text: str) -> None:
    """Print one line; nothing that a server sent may steer the terminal."""
    print("".join(char if char.isprintable() else "?" for char in text), flush=True)


# --- The server -----------------------------------------------------------------------------------


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token goes to the server that it is meant for, and to no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Server:
    """The server that is copied."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise Refused("The URL begins with https:// and names a host.")
        is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if token and parts.scheme == "http" and not is_here:
            raise Refused("A token is sent over https only.")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers["User-Agent"] = "harmwatch-mirror/1"
        self._opener = urllib.request.build_opener(_NoRedirects)
        self.ask_again_s = 0.0

    def lines(self, path: str, **asked: Any) -> Iterator[bytes]:
        """Yield the lines of an answer."""
        query = urllib.parse.urlencode({name: v for name, v in asked.items() if v is not None})
        request = urllib.request.Request(f"{self.url}{path}?{query}", headers=self._headers)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                self.ask_again_s = _seconds(answer.headers.get("Retry-After"))
                yield from answer
        except urllib.error.HTTPError as exc:
            raise _refusal(exc) from None
        except (OSError, ValueError, http.client.HTTPException) as exc:
            raise Unreachable(f"{self.url} does not answer: {exc}") from None

    def document(self, path: str, **asked: Any) -> Any:
        """Return an answer as JSON."""
        return json_read(b"".join(self.lines(path, **asked)))


def _seconds(text: str | None) -> float:
    is_number = text and text.isascii() and text.isdigit() and len(text) < 10
    return float(min(int(text), 300)) if text and is_number else 0.0


def _refusal(exc: urllib.error.HTTPError) -> Refused:
    wait_s = _seconds(exc.headers.get("Retry-After"))
    with exc, contextlib.suppress(OSError, ValueError, AttributeError, KeyError, TypeError):
        problem = json.loads(exc.read())
        errors = "; ".join(error["message"] for error in problem.get("errors", []))
        text = f"{exc.code} {problem['title']} {problem.get('detail') or errors}"
        is_passing = exc.code in {429, 502, 503, 504}
        return Unreachable(text, wait_s) if is_passing else Refused(text)
    text = f"The server answers with {exc.code}."
    return Unreachable(text, wait_s) if exc.code >= 500 or exc.code == 429 else Refused(text)


def json_read(line: bytes) -> Any:
    """Parse JSON that should be an object."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreachable("An answer is broken off or is no JSON.") from None
    if not isinstance(document, dict):
        raise Refused("An answer is not what it should be.")
    return document


# --- Entries and their hashes ---------------------------------------------------------------------


def canonical(members: dict[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of an object of texts and whole numbers with ASCII names."""
    text = json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def chained(chain: str, hash_: str) -> str:
    """Return the chain with one more entry."""
    return hashlib.sha256(bytes.fromhex(chain) + bytes.fromhex(hash_)).hexdigest()


def entry_read(line: bytes) -> dict[str, Any]:
    """Return a line as an entry, its feature as the text that was sent."""
    entry = json_read(line)
    start, _, rest = line.decode().rstrip("\r\n").partition(',"feature":')
    text = rest[:-1]
    entry["feature"] = None if text == "null" else text
    if entry["feature"] and ("\n" in text or not start):
        raise Refused("An entry is not written as it should be.")
    return entry


def entry_hash(audience: str, entry: dict[str, Any]) -> str:
    """Return the hash of an entry whose content is there."""
    members = {name: entry[name] for name in (*HASHED, "feature") if entry[name] is not None}
    return hashlib.sha256(canonical({"audience": audience, **members})).hexdigest()


# --- The copy -------------------------------------------------------------------------------------


class Copy:
    """The folder: a database, and the files made from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / ".lock").open("w")
        if fcntl:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._lock.close()
                raise Refused(f"Another harmwatch_mirror works on {folder}.") from None
        try:
            self.db = sqlite3.connect(folder / "harmwatch.sqlite", isolation_level=None)
            self.db.row_factory = sqlite3.Row
            # What was redacted is overwritten on the disk, not only forgotten.
            self.db.execute("PRAGMA secure_delete = ON")
            self.db.executescript(TABLES)
        except sqlite3.Error as exc:
            raise Refused(f"{folder} holds no copy that can be read: {exc}") from None

    def close(self) -> None:
        """Let go of the folder."""
        self.db.close()
        self._lock.close()

    def state(self, name: str, default: str = "") -> str:
        """Return something noted."""
        row = self.db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return row[0] if row else default

    def note(self, **values: str) -> None:
        """Note something, within the caller's transaction."""
        self.db.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", values.items())

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def last(self) -> tuple[int, str]:
        """Return the last entry's number and the chain there."""
        row = self.db.execute("SELECT seq, chain FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        return (row["seq"], row["chain"]) if row else (0, CHAIN_START)

    def add(self, entry: dict[str, Any], chain: str) -> None:
        """Add the next entry; it closes the version before, or blanks all before."""
        key = {"kind": entry["kind"], "id": entry["id"], "seq": entry["seq"]}
        self.db.execute(
            "UPDATE entries SET closed_by = :seq WHERE kind = :kind AND id = :id"
            " AND closed_by IS NULL",
            key,
        )
        if entry["change"] == "redacted" and entry["kind"] != "risk_cell":
            self.db.execute(
                "UPDATE entries SET feature = NULL, salt = NULL WHERE id = :id AND seq < :seq", key
            )
            # Of a cell those versions go that name the incident, and no others.
            self.db.execute(
                "UPDATE entries SET feature = NULL, salt = NULL"
                " WHERE kind = 'risk_cell' AND instr(feature, :id)",
                key,
            )
        row = {**entry, "chain": chain, "closed_by": None}
        self.db.execute(INSERT, row)

    def standing(self, kind: str) -> Iterator[str]:
        """Yield the features that stand, in the order of the log."""
        rows = self.db.execute(
            "SELECT feature FROM entries WHERE kind = ? AND closed_by IS NULL"
            " AND feature IS NOT NULL ORDER BY seq",
            [kind],
        )
        for row in rows:
            yield row["feature"]

    def kinds(self) -> list[str]:
        """Return the kinds there are entries of."""
        rows = self.db.execute("SELECT DISTINCT kind FROM entries ORDER BY kind")
        return [row["kind"] for row in rows]


# --- Bringing it up to date -----------------------------------------------------------------------


def update(copy: Copy, server: Server, wait: int | None = None) -> int:
    """Take over everything that is new; return how many entries."""
    before = copy.last()[0]
    while not _answer_take(copy, server, wait):
        wait = None
    return copy.last()[0] - before


def _answer_take(copy: Copy, server: Server, wait: int | None) -> bool:
    """Store one answer, whole or not at all; tell whether it reached the end of the log."""
    cursor, audience = copy.state("cursor") or None, copy.state("audience")
    asked = {"since": cursor, "f": "ndjson", "limit": ENTRIES_AN_ANSWER, "wait": wait}
    last: dict[str, Any] = {}
    with copy.transaction():
        seq, chain = copy.last()
        for line in server.lines("/api/v1/changes", **asked):
            if last:
                raise Refused("An answer goes on behind its end.")
            if line.startswith(b'{"cursor":'):
                last = json_read(line)
                continue
            entry = entry_read(line)
            chain = _checked_chain(audience, entry, seq, chain)
            seq = entry["seq"]
            copy.add(entry, chain)
        if not last:
            raise Unreachable("An answer broke off.")
        if (last["seq"], last["digest"]) != (seq, chain):
            raise Refused(f"The server's digest at entry {seq} is another: this copy is not exact.")
        copy.note(cursor=last["cursor"])
    return bool(last["at_head"])


def _checked_chain(audience: str, entry: dict[str, Any], seq: int, chain: str) -> str:
    try:
        if entry["seq"] != seq + 1:
            raise Refused(f"Entry {entry['seq']} came after {seq}.")
        kind = entry["kind"]
        if not (isinstance(kind, str) and kind.isidentifier() and kind.isascii()):
            raise Refused(f"Entry {seq + 1} is of no kind.")
        if entry["salt"] is not None and entry_hash(audience, entry) != entry["hash"]:
            raise Refused(f"The hash of entry {seq + 1} is not that of its content.")
        if entry["salt"] is None and entry["feature"] is not None:
            raise Refused(f"Entry {seq + 1} cannot be checked.")
        return chained(chain, entry["hash"])
    except (KeyError, TypeError, ValueError):
        raise Refused("An entry is not what it should be.") from None


# --- The files ------------------------------------------------------------------------------------


def files_write(copy: Copy, proof: dict[str, Any]) -> None:
    """Write what stands, each file put in place of the old one at once; the manifest last."""
    files = {}
    for kind in copy.kinds():
        name, digest, count = f"{kind}.geojsonl", hashlib.sha256(), 0
        with replaced(copy.folder / name) as out:
            for feature in copy.standing(kind):
                line = feature.encode() + b"\n"
                out.write(line)
                digest.update(line)
                count += 1
        files[name] = {"features": count, "sha256": digest.hexdigest()}
    seq, chain = copy.last()
    manifest = {"seq": seq, "digest": chain, "files": files, "proof": proof}
    with replaced(copy.folder / "manifest.json") as out:
        out.write(json.dumps(manifest, indent=1).encode() + b"\n")


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Any]:
    """Write a file beside another, and put it in its place once it is whole on the disk."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)


def manifest_read(copy: Copy) -> dict[str, Any]:
    """Return the manifest; an empty one where there is none."""
    try:
        return dict(json.loads((copy.folder / "manifest.json").read_bytes()))
    except (OSError, ValueError):
        return {}


# --- Proving it -----------------------------------------------------------------------------------


def proved(copy: Copy, server: Server) -> dict[str, Any]:
    """Return the server's signed word on the log up to our last entry, if it is ours too."""
    seq, chain = copy.last()
    proof = server.document("/api/v1/changes/digest", seq=seq)
    statement = signed_statement(server, proof)
    if (statement.get("seq"), statement.get("digest")) != (seq, chain):
        raise Refused(f"The server's digest at entry {seq} is another: this copy is not exact.")
    if statement.get("audience") != copy.state("audience"):
        raise Refused("The server speaks of another audience's log.")
    return proof


def signed_statement(server: Server, proof: dict[str, Any]) -> dict[str, Any]:
    """Return what the server signed. The key is one of those that it publishes."""
    keys = server.document("/.well-known/harmwatch-keys.json")
    try:
        statement = dict(proof["statement"])
        (key,) = [key for key in keys["keys"] if key["kid"] == proof["key_id"]]
        public = Ed25519PublicKey.from_public_bytes(_bytes(key["x"]))
        public.verify(_bytes(proof["signature"]), canonical(statement))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        raise Refused("The server's signature on its digest is not good.") from None
    if statement.get("type") != DIGEST_TYPE:
        raise Refused("The server signed something else.")
    return statement


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def computed_anew(copy: Copy) -> None:
    """Check every entry of the copy, and every file, against what was noted of it."""
    chain, before = CHAIN_START, 0
    audience = copy.state("audience")
    for row in copy.db.execute("SELECT * FROM entries ORDER BY seq"):
        chain = _checked_chain(audience, dict(row), before, chain)
        before = row["seq"]
        if chain != row["chain"]:
            raise Refused(f"Entry {before} was altered in this copy.")
    for name, known in manifest_read(copy).get("files", {}).items():
        try:
            content = (copy.folder / name).read_bytes()
        except OSError as exc:
            raise Refused(f"{name} cannot be read: {exc}") from None
        if hashlib.sha256(content).hexdigest() != known["sha256"]:
            raise Refused(f"{name} was altered.")


def audience_settle(copy: Copy, server: Server) -> None:
    """Note whose log this is, the first time; afterwards it must be the same server's."""
    if copy.state("url", server.url) != server.url:
        raise Refused(f"This folder holds a copy of {copy.state('url')}.")
    if not copy.state("audience"):
        statement = signed_statement(server, server.document("/api/v1/changes/digest"))
        with copy.transaction():
            copy.note(url=server.url, audience=str(statement["audience"]))


# --- The command ----------------------------------------------------------------------------------


def run(copy: Copy, server: Server, *, wait: int | None = None) -> None:
    """Bring the copy up to date and prove it."""
    audience_settle(copy, server)
    new = update(copy, server, wait)
    seq, chain = copy.last()
    manifest = manifest_read(copy)
    if (manifest.get("seq"), manifest.get("digest")) == (seq, chain) and wait:
        return
    proof = proved(copy, server)
    files_write(copy, proof)
    say(f"exact up to entry {seq} ({new} new), digest {chain}")


def persist(copy: Copy, server: Server) -> None:
    """Keep the copy up to date until stopped; a server that is away is waited for."""
    pause = 1.0
    while True:
        try:
            run(copy, server, wait=WAIT_S)
            pause = 1.0
            time.sleep(max(server.ask_again_s, BETWEEN_S))
        except Unreachable as exc:
            wait_s = max(pause, exc.wait_s)
            say(f"{exc} Trying again in {wait_s:.0f} s.")
            time.sleep(wait_s)
            pause = min(2 * pause, 300)


def once(copy: Copy, server: Server) -> None:
    """Bring the copy up to date; given up after some attempts that brought nothing."""
    failed = 0
    while True:
        before = copy.last()
        try:
            return run(copy, server)
        except Unreachable as exc:
            failed = 1 if copy.last() != before else failed + 1
            if failed == ATTEMPTS:
                raise
            time.sleep(max(2.0 ** (failed - 1), exc.wait_s))


def token_read(path: str | None) -> str:
    """Return the token, empty where there is none."""
    if path is None:
        return os.environ.get("HARMWATCH_TOKEN", "").strip()
    try:
        return Path(path).read_text().strip()
    except (OSError, ValueError) as exc:
        raise Refused(f"{path} cannot be read: {exc}") from None


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", metavar="URL")
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--token-file", metavar="FILE")
    parser.add_argument("--follow", action="store_true", help="keep it up to date until stopped")
    parser.add_argument("--check", action="store_true", help="compute everything anew")
    given = parser.parse_args(arguments)
    try:
        server = Server(given.url, token_read(given.token_file))
        with contextlib.closing(Copy(given.folder)) as copy:
            if given.check:
                computed_anew(copy)
            (persist if given.follow else once)(copy, server)
    except KeyboardInterrupt:
        return 130
    except (Refused, sqlite3.Error, OSError) as exc:
        say(f"not exact: {exc}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
