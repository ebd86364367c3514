"""``manage.py ledger_proof ENTRY``: a file that proves one audit entry offline."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.canonical import canonical_json
from ledger.models import AuditEntry
from ledger.selectors import entry_proof


class Command(BaseCommand):
    help = "Print the proof of one audit entry (check it with clients/harmwatch_verify.py entry)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("entry", help="the entry's id, or its seq")

    def handle(self, *args: Any, **options: Any) -> None:
        key = options["entry"]
        try:
            lookup = {"seq": int(key)} if key.isdecimal() else {"id": UUID(key)}
        except ValueError:
            raise CommandError("Name the entry by its id or by its seq.") from None
        entry = AuditEntry.objects.filter(**lookup).first()
        if entry is None or entry.seq is None:
            raise CommandError("There is no sealed entry of that id.")
        proof = json.loads(canonical_json(entry_proof(entry)))
        self.stdout.write(json.dumps(proof, indent=2, ensure_ascii=False))
