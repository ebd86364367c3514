"""Keeping the suggestions of matching up to date, and what monitors decide of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import InvalidTransition, NotFound
from incidents.matching import FORMULA, Match, match_score, subject_of
from incidents.models import Incident, MatchSuggestion
from incidents.selectors.matching import (
    candidate_pairs,
    data_sets_of,
    incidents_to_compare,
    match_visible_to,
)
from incidents.vocab import MatchDecision
from ledger.services import audit_record, event_emit

# New suggestions kept for one incident, the best; what was suggested before stays beside them.
MOST_KEPT = 20
# A dismissed pair is offered again once its score has risen by this much: the incidents are then
# not what the monitor saw.
RISEN = 0.2

Pair = tuple[UUID, UUID]
_COMPUTED = ("one_version", "other_version", "score", "verdict", "reasons", "formula")


@transaction.atomic
def matches_refresh(*, incident_ids: Collection[UUID]) -> None:
    """Compare incidents with those around them, and store what is at least possible.

    Done twice, it writes nothing the second time. What a monitor decided stays, see ``RISEN``.
    """
    _one_at_a_time()
    ids = set(incident_ids)
    suggested = _rows_of(ids).filter(decision__isnull=True).values_list("one_id", "other_id")
    pairs = candidate_pairs(ids) | set(suggested)
    incidents = {row.id: row for row in incidents_to_compare({id_ for p in pairs for id_ in p})}
    matches = _matches(pairs, incidents)
    best = _best(matches, ids)
    # In the order in which a merge locks: the incidents by id, then their suggestions.
    _incidents_keep({id_ for pair in best for id_ in pair})
    known = {(row.one_id, row.other_id): row for row in _rows_of(ids).select_for_update()}
    undecided = {pair for pair, row in known.items() if row.decision is None}
    kept = best | undecided & matches.keys()
    rows = [_row(pair, matches[pair], incidents, known.get(pair)) for pair in sorted(kept)]
    written = [row for row in rows if row is not None]
    _store(written)
    gone = [known[pair].id for pair in undecided - kept]
    MatchSuggestion.objects.filter(id__in=gone).delete()
    if touched := [row.id for row in written] + gone:
        # One for all: whoever counts strikes counts likely duplicates anew, whichever they are.
        event_emit(kind="match.found", object_type="match", object_id=touched[0])


@transaction.atomic
def match_dismiss(*, actor: Actor, match_id: UUID, reason: str) -> MatchSuggestion:
    """Say that two incidents are not the same strike.

    Raises ``NotFound``, ``NotAllowed``, and ``InvalidTransition`` where it was decided already.
    """
    demand(actor, Action.INCIDENT_MERGE)
    match = match_visible_to(actor).select_for_update(of=("self",)).filter(id=match_id).first()
    if match is None:
        raise NotFound()
    if match.decision is not None:
        raise InvalidTransition(_("This was decided already."), decision=str(match.decision))
    _decide(match, actor, MatchDecision.DIFFERENT, reason)
    match.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    _audit(actor, "match.dismissed", match, reason)
    event_emit(kind="match.dismissed", object_type="match", object_id=match.id)
    return match


def matches_settle(*, actor: Actor, incident_ids: Collection[UUID], reason: str) -> None:
    """Mark suggestions among incidents as decided by their merge, in the merge's transaction."""
    rows = list(_rows_among(incident_ids).select_for_update())
    for match in rows:
        _decide(match, actor, MatchDecision.SAME, reason)
    MatchSuggestion.objects.bulk_update(rows, ["decision", "reason", "decided_by", "decided_at"])


def matches_unsettle(*, incident_ids: Collection[UUID]) -> None:
    """Let what a merge decided be undecided again, in the transaction that undoes it."""
    settled = _rows_among(incident_ids).filter(decision=MatchDecision.SAME)
    settled.update(decision=None, reason="", decided_by=None, decided_at=None)


def match_part(*, actor: Actor, one: Incident, other: Incident, reason: str) -> None:
    """Keep a split from being undone by a suggestion: what a monitor parted is decided."""
    incidents = {row.id: row for row in incidents_to_compare([one.id, other.id])}
    pair = (min(one.id, other.id), max(one.id, other.id))
    for match in _matches([pair], incidents).values():
        row = _row(pair, match, incidents, None)
        if row is not None:
            _decide(row, actor, MatchDecision.DIFFERENT, reason)
            row.save()


