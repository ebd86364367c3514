"""``manage.py rescore_incidents``: everything anew, after the formula or a profile changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.selectors import active_layer, layers_beside
from scoring.services.rescoring import rescoring_begin


class Command(BaseCommand):
    help = "Have workers score every incident anew by the active layer and those beside it."

    def handle(self, *args: Any, **options: Any) -> None:
        layers = [layer for layer in (active_layer(), *layers_beside()) if layer]
        if not layers:
            raise CommandError("No population layer is active. manage.py activate_population …")
        for layer in layers:
            run = rescoring_begin(layer=layer)
            total = sum(run.blocks.values_list("size", flat=True))
            self.stdout.write(f"{layer}: {total:,} incidents. manage.py rescoring_progress")
