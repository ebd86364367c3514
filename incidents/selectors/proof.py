"""An incident with all that shows how it came about, to be checked far from this server.

Reports are shown by their receipts as issued, so of what was sealed there is the salted digest
alone. What each part proves is for the checker to say: ``clients/harmwatch_verify.py bundle``.
"""

from collections.abc import Sequence, Set
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import NotAllowed, NotFound
from incidents.models import Assessment, Incident, MergeRecord, Publication, Report, Source
from incidents.rollup import casualties_roll_up
from incidents.selectors.consent import reports_consented
from incidents.selectors.incidents import incident_listed_to, report_visible_to
from incidents.selectors.sources import graph_of
from incidents.vocab import Purpose
from ledger import signing
from ledger.models import AuditEntry
from ledger.selectors import entries_about, entries_proof

BUNDLE_TYPE = "harmwatch.proof-bundle.v1"
RECORD = "record"

# Signed with the rest and kept for years: in the same words whatever language was asked for.
NOTICE = (
    "Confidential: exact places, what sources said, and the names of those who submitted and judged"
    " it. It shows what was recorded, when and by whom, not that what was reported is true."
)

_STANDING = (
    "id",
    "kind",
    "version",
    "state",
    "grade",
    "published_version",
    "created_at",
    "changed_at",
)
# What an incident says of a strike, in parts that make sense whole only.
_DESCRIBED = (
    ("title",),
    ("location", "uncertainty_m", "location_precision", "place_name", "country", "pcode"),
    ("time_start", "time_end", "time_precision"),
    ("weapon",),
    ("alleged_actor",),
    ("targets",),
    ("damage",),
)
_LINK = ("id", "url", "captured_at", "archive_url", "note", "added_by_id", "added_at")
_WITHDRAWAL = ("reason", "withdrawn_by_id", "withdrawn_at")
_CONSENT = ("number", "basis", "share", "publish", "court", "reason", "changed_by_id", "changed_at")
_ASSESSMENT = (
    "id",
    "incident_id",
    "incident_version",
    "grade",
    "reason",
    "assessed_by_id",
    "assessed_at",
)
_PUBLICATION = (
    "id",
    "incident_id",
    "incident_version",
    "public_resolution",
    "reason",
    "published_by_id",
    "published_at",
)
_MERGE = (
    "id",
    "survivor_id",
    "moved",
    "reason",
    "merged_by_id",
    "merged_at",
    "undone_by_id",
    "undone_at",
)


@transaction.atomic
def proof_bundle(*, actor: Actor, incident_id: UUID, purpose: str = RECORD) -> dict[str, Any]:
    """Return the signed proof of an incident; its RFC 8785 bytes are what is handed out.

    ``record`` shows everything, ``court`` what rests on reports that may be used there. Raises
    ``NotFound``, also for one that was merged, and ``NotAllowed`` where no report may be used, or
    where old entries name one that may not.
    """
    # Held, so that the record and the entries about it are of one moment.
    held = incident_listed_to(actor).select_for_update(no_key=True)
    incident = held.filter(id=incident_id).first()
    if incident is None:
        raise NotFound()
    every = report_visible_to(actor).filter(incident=incident)
    shown = reports_consented(every, Purpose.COURT) if purpose == Purpose.COURT else every
    reports = list(
        shown.order_by("id")
        .select_related("corrected_by", "withdrawal")
        .prefetch_related("claims", "evidence", "links", "consent_changes")
    )
    left_out = every.count() - len(reports)
    if left_out and not reports:
        raise NotAllowed(_("No report of this incident may be used in court."))
    family = _family(incident)
    entries = entries_about(_object_ids(family, reports))
    if left_out and _name_others(entries, reports):
        raise NotAllowed(
            _("Entries sealed long ago repeat what a report says that may not be used in court.")
        )
    statement = {
        "type": BUNDLE_TYPE,
        "notice": NOTICE,
        "made_at": timezone.now(),
        "purpose": purpose,
        "incident": _incident_shown(incident, reports) if left_out else _incident(incident),
        "reports": [_report(report) for report in reports],
        "reports_left_out": left_out,
        **_judgement(family, None if purpose == RECORD else {str(one.id) for one in reports}),
        **entries_proof(entries),
        "key_id": signing.key_id(),
    }
    return statement | {"signature": signing.sign(statement)}


def _family(incident: Incident) -> list[UUID]:
    """Return the id of an incident and of those that live on in it, through whatever others."""
    found = wave = [incident.id]
    while wave:
        merged = Incident.objects.filter(merged_into__in=wave).order_by("id")
        wave = list(merged.values_list("id", flat=True))
        found = found + wave
    return found


