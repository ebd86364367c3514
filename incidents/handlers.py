"""What the record itself does when something happened. Wired in ``config/consumers.py``."""

from collections.abc import Sequence

from incidents.services.matching import matches_refresh
from ledger.models import DomainEvent


def incidents_changed(events: Sequence[DomainEvent]) -> None:
    """Match the incidents that were opened or changed, all at once."""
    matches_refresh(incident_ids={event.object_id for event in events})
