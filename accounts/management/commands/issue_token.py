"""``manage.py issue_token``: a member's token, made on the server. The first one starts here."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.members import member_add
from accounts.models import Membership, Organisation, Role
from accounts.permissions import Action
from accounts.services import TOKEN_LIFETIME, token_issue
from core.errors import InvalidInput

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "Print a new API token of a member; organisation and member are made where missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="the person's, or the partner system's")
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--scopes", nargs="+", choices=Action.values, help="fewer than all the role may do"
        )
        parser.add_argument("--days", type=int, default=TOKEN_LIFETIME.days)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as exc:
            raise CommandError(f"{options['email']}: {exc.message}") from exc
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days must be from 1 to {LONGEST_DAYS}.")
        scopes = options["scopes"]
        try:
            with transaction.atomic():
                token, secret = token_issue(
                    actor=None,
                    membership=self._membership(options),
                    name="issued on the server",
                    scopes=scopes and [Action(scope) for scope in scopes],
                    lifetime=timedelta(days=options["days"]),
                )
        except InvalidInput as exc:
            raise CommandError(" ".join(str(error.message) for error in exc.errors)) from exc
        self.stderr.write(f"For {token.membership}, until {token.expires_at:%Y-%m-%d}. Shown once:")
        self.stdout.write(secret)

    def _membership(self, options: dict[str, Any]) -> Membership:
        """Return the membership asked for; one with another role is not changed in passing."""
        home, _ = Organisation.objects.get_or_create(name=options["organisation"])
        known = Membership.objects.filter(
            user__email__iexact=options["email"], organisation=home, ended_at__isnull=True
        ).first()
        if known is None:
            return member_add(
                actor=None,
                email=options["email"],
                name=options["name"],
                organisation=home,
                role=Role(options["role"]),
            )
        if known.role != options["role"]:
            raise CommandError(f"{known} is a member with another role already.")
        return known
