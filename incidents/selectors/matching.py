"""Who is compared with whom, and which suggestions a person may see. Degrees in, metres and days.

Candidates come from one index, ``incident_reach_by_era``: the box of each incident's place and the
range of its time, each as wide as it is vague, every 128 days in a room of their own. What it costs
grows with what happened around, not with the archive. Measured on a million incidents, the index
holding points and stated times alone, and so looking as far as the vaguest may reach, took 60 times
as long.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from incidents.matching import SURE_DAYS, SURE_M, WEIGHTS, DataSet
from incidents.models import Incident, MatchSuggestion, Report
from incidents.selectors.incidents import incident_visible_to
from incidents.vocab import State, Verdict

# Beyond what the uncertainties of place and time allow for; nothing further off is ever likely.
BEYOND_M, BEYOND_DAYS = 20_000.0, 5.0
# The most that one incident is compared with: those against which place and time say least. This
# bounds what one vague place costs; what the score could still reach falls along the same order.
MOST_CANDIDATES = 100
# The most matches of one incident that a person is shown.
MOST_SHOWN = 100

# The presets of tables whose keeper tells events apart by ids; other keys only tell sendings apart.
DATA_SETS = frozenset({"harmwatch", "ucdp-ged", "acled", "airwars", "iom-dtm"})

_COMPARED = (
    *("location", "uncertainty_m", "time_start", "time_end", "time_precision"),
    *("weapon", "country", "place_name", "title", "alleged_actor", "casualties"),
)

# Ordered by what place and time contribute to the score, as in incidents.matching. Boxes that cross
# the antimeridian go on beyond 180°, so each is looked for from both sides. The rooms are those of
# the function incident_reach: one for what spans more than a week, and one for each era; what spans
# less begins at most 14 days before it ends.
CANDIDATES = """
    SELECT this.id, near.id
    FROM incidents_incident AS this
    CROSS JOIN LATERAL (
        SELECT incident_area(this.location, this.uncertainty_m, %(beyond_m)s) AS area,
               incident_period(
                   this.time_start, this.time_end, this.time_precision, %(beyond_days)s) AS period
    ) AS sought
    CROSS JOIN (VALUES (0), (360), (-360)) AS turn (degrees)
    CROSS JOIN LATERAL (
        SELECT other.id
        FROM (
            SELECT 1000 AS east, 0 AS north
            UNION ALL
            SELECT 0, 200 * generate_series(
                incident_era(lower(sought.period) - interval '14 days'),
                incident_era(upper(sought.period)))
        ) AS room
        JOIN incidents_incident AS other
          ON incident_reach(other.location, other.uncertainty_m,
                other.time_start, other.time_end, other.time_precision)
          && ST_Translate(sought.area, turn.degrees + room.east, room.north)
        CROSS JOIN LATERAL (
            SELECT sqrt(%(sure_m)s ^ 2 + (incident_uncertainty(this.uncertainty_m) ^ 2
                        + incident_uncertainty(other.uncertainty_m) ^ 2) / 4) AS spread_m,
                   incident_span(this.time_start, this.time_end, this.time_precision) AS span,
                   incident_span(other.time_start, other.time_end, other.time_precision) AS others
        ) AS known
        CROSS JOIN LATERAL (
            SELECT sqrt(%(sure_days)s ^ 2 + (span ^ 2 + others ^ 2) / 16) AS spread_days,
                   greatest(0, abs(extract(epoch FROM
                        (other.time_start - this.time_start) + (other.time_end - this.time_end)
                   )) / 172800 - abs(span - others) / 2) AS days
        ) AS apart
        WHERE incident_period(other.time_start, other.time_end, other.time_precision, 0)
           && sought.period
          AND other.id <> this.id AND other.kind = this.kind
          AND other.merged_into_id IS NULL AND other.state <> 'withdrawn'
        ORDER BY
            %(distance)s * ST_Distance(other.location::geography, this.location::geography)
                / spread_m
            + %(vague_place)s * ln(spread_m) + %(days)s * days / spread_days
            + %(vague_time)s * ln(spread_days) DESC, other.id
        LIMIT %(most)s
    ) AS near
    WHERE this.id = ANY(%(ids)s) AND this.merged_into_id IS NULL AND this.state <> 'withdrawn'
"""


def match_visible_to(actor: Actor | None) -> QuerySet[MatchSuggestion]:
    """Return the suggestions about incidents that an actor may read, with those incidents."""
    visible = incident_visible_to(actor)
    rows = MatchSuggestion.objects.filter(one__in=visible, other__in=visible)
    return rows.select_related("one__assignment__user", "other__assignment__user", "decided_by")


def matches_of(actor: Actor | None, incident_id: UUID) -> QuerySet[MatchSuggestion]:
    """Return an incident's matches with others that stand: the undecided first, best first."""
    of_it = Q(one=incident_id) | Q(other=incident_id)
    rows = _standing(match_visible_to(actor).filter(of_it))
    return rows.order_by(F("decision").asc(nulls_first=True), "-score", "id")[:MOST_SHOWN]


def matches_to_decide(actor: Actor | None) -> QuerySet[MatchSuggestion]:
    """Return the pairs that are likely the same and that no monitor decided yet."""
    rows = match_visible_to(actor).filter(decision__isnull=True, verdict=Verdict.LIKELY_SAME)
    return _standing(rows)


def _standing(rows: QuerySet[MatchSuggestion]) -> QuerySet[MatchSuggestion]:
    """Return those of two incidents that are neither merged nor withdrawn."""
    merged = Q(one__merged_into__isnull=False) | Q(other__merged_into__isnull=False)
    withdrawn = Q(one__state=State.WITHDRAWN) | Q(other__state=State.WITHDRAWN)
    return rows.exclude(merged).exclude(withdrawn)


def candidate_pairs(ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who is to be compared with these incidents, each pair once, the lower id first."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, candidate_parameters(ids))
        return {(min(pair), max(pair)) for pair in cursor.fetchall()}


def candidate_parameters(ids: Collection[UUID]) -> dict[str, Any]:
    """Return what ``CANDIDATES`` asks for."""
    terms = ("distance", "vague_place", "days", "vague_time")
    return {name: WEIGHTS[name] for name in terms} | {
        "ids": list(ids),
        "beyond_m": BEYOND_M,
        "beyond_days": BEYOND_DAYS,
        "sure_m": SURE_M,
        "sure_days": SURE_DAYS,
        "most": MOST_CANDIDATES,
    }


def incidents_to_compare(ids: Collection[UUID]) -> QuerySet[Incident]:
    """Return those that stand and have a point, with no more than is compared."""
    standing = Incident.objects.filter(
        id__in=list(ids), merged_into__isnull=True, location__isnull=False
    )
    return standing.exclude(state=State.WITHDRAWN).only("version", *_COMPARED)


def data_sets_of(ids: Collection[UUID]) -> dict[UUID, frozenset[DataSet]]:
    """Return the data sets that list each incident under an id, by the reports that count.

    A key is the preset and the row's own id, or its hash where it has none: that is no id.
    """
    rows = Report.objects.current().filter(incident__in=list(ids))
    found: dict[UUID, set[DataSet]] = defaultdict(set)
    for incident, owner, key in rows.values_list("incident", "organisation", "idempotency_key"):
        preset = key.partition(":")[0]
        if preset in DATA_SETS and ":sha256:" not in key:
            found[incident].add((owner, preset))
    return {incident: frozenset(data_sets) for incident, data_sets in found.items()}
