"""``manage.py rescoring_progress``: how far scoring everything anew has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from scoring.selectors import rescorings


class Command(BaseCommand):
    help = "Show the latest runs of rescoring: incidents done of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--runs", type=int, default=5, help="how many to show")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = rescorings().order_by("-requested_at", "-id")[: options["runs"]]
        if not runs:
            self.stdout.write("Nothing was ever scored anew.")
        for run in runs:
            notes = f", {run.left_out:,} left out (layer not in use)" if run.left_out else ""
            if run.stuck:
                notes += f", {run.stuck:,} STUCK: manage.py deliveries_unpark scoring.rescore"
            self.stdout.write(
                f"{run.requested_at:%Y-%m-%d %H:%M} {run.layer}: "
                f"{run.done:,} of {run.total:,} incidents{notes}"
            )
