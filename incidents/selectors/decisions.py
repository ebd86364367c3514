"""What monitors have to decide about incidents, and why, in words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.models import Assessment, Incident, MatchSuggestion, Report
from incidents.vocab import Grade, State, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: its stable code, and a sentence for people."""

    code: str
    text: str


def decisions_of(incidents: Sequence[Incident]) -> dict[UUID, list[Decision]]:
    """Return by incident what is to be decided, the most pressing first; in three queries."""
    ids = [incident.id for incident in incidents]
    once, pairs, odd = _confirmed_once(incidents), _likely_pairs(ids), _with_flags(ids)
    found: dict[UUID, list[Decision]] = {}
    for incident in incidents:
        also = [_same(pairs[incident.id])] if pairs[incident.id] else []
        if incident.id in odd:
            also.append(Decision("odd", _("A report of it has odd figures.")))
        found[incident.id] = [*_of_state(incident, incident.id in once), *also]
    return found


def _of_state(incident: Incident, is_confirmed_once: bool) -> list[Decision]:
    if is_confirmed_once:
        return [Decision("second", _("One person confirmed it; a second has to look."))]
    if incident.state == State.NEW:
        return [Decision("look", _("Nobody has looked at it yet."))]
    if incident.state == State.WITHDRAWN:
        return []
    if not incident.grade:
        return [Decision("grade", _("It has no grade yet."))]
    if incident.state != State.PUBLISHED:
        return [Decision("publish", _("It is graded, and not published."))]
    if incident.version != incident.published_version:
        text = _("It has changed since version %d was published.") % incident.published_version
        return [Decision("publish_again", text)]
    return []


def _same(count: int) -> Decision:
    if count == 1:
        return Decision("same", _("It is likely the same as another."))
    return Decision("same", _("It is likely the same as %d others.") % count)


def _confirmed_once(incidents: Sequence[Incident]) -> set[UUID]:
    """Return those whose last assessment is ``confirmed``, which one person alone cannot decide."""
    open_ones = [one.id for one in incidents if one.grade != Grade.CONFIRMED]
    last = Assessment.objects.filter(incident__in=open_ones)
    last = last.order_by("incident_id", "-assessed_at", "-id").distinct("incident_id")
    return {id_ for id_, grade in last.values_list("incident", "grade") if grade == Grade.CONFIRMED}


def _likely_pairs(ids: Collection[UUID]) -> dict[UUID, int]:
    rows = MatchSuggestion.objects.filter(decision__isnull=True, verdict=Verdict.LIKELY_SAME)
    rows = rows.filter(Q(one__in=ids) | Q(other__in=ids))
    rows = rows.filter(one__merged_into=None, other__merged_into=None)
    rows = rows.exclude(one__state=State.WITHDRAWN).exclude(other__state=State.WITHDRAWN)
    count: dict[UUID, int] = defaultdict(int)
    for pair in rows.values_list("one", "other"):
        for id_ in pair:
            count[id_] += 1
    return count


def _with_flags(ids: Collection[UUID]) -> set[UUID]:
    flagged = Report.objects.current().filter(incident__in=ids, flags__len__gt=0)
    return set(flagged.values_list("incident", flat=True))
