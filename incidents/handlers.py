"""What the record does when something happened. Wired in ``config/consumers.py``."""

from collections.abc import Sequence

from incidents.services.working_copies import working_copy_make
from ledger.models import DomainEvent


def evidence_arrived(events: Sequence[DomainEvent]) -> None:
    """Make the working copies of files that came, or were asked for again."""
    for event in events:
        working_copy_make(evidence_id=event.object_id)
