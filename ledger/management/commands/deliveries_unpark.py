"""``manage.py deliveries_unpark CONSUMER``: try parked events again, after the cause was mended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger.consumers import all_consumers
from ledger.dispatch import deliveries_unpark


class Command(BaseCommand):
    help = "Give a consumer's parked events a new start."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consumer", choices=sorted(c.name for c in all_consumers()))

    def handle(self, *args: Any, **options: Any) -> None:
        count = deliveries_unpark(consumer=options["consumer"])
        self.stdout.write(f"{count} events will be tried again.")
