"""``manage.py activate_boundaries NAME``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from incidents.services.boundaries import boundaries_activate


class Command(BaseCommand):
    help = "Put a loaded release of boundaries in force for its country, in place of another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("release", help="its name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = boundaries_activate(name=options["release"])
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        self.stdout.write(f"{release.name} is in force for {release.country or 'the world'}.")
