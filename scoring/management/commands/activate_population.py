"""``manage.py activate_population``: choose the layer that figures are computed from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from scoring.selectors import layer_matching
from scoring.services.layers import layer_activate, layer_put_beside


class Command(BaseCommand):
    help = "Make a population layer the active one and have every incident scored by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", help="its id, or the first digits of its checksum")
        beside = parser.add_mutually_exclusive_group()
        beside.add_argument(
            "--beside", action="store_true", help="score by it beside the active one, to compare"
        )
        beside.add_argument(
            "--no-longer", action="store_true", help="score by it beside the active one no longer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            layer = layer_matching(options["layer"])
            if options["beside"] or options["no_longer"]:
                layer = layer_put_beside(layer_id=layer.id, beside=options["beside"])
            else:
                layer = layer_activate(layer_id=layer.id)
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        used = "Active" if layer.is_active else "Beside" if layer.is_beside else "Not in use"
        self.stdout.write(f"{used}: {layer}")