def _object_ids(family: Sequence[UUID], reports: Sequence[Report]) -> list[UUID]:
    """Return the ids of all objects whose audit entries belong to the proof."""
    merges = MergeRecord.objects.filter(survivor__in=family)
    return [
        *family,
        *(report.id for report in reports),
        *(row.id for report in reports for row in report.evidence.all()),
        *(row.id for report in reports for row in report.links.all()),
        *Source.objects.filter(report__in=reports).values_list("id", flat=True),
        *merges.values_list("id", flat=True),
    ]


def _name_others(entries: QuerySet[AuditEntry], reports: Sequence[Report]) -> bool:
    """Tell whether entries bear a title, as they once did, that none of the reports has."""
    titled = entries.filter(object_type__in=("incident", "report")).exclude(object_label="")
    shown = [report.title[:200] for report in reports]
    return titled.exclude(object_label__in=shown).exists()


def _incident(incident: Incident) -> dict[str, Any]:
    """Return an incident as it stands: degrees WGS 84, metres, persons, UTC."""
    point = incident.location
    described = {name: getattr(incident, name) for part in _DESCRIBED for name in part}
    del described["location"]
    return {
        **{name: getattr(incident, name) for name in _STANDING},
        **described,
        "longitude": point.x if point else None,
        "latitude": point.y if point else None,
        "units": incident.units,
        "casualties": incident.casualties,
        "independent_sources": incident.independent_sources,
    }


def _incident_shown(incident: Incident, reports: Sequence[Report]) -> dict[str, Any]:
    """Return an incident as far as some of its reports bear it out, its figures by them alone."""
    document = _incident(incident)
    for part in _DESCRIBED:
        if not any(_says_the_same(report, incident, part) for report in reports):
            where = ("longitude", "latitude", "units") if "location" in part else ()
            document |= {name: None for name in (*part, *where) if name in document}
    counted = [report for report in reports if _counts(report)]
    sources = Source.objects.filter(report__in=counted).prefetch_related("relays")
    graph = graph_of(sources)
    claims = (claim for report in counted for claim in report.claims.all())
    return document | {
        "casualties": casualties_roll_up(claims, graph),
        "independent_sources": graph.independent_sources,
    }


def _says_the_same(report: Report, incident: Incident, part: Sequence[str]) -> bool:
    return all(getattr(report, name) == getattr(incident, name) for name in part)


def _counts(report: Report) -> bool:
    return not hasattr(report, "corrected_by") and not hasattr(report, "withdrawal")


def _report(report: Report) -> dict[str, Any]:
    """Return a report's receipt and what was added; ``claims`` are the ids of the receipt's."""
    return {
        "receipt": report.receipt,
        "claims": [claim.id for claim in _by_id(report.claims)],
        "evidence": [row.receipt for row in _by_id(report.evidence)],
        "links": [_columns(link, _LINK) for link in _by_id(report.links)],
        "corrected_by": report.corrected_by.id if hasattr(report, "corrected_by") else None,
        "withdrawals": [_columns(report.withdrawal, _WITHDRAWAL)]
        if hasattr(report, "withdrawal")
        else [],
        "consent_changes": [
            _columns(change, _CONSENT)
            for change in sorted(report.consent_changes.all(), key=lambda change: change.number)
        ],
    }


def _by_id(rows: Manager[Any]) -> list[Any]:
    """Return prefetched rows in the order in which they were written."""
    return sorted(rows.all(), key=lambda row: row.id)


def _columns(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _judgement(family: Sequence[UUID], shown: Set[str] | None) -> dict[str, Any]:
    """Return what monitors decided, as stored; a snapshot only where all it rests on is shown.

    One that was redacted is said to be; its hash is in the entry of its publication.
    """
    of_incident = {"incident__in": family}
    published = Publication.objects.filter(**of_incident).order_by("id")
    rows = {
        "assessments": Assessment.objects.filter(**of_incident).values(*_ASSESSMENT),
        "merges": MergeRecord.objects.filter(survivor__in=family).values(*_MERGE),
    }
    decided: dict[str, Any] = {name: list(found.order_by("id")) for name, found in rows.items()}
    return decided | {"publications": [_publication(one, shown) for one in published]}


def _publication(publication: Publication, shown: Set[str] | None) -> dict[str, Any]:
    columns = _columns(publication, _PUBLICATION) | {"redacted": not publication.snapshot}
    if not publication.snapshot:
        return columns
    # Reports may have been split off since; the oldest snapshots do not say what they rest on.
    rests_on = publication.snapshot.get("reports")
    if shown is None or (rests_on is not None and shown >= set(rests_on)):
        return columns | {"snapshot": publication.snapshot}
    return columns
