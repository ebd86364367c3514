"""The monitors' risk run, from the record itself."""

from datetime import datetime

from django.db.models import Max, Min

from ledger.models import DomainEvent
from scoring.models import RiskRun
from scoring.services.risk import Changes, run_if_due
from scoring.services.risk_inputs import record_inputs


def record_run_if_due(*, now: datetime | None = None) -> RiskRun | None:
    """Make a run from the record if one is due; see ``run_if_due``."""
    return run_if_due(
        RiskRun.Source.RECORD, read=record_inputs, changes_since=_changes_since, now=now
    )


def _changes_since(seq: int) -> Changes:
    """Return when incidents, or which are likely the same, were changed since an event.

    Nobody's assignment changes the risk.
    """
    events = DomainEvent.objects.filter(seq__gt=seq, object_type__in=["incident", "match"])
    found = events.exclude(kind="incident.assigned").aggregate(
        oldest=Min("recorded_at"), newest=Max("recorded_at")
    )
    return (found["oldest"], found["newest"]) if found["oldest"] else None
