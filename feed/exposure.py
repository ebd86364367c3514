"""Published exposure kept up to date: by the layer and the formula that are in use now."""

from django.db import transaction

from feed.exposure_writing import (
    RESCORED,
    Basis,
    basis_now,
    basis_of,
    exposure_entry,
    scored_as_shown,
)
from feed.models import Audience, Change, ExposureSweep, Kind, LogEntry
from feed.selectors import latest_versions, log_visible_to
from incidents.selectors import embargoed_among
from ledger.wake import wake_sealer

AT_ONCE = 200


def exposures_rescore(audience: Audience) -> int:
    """Compute anew what an audience is shown of exposure by what is in use no longer.

    Returns how many entries were written. What was done is kept when it is broken off. The
    incidents' own entries stay as they are.
    """
    ExposureSweep.objects.get_or_create(audience=audience)
    written = 0
    while (done := _some_rescore(audience)) is not None:
        written += done
    return written


@transaction.atomic
def _some_rescore(audience: Audience) -> int | None:
    """Look at the next incidents that stand; None where there are none, or others look at them.

    It goes by the log: whatever was written by an old layer while it went on stands further up.
    """
    sweep = ExposureSweep.objects.select_for_update(skip_locked=True).filter(audience=audience)
    state, basis = sweep.first(), basis_now()
    if state is None:
        return None
    if state.basis != " ".join(basis):
        state.basis, state.last_seq = " ".join(basis), 0
    shown = log_visible_to(audience).filter(kind=Kind.INCIDENT, closed_by_seq=None)
    shown = shown.filter(seq__gt=state.last_seq).exclude(feature="")
    incidents = list(shown.order_by("seq")[:AT_ONCE])
    if incidents:
        state.last_seq = incidents[-1].seq or 0
    state.save()
    return _written(audience, incidents, basis) if incidents else None


def _written(audience: Audience, incidents: list[LogEntry], basis: Basis) -> int:
    stale = _stale(audience, incidents, basis)
    scored = scored_as_shown(stale)  # may take long, so before anything is locked
    held = embargoed_among(entry.object_id for entry in stale)
    newest = latest_versions(entry.object_id for entry in stale)
    exposures = latest_versions((entry.object_id for entry in stale), [Kind.EXPOSURE])
    entries = []
    for incident, figures in zip(stale, scored, strict=True):
        key = audience, incident.object_id
        # What is on its way out, or out in another version, has its exposure written with it.
        if incident.object_id in held or newest[key].id != incident.id:
            continue
        entry = exposure_entry(incident, figures, exposures.get(key))
        entry.reason = RESCORED if entry.change != Change.CREATED else ""
        entries.append(entry)
    LogEntry.objects.bulk_create(entries)
    wake_sealer()
    return len(entries)


def _stale(audience: Audience, incidents: list[LogEntry], basis: Basis) -> list[LogEntry]:
    exposures = latest_versions((entry.object_id for entry in incidents), [Kind.EXPOSURE])
    known = {id_: basis_of(one) for (whose, id_), one in exposures.items() if whose == audience}
    return [entry for entry in incidents if known.get(entry.object_id) != basis]
