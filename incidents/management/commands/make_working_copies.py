from typing import Any

from django.core.management.base import BaseCommand

from incidents.services.working_copies import working_copies_request


class Command(BaseCommand):
    help = "Has the workers make the working copies that are missing, lost or made in an older way."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"asked for {working_copies_request()} files")
