"""Releases: asked for by a lead monitor, made by a job, signed with the key that signs receipts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput
from feed.changes import digest_at
from feed.models import Audience, Release, ReleaseFile
from feed.redaction import REDACTED, redactions_lock
from feed.release_files import Made, files_keep_only, files_make
from feed.selectors import SETTLED_AFTER, is_settled, latest_seq, seq_at
from ledger import signing
from ledger.services import audit_record
from ledger.wake import send

STATEMENT_TYPE = "harmwatch.release.v1"
TASK = "feed.tasks.releases_make"


@transaction.atomic
def release_create(
    *, actor: Actor, name: str, audience: Audience, as_of: datetime | None = None
) -> Release:
    """Freeze an audience's log as it stands, or stood at a time; a job makes the files.

    Raises ``Conflict`` for a name that is taken, ``InvalidInput`` for a time that is yet to come or
    so near that more may turn out to be sealed by then.
    """
    demand(actor, Action.RELEASE_MAKE)
    if as_of and not is_settled(as_of):
        message = _("as_of is a time at least %(seconds)d seconds past; without it, it is now.")
        told = message % {"seconds": SETTLED_AFTER.seconds}
        raise InvalidInput(errors=[FieldError("as_of", told, "future")])
    redactions_lock()
    seq = seq_at(audience, as_of) if as_of else latest_seq(audience)
    earlier = Release.objects.filter(audience=audience, seq__lte=seq)
    try:
        with transaction.atomic():
            release = Release.objects.create(
                name=name,
                audience=audience,
                seq=seq,
                created_by_id=actor.id,
                previous=earlier.order_by("-seq", "-created_at").first(),
            )
    except IntegrityError as exc:
        raise Conflict(_("There is a release of this name already.")) from exc
    audit_record(
        actor=actor,
        action="release.created",
        object_type="release",
        object_id=release.id,
        object_label=name,
        data={"audience": str(audience), "seq": seq},
    )
    transaction.on_commit(lambda: send(TASK))
    return release


def releases_make() -> int:
    """Make the files of all releases that miss them or hold what was redacted; return how many."""
    waiting = Release.objects.filter(is_made=False).order_by("created_at")
    return sum(_release_make(id_) for id_ in waiting.values_list("id", flat=True))


def _release_make(release_id: UUID) -> bool:
    """Make one; False where something was redacted meanwhile: then what was written is no good."""
    release = Release.objects.select_related("previous").get(id=release_id)
    made, changes = files_make(release)
    with transaction.atomic():
        now = Release.objects.select_for_update().get(id=release_id)
        is_good = now.redactions == release.redactions
        if is_good:
            _files_note(now, made)
            now.is_made, now.changes = True, changes
            now.save(update_fields=["is_made", "changes"])
    standing = ReleaseFile.objects.filter(release=release, superseded_at=None)
    files_keep_only(release_id, set(standing.values_list("sha256", flat=True)))
    return is_good


def _files_note(release: Release, made: list[Made]) -> None:
    """Replace what is another file by now; its checksum stays listed, and why it went."""
    standing = {row.name: row for row in release.files.filter(superseded_at=None)}
    for file in made:
        before = standing.get(file.name)
        if before and before.sha256 == file.sha256:
            continue
        if before:
            before.superseded_at, before.superseded_because = timezone.now(), REDACTED
            before.save(update_fields=["superseded_at", "superseded_because"])
        ReleaseFile.objects.create(
            release=release,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
        )


def release_statement(release: Release) -> dict[str, Any]:
    """Return what is signed of a release that is made."""
    files = [
        {
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "superseded_at": file.superseded_at,
            "superseded_because": file.superseded_because,
        }
        for file in release.files.order_by("name", "made_at")
    ]
    return {
        "type": STATEMENT_TYPE,
        "name": release.name,
        "audience": release.audience,
        "seq": release.seq,
        "digest": digest_at(Audience(release.audience), release.seq),
        "created_at": release.created_at,
        "previous": release.previous.name if release.previous else None,
        "changes": release.changes,
        "files": files,
    }


def release_signed(release: Release) -> dict[str, Any]:
    """Return the statement with the signature over its canonical bytes, and the key's name."""
    statement = release_statement(release)
    return {
        "statement": statement,
        "key_id": signing.key_id(),
        "signature": signing.sign(statement),
    }
