"""The strikes that count when strikes are counted, for the house's own computing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from incidents.models import Incident, MatchSuggestion
from incidents.selectors.incidents import LAT, LON
from incidents.vocab import Grade, IncidentKind, State, Verdict

_FIELDS = (
    *("id", "version", "lon", "lat", "uncertainty_m", "location_precision"),
    *("time_start", "time_end", "time_precision", "grade"),
)


def strikes_counted() -> Iterator[dict[str, Any]]:
    """Yield the strikes that are neither merged, withdrawn nor discounted: degrees, metres, UTC."""
    standing = Incident.objects.filter(merged_into__isnull=True, kind=IncidentKind.STRIKE)
    standing = standing.exclude(state=State.WITHDRAWN).exclude(grade=Grade.DISCOUNTED)
    rows = standing.annotate(lon=LON, lat=LAT).order_by().values(*_FIELDS)
    return rows.iterator(chunk_size=20_000)


def likely_duplicates() -> list[tuple[UUID, UUID]]:
    """Return the pairs of incidents that are likely the same and that nobody decided yet."""
    rows = MatchSuggestion.objects.filter(decision__isnull=True, verdict=Verdict.LIKELY_SAME)
    stands = Q(one__merged_into__isnull=True, other__merged_into__isnull=True)
    return list(rows.filter(stands).order_by().values_list("one_id", "other_id"))
