"""What the services promise of codes and counts, the database holds whoever writes."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction

from accounts.actors import actor_of
from accounts.models import Role
from core.ids import uuid7
from incidents.models import (
    Assessment,
    Claim,
    ConsentChange,
    Evidence,
    ImportRun,
    Incident,
    MatchSuggestion,
    Publication,
    RejectedRow,
    Report,
    Source,
    WorkingCopy,
)
from incidents.services.amendments import consent_change
from incidents.services.evidence import evidence_receive
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.matching import matches_refresh
from incidents.vocab import ConsentBasis, Grade, Purpose
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.imports.files import imported, table
from tests.incidents.openrosa.sending import MP4

SAID = {
    "location_precision": ("nearly", "location_precision_is_known"),
    "uncertainty_m": (-1, "uncertainty_not_below_0"),
    "time_precision": ("soon", "time_precision_is_known"),
    "kind": ("storm", "kind_is_known"),
    "weapon": ("stone", "weapon_is_known"),
    "targets": (["moon"], "targets_are_known"),
    "damage": (["none", "some"], "damage_is_known"),
}
BAD = [
    *((Report, field, value, f"report_{name}") for field, (value, name) in SAID.items()),
    *((Incident, field, value, f"incident_{name}") for field, (value, name) in SAID.items()),
    (Report, "licence", "mine", "report_licence_is_known"),
    (Report, "consent_basis", "none", "report_consent_basis_is_known"),
    (Report, "flags", ["odd"], "report_flags_are_known"),
    (Incident, "version", 0, "incident_version_from_1"),
    (Incident, "published_version", 99, "incident_published_version_was"),
    (Source, "kind", "rumour", "source_kind_is_known"),
    (Claim, "outcome", "frightened", "claim_outcome_is_known"),
    (Claim, "civilian_status", "neutral", "claim_civilian_status_is_known"),
    (Claim, "sex", "x", "claim_sex_is_known"),
    (Claim, "age_group", "old", "claim_age_group_is_known"),
    (ConsentChange, "basis", "none", "consent_change_basis_is_known"),
    (ConsentChange, "number", 0, "consent_change_from_1"),
    (Assessment, "incident_version", 0, "assessment_version_from_1"),
    (Publication, "incident_version", 0, "publication_version_from_1"),
    (Publication, "public_resolution", 9, "publication_finer_with_reason"),
    (MatchSuggestion, "one_version", 0, "match_versions_from_1"),
    (ImportRun, "format", "pdf", "import_format_is_known"),
    (ImportRun, "rows_checked", 99, "import_checked_to_its_end"),
    (RejectedRow, "number", 0, "rejected_from_row_1"),
]


@pytest.fixture
def filled(db, evidence_folder, imports_folder):
    """A row in every table."""
    member = make_member(Role.SUBMITTER)
    alice, bob = actor_of(member), make_actor(Role.MONITOR)
    incident, _other = make_incident(alice), make_incident(alice)
    report = incident.reports.get()
    evidence_receive(actor=alice, report_id=report.id, name="a.mp4", content=ContentFile(MP4))
    consent_change(
        actor=alice,
        report_id=report.id,
        purposes={Purpose.COURT: True},
        basis=ConsentBasis.INFORMED,
        reason="They agree.",
    )
    incident_assess(
        actor=bob, incident_id=incident.id, version=2, grade=Grade.FAIR, reason="Two sources."
    )
    incident_publish(actor=bob, incident_id=incident.id, version=3)
    matches_refresh(incident_ids=[incident.id])
    run = imported(alice, table(numbers=1))
    RejectedRow.objects.create(run=run, number=1, errors=[])


def copied(model: type[models.Model], **changes):
    """Store a copy of a row of a model under another id, with changes.

    Not of the published incident: two checks hold its version, and ids are in no order.
    """
    rows = model._default_manager.order_by("pk")
    row = (rows.filter(published_version=None) if model is Incident else rows).first()
    row.pk = uuid7() if isinstance(model._meta.pk, models.UUIDField) else None
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(force_insert=True)


@pytest.mark.usefixtures("filled")
def test_no_row_holds_what_no_vocabulary_or_count_allows():
    for model, field, value, constraint in BAD:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            copied(model, **{field: value})
        assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.usefixtures("filled")
def test_a_working_copy_says_why_there_is_none_or_how_large_it_is():
    evidence = Evidence.objects.get()
    measured = {"size": 1, "width": 1, "height": 1}
    cases = (
        ({"no_copy": "lazy"}, "working_copy_reason_is_known"),
        ({"storage_name": "a"}, "working_copy_is_measured"),
        ({"storage_name": "a", **measured, "width": 0}, "working_copy_is_measured"),
    )
    for changes, constraint in cases:
        row = WorkingCopy(evidence=evidence, maker="1", made_at=evidence.received_at, **changes)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            row.save(force_insert=True)
        assert refused.value.__cause__.diag.constraint_name == constraint
