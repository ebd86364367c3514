"""``manage.py issue_device``: a credential for a member's phone, or the end of one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.devices import device_issue, device_revoke
from accounts.models import DeviceCredential, Membership
from core.errors import InvalidInput


class Command(BaseCommand):
    help = "Print a new credential for ODK Collect or KoboCollect; or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="the member's address")
        parser.add_argument("--organisation", help="the member's organisation")
        parser.add_argument("--label", default="", help="which phone, for people")
        parser.add_argument("--revoke", metavar="USERNAME", help="end this credential instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revoke"]:
            self._revoke(options["revoke"])
            return
        if not (options["email"] and options["organisation"]):
            raise CommandError("Give --email and --organisation, or --revoke USERNAME.")
        member = Membership.objects.filter(
            user__email__iexact=options["email"],
            organisation__name=options["organisation"],
            ended_at__isnull=True,
        ).first()
        if member is None:
            raise CommandError("There is no such member; issue_token makes members.")
        try:
            device, secret = device_issue(actor=None, membership=member, label=options["label"])
        except InvalidInput as exc:
            raise CommandError(" ".join(str(error.message) for error in exc.errors)) from exc
        self.stderr.write(f"For {member}: user name {device.username}; password, shown once:")
        self.stdout.write(secret)

    def _revoke(self, username: str) -> None:
        device = DeviceCredential.objects.filter(username=username).first()
        if device is None:
            raise CommandError(f"No credential has the user name {username}.")
        device_revoke(actor=None, device_id=device.id, reason="revoked on the server")
        self.stderr.write(f"{device} is revoked.")
