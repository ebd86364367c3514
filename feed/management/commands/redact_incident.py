"""``manage.py redact_incident ID --by EMAIL --reason WHY``."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors import actor_by_email
from core.errors import DomainError
from feed.sealing import seal
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch


class Command(BaseCommand):
    help = "Blank every version of an incident that was published, for good, at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", type=UUID, help="its id")
        parser.add_argument("--by", required=True, help="e-mail of who orders it")
        parser.add_argument("--reason", required=True, help="kept in the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_by_email(options["by"])
        if actor is None:
            raise CommandError("Nobody has this e-mail address.")
        try:
            incident = incident_redact(
                actor=actor, incident_id=options["incident"], reason=options["reason"]
            )
        except DomainError as exc:
            said = "; ".join(str(error.message) for error in exc.errors) or exc.detail or exc.title
            raise CommandError(str(said)) from exc
        dispatch("feed.publish")  # whether or not a worker runs
        seal()
        self.stdout.write(f"{incident.id} is redacted, version {incident.version} says so.")
