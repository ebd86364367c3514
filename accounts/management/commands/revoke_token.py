"""``manage.py revoke_token``: the end of a token that was lost or is needed no longer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ApiToken
from accounts.services import token_revoke


class Command(BaseCommand):
    help = "End a token, at once and for good; without --prefix, list a member's tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="whose token it is")
        parser.add_argument("--prefix", help="how it begins, as the list shows it")
        parser.add_argument("--reason", default="revoked on the server", help="for the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        own = ApiToken.objects.filter(
            membership__user__email__iexact=options["email"], revoked_at__isnull=True
        ).order_by("created_at")
        if options["prefix"] is None:
            for token in own:
                self.stdout.write(f"{token}, until {token.expires_at:%Y-%m-%d}")
            return
        found = list(own.filter(prefix=options["prefix"]))
        if len(found) != 1:
            raise CommandError(f"{len(found)} tokens in use begin with {options['prefix']}.")
        token_revoke(actor=None, token_id=found[0].id, reason=options["reason"])
        self.stderr.write(f"{found[0]} is revoked.")
