"""The ledger's work on the workers: sealing, dispatching, and the sweep that forgets nothing."""

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from ledger import dispatch as dispatching
from ledger import selectors
from ledger.health import sweep_note
from ledger.wake import send


@shared_task
def seal() -> None:
    """Run every sealer; one that fails does not keep the others from their work."""
    failed: list[Exception] = []
    for path in import_string(settings.LEDGER_SEALERS):
        try:
            import_string(path)()
        except Exception as exc:
            failed.append(exc)
    if failed:
        raise ExceptionGroup("sealing failed", failed)


@shared_task
def dispatch(consumer: str) -> None:
    """Hand over what is due for one consumer."""
    dispatching.dispatch(consumer)


@shared_task
def sweep() -> None:
    """Find what a lost message or a dead worker left behind, and seal what is committed."""
    sweep_note()
    for consumer in selectors.consumers_with_work():
        send("ledger.tasks.dispatch", consumer.name, queue=consumer.queue)
    seal()
