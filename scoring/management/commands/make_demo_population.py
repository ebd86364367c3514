"""``manage.py make_demo_population``: a layer to try things out with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from scoring.management.progress import progress_bar
from scoring.services.demo_layer import demo_layer_make
from scoring.services.layers import layer_activate


class Command(BaseCommand):
    help = "Make the DEMONSTRATION population layer of Iraq and Syria from GeoNames city totals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--activate", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_bar("importing") as progress:
            layer, created = demo_layer_make(progress=progress)
        self.stdout.write(f"{'Made' if created else 'Already here:'} {layer}")
        self.stdout.write(f"  {layer.total:,.0f} people; not for real use")
        if options["activate"]:
            layer_activate(layer_id=layer.id)
            self.stdout.write("It is the active layer.")
