"""Making the copies that monitors look at, from originals."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from core.canonical import sha256_hex
from incidents.evidence_storage import COPIES, ORIGINALS
from incidents.models import Evidence, WorkingCopy
from incidents.pictures import NotCopied, PictureCopy, picture_copy
from incidents.vocab import NoCopy
from ledger.models import DomainEvent
from ledger.services import event_emit_many

# Raised when copies are made differently; those of an older maker are then made anew.
MAKER = "1"


@transaction.atomic
def working_copy_make(*, evidence_id: UUID) -> WorkingCopy:
    """Make the copy of one file, or say why there is none. Doing it again changes nothing.

    Made anew are a copy of an older maker and one whose file is lost.
    """
    evidence = Evidence.objects.select_for_update(of=("self",)).get(id=evidence_id)
    known = WorkingCopy.objects.filter(evidence=evidence, maker=MAKER).first()
    if known and (known.no_copy or storages[COPIES].exists(known.storage_name)):
        return known
    try:
        columns = _stored(evidence, _picture(evidence))
    except NotCopied as exc:
        columns = {"no_copy": exc.reason}
    WorkingCopy.objects.filter(evidence=evidence).delete()
    return WorkingCopy.objects.create(
        evidence=evidence, maker=MAKER, made_at=timezone.now(), **columns
    )


def _picture(evidence: Evidence) -> PictureCopy:
    if not evidence.content_type.startswith("image/"):
        raise NotCopied(NoCopy.NOT_A_PICTURE)
    with storages[ORIGINALS].open(evidence.storage_name) as original:
        return picture_copy(cast(BinaryIO, original))


def _stored(evidence: Evidence, picture: PictureCopy) -> dict[str, Any]:
    # The same original gives the same copy, so that two reports with one file share it.
    name = f"{evidence.storage_name}.{MAKER}"
    return {
        "storage_name": storages[COPIES].save(name, ContentFile(picture.content)),
        "sha256": sha256_hex(picture.content),
        "size": len(picture.content),
        "content_type": picture.content_type,
        "width": picture.width,
        "height": picture.height,
        "is_first_of_several": picture.is_first_of_several,
        "fingerprint": picture.fingerprint,
    }


@transaction.atomic
def working_copies_request() -> int:
    """Have every copy looked after by the workers; return of how many files."""
    events = [
        DomainEvent(kind="working_copy.requested", object_type="evidence", object_id=id_)
        for id_ in Evidence.objects.order_by("id").values_list("id", flat=True)
    ]
    event_emit_many(events=events)
    return len(events)