def _one_at_a_time() -> None:
    """Make batches wait for each other: two would write one pair from different readings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harmwatch matching'))")


def _incidents_keep(ids: Collection[UUID]) -> None:
    """Lock incidents against changes of their id alone, as the rows that will name them do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM incidents_incident WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [list(ids)],
        )


def _rows_of(ids: Collection[UUID]) -> QuerySet[MatchSuggestion]:
    return MatchSuggestion.objects.filter(Q(one__in=ids) | Q(other__in=ids)).order_by("id")


def _rows_among(ids: Collection[UUID]) -> QuerySet[MatchSuggestion]:
    return MatchSuggestion.objects.filter(one__in=ids, other__in=ids).order_by("id")


def _matches(pairs: Iterable[Pair], incidents: Mapping[UUID, Incident]) -> dict[Pair, Match]:
    """Return the matches among incidents that stand; those with no verdict are left out."""
    data_sets = data_sets_of(incidents)
    subjects = {
        id_: subject_of(incident, data_sets.get(id_, frozenset()))
        for id_, incident in incidents.items()
    }
    matches = {}
    for one, other in pairs:
        first, second = subjects.get(one), subjects.get(other)
        if first and second and (match := match_score(first, second)).verdict:
            matches[one, other] = match
    return matches


def _best(matches: Mapping[Pair, Match], ids: set[UUID]) -> set[Pair]:
    """Return each asked incident's best matches."""
    by_incident: dict[UUID, list[Pair]] = defaultdict(list)
    for pair in matches:
        for id_ in ids.intersection(pair):
            by_incident[id_].append(pair)
    kept = set()
    for own in by_incident.values():
        kept.update(sorted(own, key=lambda pair: (-matches[pair].score, pair))[:MOST_KEPT])
    return kept


def _row(
    pair: Pair, match: Match, incidents: Mapping[UUID, Incident], known: MatchSuggestion | None
) -> MatchSuggestion | None:
    """Return a row to be written; None where what is known stands."""
    one, other = pair
    computed = {
        "one_version": incidents[one].version,
        "other_version": incidents[other].version,
        "score": match.score,
        "verdict": match.verdict,
        "reasons": match.reasons,
        "formula": FORMULA,
    }
    if known is None:
        return MatchSuggestion(one_id=one, other_id=other, **computed)
    if known.decision is not None and match.score < known.score + RISEN:
        return None
    if known.decision is None and all(getattr(known, name) == computed[name] for name in computed):
        return None
    if known.decision is not None:
        _reopen(known, match.score)
    for name, value in computed.items():
        setattr(known, name, value)
    return known


def _reopen(match: MatchSuggestion, score: float) -> None:
    _audit(None, "match.reopened", match, risen_to=score)
    match.decision, match.reason, match.found_at = None, "", timezone.now()
    match.decided_by, match.decided_at = None, None


def _store(rows: list[MatchSuggestion]) -> None:
    new = [row for row in rows if row._state.adding]
    MatchSuggestion.objects.bulk_create(new, batch_size=2000)
    MatchSuggestion.objects.bulk_update(
        [row for row in rows if not row._state.adding],
        [*_COMPUTED, "decision", "reason", "decided_by", "decided_at", "found_at"],
        batch_size=500,
    )


def _decide(match: MatchSuggestion, actor: Actor, decision: MatchDecision, reason: str) -> None:
    match.decision, match.reason = decision, reason
    match.decided_by_id, match.decided_at = actor.id, timezone.now()


def _audit(
    actor: Actor | None, action: str, match: MatchSuggestion, reason: str = "", **more: float
) -> None:
    """Record it of both incidents, so that each one's timeline tells it."""
    for incident, other in ((match.one_id, match.other_id), (match.other_id, match.one_id)):
        audit_record(
            actor=actor,
            action=action,
            object_type="incident",
            object_id=incident,
            reason=reason,
            data={"match": str(match.id), "other": str(other), "score": match.score} | more,
        )
