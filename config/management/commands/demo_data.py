"""``manage.py demo_data``: everything a newcomer needs to look around. Refused in production."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actors import actor_of
from accounts.members import member_add
from accounts.models import Membership, Organisation, Role
from accounts.selectors import token_by_secret, token_refusal
from accounts.services import token_issue
from config.demo_logins import demo_login
from incidents.intake.json_reports import submission_parse
from incidents.services.boundaries import demo_boundaries_load
from incidents.services.reports import report_receive

REPORTS = Path(__file__).parents[2] / "demo" / "reports.json"
TOKEN_LIFETIME = timedelta(days=30)
# (key, e-mail, name, organisation, role)
MEMBERS = (
    ("submitter", "submitter@demo.example", "Sara", "Demo Relief Watch", Role.SUBMITTER),
    ("other_submitter", "other@demo.example", "Omar", "Demo Medics", Role.SUBMITTER),
    ("monitor", "monitor@demo.example", "Mina", "Demo Monitors", Role.MONITOR),
    ("second_monitor", "second@demo.example", "Nabil", "Demo Monitors", Role.MONITOR),
    ("lead_monitor", "lead@demo.example", "Layla", "Demo Monitors", Role.LEAD_MONITOR),
    ("administrator", "admin@demo.example", "Adam", "Demo Monitors", Role.ADMINISTRATOR),
    ("partner", "partner@demo.example", "Partner system", "Demo Partner", Role.PARTNER),
)


class Command(BaseCommand):
    help = "Load boundaries, a demonstration population layer, members with tokens, and reports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tokens-file", type=Path, help="where to keep the members' tokens")
        parser.add_argument("--logins-file", type=Path, help="where to write how they log in")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("Demonstration data has no place in production.")
        demo_boundaries_load()
        call_command("make_demo_population", activate=True, stdout=self.stdout)
        members = {row[0]: _member(*row[1:]) for row in MEMBERS}
        tokens = _tokens(members, options["tokens_file"])
        _logins_write(members, options["logins_file"])
        self._reports(members)
        for key, secret in tokens.items():
            self.stdout.write(f"token {key}: {secret}")

    def _reports(self, members: dict[str, Membership]) -> None:
        new = 0
        for number, entry in enumerate(json.loads(REPORTS.read_text()), start=1):
            body = json.dumps(entry["report"], ensure_ascii=False).encode()
            submission = submission_parse(body, f"demo-{number}")
            actor = actor_of(members[entry["from"]])
            new += report_receive(actor=actor, submission=submission).is_new
        self.stdout.write(f"{new} demonstration reports added")


def _member(email: str, name: str, organisation: str, role: Role) -> Membership:
    home, _ = Organisation.objects.get_or_create(name=organisation)
    known = Membership.objects.filter(user__email=email, organisation=home).first()
    return known or member_add(actor=None, email=email, name=name, organisation=home, role=role)


def _logins_write(members: dict[str, Membership], file: Path | None) -> None:
    """Let the members log in; write how, one a line, with tabs between."""
    logins = [demo_login(key, member) for key, member in members.items()]
    if file:
        lines = [
            "\t".join((login.role, login.email, login.password, login.secret or "-"))
            for login in logins
            if login
        ]
        file.write_text("\n".join(lines) + "\n")


def _tokens(members: dict[str, Membership], file: Path | None) -> dict[str, str]:
    """Return a working token for each member: the one on file where it still works."""
    kept = json.loads(file.read_text()) if file and file.exists() else {}
    tokens = {}
    for key, membership in members.items():
        secret = kept.get(key)
        if secret is None or token_refusal(token_by_secret(secret)):
            _, secret = token_issue(
                actor=None,
                membership=membership,
                name="demo",
                lifetime=TOKEN_LIFETIME,
            )
        tokens[key] = secret
    if file:
        file.touch(mode=0o600)
        os.chmod(file, 0o600)
        file.write_text(json.dumps(tokens, indent=2))
    return tokens
