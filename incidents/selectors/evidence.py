"""Files and links of reports, and which pictures look alike."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Action, may
from incidents.models import Evidence
from incidents.selectors.incidents import report_visible_to

# Bits of 64 in which two pictures may differ and be called near-identical. Scaled, compressed or
# stamped copies differ in 0 to 3, copies cut by 5 % in up to 9, others in 16 or more.
NEAR_BITS = 7
# More than these are not a warning any more.
MOST_SHOWN = 50

# Of four times 16 bits with 7 differing at most, one has at most one: so each index is asked for
# the same 16 bits and for those that differ in one, and finds all there are. The same file needs no
# picture.
_NEAR = """
    WITH band AS (
        SELECT number, ((%(fingerprint)s::bigint >> (16 * number)) & 65535) AS bits
        FROM generate_series(0, 3) AS number
    ), probe AS MATERIALIZED (
        SELECT number, bits FROM band
        UNION ALL
        SELECT number, bits # (1 << flip) FROM band, generate_series(0, 15) AS flip
    ), near AS (
        {bands}
    ), found AS (
        SELECT evidence_id,
               bit_count((fingerprint # %(fingerprint)s::bigint)::bit(64)) AS distance
        FROM near
        UNION
        SELECT id, 0 FROM incidents_evidence WHERE sha256 = %(sha256)s
    )
    SELECT evidence.id, evidence.report_id, report.incident_id, min(found.distance)
    FROM found
    JOIN incidents_evidence AS evidence ON evidence.id = found.evidence_id
    JOIN incidents_report AS report ON report.id = evidence.report_id
    WHERE found.distance <= %(near_bits)s AND evidence.id <> %(evidence)s
    GROUP BY evidence.id, report.incident_id
    ORDER BY min(found.distance), evidence.id
    LIMIT %(most)s
"""
_BAND = """
        SELECT evidence_id, fingerprint FROM incidents_workingcopy
        WHERE ((fingerprint >> {shift}) & 65535) IN (SELECT bits FROM probe WHERE number = {number})
"""


@dataclass(frozen=True, slots=True)
class NearIdentical:
    """Another file that is the same or shows nearly the same. ``distance`` is in bits of 64."""

    evidence_id: UUID
    report_id: UUID
    incident_id: UUID
    distance: int


def evidence_visible_to(actor: Actor | None) -> QuerySet[Evidence]:
    """Return the files of the reports that an actor may read, with their copies."""
    visible = Evidence.objects.filter(report__in=report_visible_to(actor))
    return visible.select_related("working_copy")


def near_identical_visible_to(actor: Actor | None, evidence: Evidence) -> list[NearIdentical]:
    """Return the files nearest to one, over all organisations: for those who read all reports."""
    if not may(actor, Action.REPORT_READ_ALL):
        return []
    copy = getattr(evidence, "working_copy", None)
    parameters = {
        "fingerprint": copy.fingerprint if copy else None,
        "sha256": evidence.sha256,
        "evidence": evidence.id,
        "near_bits": NEAR_BITS,
        "most": MOST_SHOWN,
    }
    bands = "UNION".join(_BAND.format(shift=16 * number, number=number) for number in range(4))
    with connection.cursor() as cursor:
        cursor.execute(_NEAR.format(bands=bands), parameters)
        return [NearIdentical(*row) for row in cursor.fetchall()]
