"""``manage.py issue_link``: a link by which a member sets a password: the first login."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.members import link_issue
from accounts.models import User


class Command(BaseCommand):
    help = "Print a link, good once and for three days, by which a member sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="the member's address")
        parser.add_argument("--reason", default="issued on the server", help="for the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("There is no such member; issue_token makes members.")
        path = link_issue(actor=None, user_id=user.id, reason=options["reason"])
        self.stdout.write(settings.PUBLIC_URL.rstrip("/") + path)
