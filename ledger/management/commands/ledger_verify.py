"""``manage.py ledger_verify``: is the ledger still what was sealed?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.canonical import canonical_json, sha256_hex
from ledger.models import Head
from ledger.sealing import LISTS
from ledger.signing import signature_is_good
from ledger.verify import first_breach


def _witnessed(path: str) -> list[dict[str, Any]]:
    """Read a page of heads, or a single one; ``CommandError`` for what this server did not sign."""
    try:
        document = json.loads(Path(path).read_text())
        heads: list[dict[str, Any]] = document.get("heads", [document])
        is_ours = all(_is_signed(head) for head in heads)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as exc:
        raise CommandError(f"{path} cannot be read as heads of the ledger: {exc!r}") from exc
    if not is_ours:
        raise CommandError(f"{path} holds a head that was not signed with a key of this server.")
    return heads


def _is_signed(head: dict[str, Any]) -> bool:
    statement = {name: head[name] for name in head if name not in ("hash", "key_id", "signature")}
    has_its_hash = sha256_hex(canonical_json(statement)) == head["hash"]
    signature, key_id = str(head["signature"]), str(head["key_id"])
    return has_its_hash and signature_is_good(statement, signature, key_id)


class Command(BaseCommand):
    help = "Recompute the whole ledger and name the first entry that was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--witness",
            metavar="FILE",
            action="append",
            default=[],
            help="heads fetched earlier from /.well-known/harmwatch-ledger.json; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        witnesses = [head for path in options["witness"] for head in _witnessed(path)]
        checked = 0

        def count(rows: int) -> None:
            nonlocal checked
            checked += rows

        breach = first_breach(witnesses=witnesses, progress=count)
        if breach:
            raise CommandError(f"BROKEN at {breach}")
        waiting = sum(m._default_manager.filter(seq__isnull=True).count() for m in LISTS.values())
        heads = Head.objects.count()
        self.stdout.write(
            f"The ledger is whole: {checked} entries under {heads} heads; {waiting} not sealed yet."
        )
