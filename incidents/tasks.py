"""The record's work on the workers: carrying out imports."""

from uuid import UUID

from celery import shared_task

from incidents.intake.runs import FileReader
from incidents.services import imports
from incidents.services.embargo import embargoes_end
from incidents.services.import_running import import_run

A_DAY = 24 * 3600


@shared_task(time_limit=A_DAY, soft_time_limit=A_DAY - 60)  # a long file takes longer than others
def import_carry_out(run_id: str) -> None:
    """Carry out one import; nothing where another worker is at it."""
    import_run(run_id=UUID(run_id), reader=FileReader())


@shared_task
def imports_sweep() -> None:
    """Find imports that a lost message or a dead worker left behind."""
    imports.imports_sweep()


@shared_task
def embargoes_sweep() -> None:
    """Let go of incidents whose embargo has ended."""
    embargoes_end()
