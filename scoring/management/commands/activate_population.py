"""``manage.py activate_population``: choose the layer that figures are computed from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from scoring.selectors import layer_matching
from scoring.services.layers import layer_activate


class Command(BaseCommand):
    help = "Make a population layer the active one and have every incident scored by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", help="its id, or the first digits of its checksum")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            layer = layer_activate(layer_id=layer_matching(options["layer"]).id)
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        self.stdout.write(f"Active: {layer}")
