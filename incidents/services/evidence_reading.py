"""Handing out files: the working copy, or the original, whose every reading is in the ledger."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import NotFound
from incidents.evidence_storage import COPIES, ORIGINALS
from incidents.models import Evidence
from incidents.selectors.evidence import evidence_visible_to
from incidents.vocab import NoCopy
from ledger.services import audit_record


class NoWorkingCopy(NotFound):
    """There is a file, but no copy of it that shows nothing else."""

    slug, title = "no-working-copy", gettext_lazy("There is no working copy of this file")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An open file, which the caller closes, and what it is."""

    file: File
    content_type: str


def copy_open(*, actor: Actor, evidence_id: UUID) -> OpenedFile:
    """Open the working copy of a file that the actor may see.

    Raises ``NotAllowed``, ``NotFound``, and ``NoWorkingCopy``, which says why.
    """
    demand(actor, Action.REPORT_READ_OWN)
    evidence = _visible(actor, evidence_id)
    copy = getattr(evidence, "working_copy", None)
    if copy is None:
        raise NoWorkingCopy(_("It is being made; ask again in a moment."), reason="awaited")
    if copy.no_copy:
        detail = _("The original is there: %s.") % NoCopy(copy.no_copy).label
        raise NoWorkingCopy(detail, reason=copy.no_copy)
    return OpenedFile(storages[COPIES].open(copy.storage_name), copy.content_type)


@transaction.atomic
def original_open(*, actor: Actor, evidence_id: UUID) -> OpenedFile:
    """Open a file as it came, with all its metadata. Raises ``NotAllowed`` and ``NotFound``."""
    demand(actor, Action.REPORT_READ_OWN)
    evidence = _visible(actor, evidence_id)
    audit_record(
        actor=actor,
        action="evidence.original_read",
        object_type="evidence",
        object_id=evidence.id,
        data={"report": str(evidence.report_id), "sha256": evidence.sha256},
    )
    return OpenedFile(storages[ORIGINALS].open(evidence.storage_name), evidence.content_type)


def _visible(actor: Actor, evidence_id: UUID) -> Evidence:
    evidence = evidence_visible_to(actor).filter(id=evidence_id).first()
    if evidence is None:
        raise NotFound()
    return evidence
