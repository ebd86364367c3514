"""Making the rows of one report: without the database, and storing none of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from core.copying import Row, point_ewkb, row_of
from core.ids import uuid7
from incidents.independence import SourceGraph
from incidents.models import BoundaryUnit, Incident, Report
from incidents.receipts import Receipt, SealedReport, receipt_issue, report_seal
from incidents.rollup import casualties_roll_up
from incidents.selectors.sources import cited
from incidents.types import ClaimDraft, ReportDraft, Submission
from incidents.vocab import DEFAULT_UNCERTAINTY_M


class ReportRows:
    """The rows of one report and of the incident it opens, or that of the report it corrects."""

    def __init__(
        self,
        actor: Actor,
        submission: Submission,
        received_at: datetime,
        corrects: Report | None = None,
    ) -> None:
        draft = submission.draft
        shared = _shared_columns(draft)
        self._place = draft.location
        self.sealed = report_seal(draft)
        self.understood = shared | {"units": []}
        self.corrects = corrects
        self.incident: Incident | Row = (
            corrects.incident
            if corrects
            else row_of(Incident, created_at=received_at, changed_at=received_at, **self.understood)
        )
        self.report = _report(
            actor, submission, self.sealed, self.incident.id, received_at, shared, corrects
        )
        self.report.receipt, self.receipt_sha256 = _receipt(self.report, self.sealed.content)
        by_ref = {source.ref: source for source in _sources(draft, self.sealed, self.report)}
        self.sources = list(by_ref.values())
        self.relays = [
            Row(from_source_id=by_ref[source.ref].id, to_source_id=by_ref[relayed].id)
            for source in draft.sources
            for relayed in dict.fromkeys(source.relays)
        ]
        self.claims = [_claim(claim, self.report, by_ref[claim.source]) for claim in draft.claims]
        if not corrects:
            graph = _graph(draft, by_ref)
            self.incident.casualties = casualties_roll_up(self.claims, graph)
            self.incident.independent_sources = graph.independent_sources

    def lies_in(self, units: list[BoundaryUnit]) -> None:
        """Say which administrative units the place lies in."""
        self.understood["units"] = [unit_json(unit) for unit in units]
        if not self.corrects:
            self.incident.units = self.understood["units"]

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude in degrees, where they are known."""
        place = self._place
        if place.longitude is None or place.latitude is None:
            return None
        return place.longitude, place.latitude

    @property
    def salts(self) -> dict[str, dict[str, str]]:
        """The salts of what was sealed, for the sender."""
        return {path: {"salt": sealed.salt} for path, sealed in self.sealed.sealed.items()}


def unit_json(unit: BoundaryUnit) -> dict[str, Any]:
    """Return a unit as an incident keeps it."""
    return {
        "level": unit.level,
        "pcode": unit.pcode,
        "names": unit.names,
        "release": unit.release.name,
    }


def _shared_columns(draft: ReportDraft) -> dict[str, Any]:
    place, when = draft.location, draft.occurred
    uncertainty_m = place.uncertainty_m
    if uncertainty_m is None:
        uncertainty_m = DEFAULT_UNCERTAINTY_M[place.precision]
    location = None
    if place.longitude is not None and place.latitude is not None:
        location = point_ewkb(place.longitude, place.latitude)
    return {
        "location": location,
        "uncertainty_m": uncertainty_m,
        "location_precision": place.precision,
        "place_name": place.place_name,
        "country": place.country or "",
        "pcode": place.pcode,
        "time_start": when.first_moment(),
        "time_end": when.last_moment(),
        "time_precision": when.precision,
        "kind": draft.kind,
        "title": draft.title,
        "weapon": draft.weapon or "",
        "alleged_actor": draft.alleged_actor,
        "targets": list(draft.targets),
        "damage": list(draft.damage),
    }


def _report(
    actor: Actor,
    submission: Submission,
    sealed: SealedReport,
    incident_id: UUID,
    received_at: datetime,
    shared: dict[str, Any],
    corrects: Report | None,
) -> Row:
    draft = submission.draft
    reporter = sealed.sealed.get("reporter")
    return row_of(
        Report,
        organisation_id=actor.organisation_id,
        incident_id=incident_id,
        submitted_by_id=actor.id,
        received_at=received_at,
        idempotency_key=submission.idempotency_key,
        content_sha256=submission.body_sha256,
        description=draft.description,
        language=draft.language,
        licence=draft.licence,
        may_republish=draft.may_republish,
        consent_basis=draft.consent.basis,
        consent_share=draft.consent.share,
        consent_publish=draft.consent.publish,
        consent_court=draft.consent.court,
        flags=list(submission.flags),
        reporter_sealed=reporter.ciphertext if reporter else None,
        corrects_id=corrects.id if corrects else None,
        attachments=list(submission.attachments),
        **shared,
    )


def _receipt(report: Row, content: dict[str, Any]) -> Receipt:
    return receipt_issue(
        report_id=report.id,
        organisation_id=report.organisation_id,
        received_at=report.received_at,
        body_sha256=report.content_sha256,
        content=content,
        corrects=report.corrects_id,
    )


def _sources(draft: ReportDraft, sealed: SealedReport, report: Row) -> list[Row]:
    rows = []
    for index, source in enumerate(draft.sources):
        identity = sealed.sealed.get(f"sources[{index}].identity")
        rows.append(
            Row(
                id=uuid7(),
                report_id=report.id,
                ref=source.ref,
                kind=source.kind,
                name=source.name,
                description=source.description,
                url=source.url,
                published_on=source.published_on,
                identity_sealed=identity.ciphertext if identity else None,
            )
        )
    return rows


def _graph(draft: ReportDraft, by_ref: dict[str, Row]) -> SourceGraph:
    return SourceGraph(
        cited(by_ref[source.ref], (by_ref[relayed].id for relayed in source.relays))
        for source in draft.sources
    )


def _claim(claim: ClaimDraft, report: Row, source: Row) -> Row:
    return Row(
        id=uuid7(),
        report_id=report.id,
        source_id=source.id,
        outcome=claim.outcome,
        civilian_status=claim.civilian_status,
        sex=claim.sex,
        age_group=claim.age_group,
        party=claim.party,
        minimum=claim.minimum,
        best=claim.best,
        maximum=claim.maximum,
    )
