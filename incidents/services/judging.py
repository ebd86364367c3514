"""What monitors decide of an incident: its grade, and that a version of it be published."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.permissions import Action, demand, may
from core.canonical import canonical_json, sha256_hex
from core.errors import Conflict, FieldError, InvalidInput, InvalidTransition, NotAllowed
from incidents.models import Assessment, Incident, Publication
from incidents.services.locking import incident_lock
from incidents.services.recording import incident_audit, publication_tell
from incidents.services.workflow import Step, step_take
from incidents.snapshots import audiences_permitted, snapshot_of
from incidents.vocab import Grade, State


@transaction.atomic
def incident_assess(
    *, actor: Actor, incident_id: UUID, version: int, grade: Grade, reason: str
) -> Assessment:
    """Grade one version of an incident. ``confirmed`` holds once two people have said so.

    Raises ``NotFound``, ``StaleVersion``, or ``NotAllowed`` for who submitted a report of it.
    """
    demand(actor, Action.INCIDENT_ASSESS)
    incident = incident_lock(actor, incident_id, version)
    if incident.reports.filter(submitted_by_id=actor.id).exists():
        raise NotAllowed(_("Nobody grades what they submitted themselves."))
    assessment = Assessment.objects.create(
        incident=incident,
        incident_version=version,
        grade=grade,
        reason=reason,
        assessed_by_id=actor.id,
    )
    _take_grade(incident, grade)
    incident.version += 1
    incident.changed_at = timezone.now()
    incident.save(update_fields=["grade", "state", "version", "changed_at"])
    incident_audit(
        actor=actor,
        action="incident.assessed",
        incident=incident,
        reason=reason,
        data={"grade": grade, "version": version, "standing": incident.grade},
    )
    return assessment


def _take_grade(incident: Incident, grade: Grade) -> None:
    if grade != Grade.CONFIRMED or _two_people_confirm(incident):
        incident.grade = grade
    if incident.state in {State.NEW, State.TRIAGED}:
        step_take(incident, Step.REVIEW)


def _two_people_confirm(incident: Incident) -> bool:
    """Tell whether two people who submitted no report of it last said ``confirmed``."""
    # Somebody may have graded it before a report of theirs was merged into it.
    submitters = incident.reports.values("submitted_by_id")
    others = incident.assessments.exclude(assessed_by__in=submitters)
    latest = others.order_by("assessed_by_id", "-assessed_at", "-id").distinct("assessed_by_id")
    return [row.grade for row in latest].count(Grade.CONFIRMED) >= 2


@transaction.atomic
def incident_publish(
    *,
    actor: Actor,
    incident_id: UUID,
    version: int,
    reason: str = "",
    public_resolution: int | None = None,
) -> Publication:
    """Freeze one exact version for publication; the feed writes it, once no embargo holds it.

    What was out before and was taken back is published in a new version: the one before stands in
    the feed as gone.

    ``public_resolution`` (H3, 8 to 10) shows the public a finer place than the rule allows; only
    lead monitors may, with a reason. Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``,
    ``NotPublishable``, and
    ``InvalidTransition`` without a standing grade, when that version is out already, or when the
    incident is withdrawn.
    """
    demand(actor, Action.INCIDENT_PUBLISH)
    incident = incident_lock(actor, incident_id, version)
    if not incident.grade:
        raise InvalidTransition(_("Only a graded incident can be published."))
    if incident.published_version == version:
        raise InvalidTransition(_("This version is published already."))
    if not incident.reports.current().exists():
        raise InvalidTransition(_("No report of this incident stands any more."))
    _check_finer(actor, public_resolution, reason)
    was_taken_back = incident.state != State.PUBLISHED and incident.publications.exists()
    step_take(incident, Step.PUBLISH)
    if was_taken_back:
        incident.version += 1
        incident.changed_at = timezone.now()
    snapshot = snapshot_of(incident)
    _check_anybody_may_see(incident, snapshot)
    publication = Publication.objects.create(
        incident=incident,
        incident_version=incident.version,
        snapshot=snapshot,
        public_resolution=public_resolution,
        reason=reason,
        published_by_id=actor.id,
    )
    incident.published_version = incident.version
    incident.save(update_fields=["state", "version", "changed_at", "published_version"])
    incident_audit(
        actor=actor,
        action="incident.published",
        incident=incident,
        reason=reason,
        data={
            "version": incident.version,
            "public_resolution": public_resolution,
            "snapshot_sha256": sha256_hex(canonical_json(publication.snapshot)),
        },
    )
    if incident.embargo_until is None:
        publication_tell(publication)
    return publication


class NotPublishable(Conflict):
    """Licence or consent keeps every audience from seeing the incident."""

    slug, title = "not-publishable", gettext_lazy("Nobody may be shown this incident")


def _check_anybody_may_see(incident: Incident, snapshot: dict[str, Any]) -> None:
    """Refuse what nobody may see, unless it was shown before: publishing then takes it back."""
    if audiences_permitted(snapshot) or incident.publications.exists():
        return
    if snapshot["may_republish"]:
        raise NotPublishable(_("Its reports come without consent to share or to publish them."))
    raise NotPublishable(_("A report of it may not be passed on, by its licence or its sender."))


def _check_finer(actor: Actor, resolution: int | None, reason: str) -> None:
    if resolution is None:
        return
    if not may(actor, Action.INCIDENT_PUBLISH_FINER):
        raise NotAllowed(_("Only a lead monitor publishes a finer place than the rule allows."))
    if not reason.strip():
        message = _("A finer place needs a reason.")
        raise InvalidInput(errors=[FieldError("reason", message, "required")])
