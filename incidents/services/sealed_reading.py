"""Reading who a source or a reporter is: an act with a reason, entered in the ledger first."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Action, demand
from core.errors import NotFound, TooMany
from incidents.models import Report
from incidents.sealed import text_of
from incidents.selectors.incidents import sealed_visible_to
from incidents.services.recording import report_audit
from incidents.types import Reporter
from ledger.selectors import acts_since

READS_PER_HOUR = 20
_ACTION = "sealed.read"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is behind a report. Never logged, never kept: it goes straight to who asked."""

    reporter: Reporter | None
    sources: dict[str, str]  # by ref, those that have an identity

    def __repr__(self) -> str:
        return "Identities(…)"


@transaction.atomic
def sealed_read(*, actor: Actor, report_id: UUID, reason: str) -> Identities:
    """Return the sealed identities of one report, after the ledger has who asked, and why.

    Raises ``NotAllowed``, ``NotFound`` where the actor may not read them, and ``TooMany``
    after ``READS_PER_HOUR``.
    """
    demand(actor, Action.SEALED_READ_OWN)
    report = sealed_visible_to(actor).filter(id=report_id).first()
    if report is None:
        raise NotFound()
    _demand_moderation(actor)
    report_audit(actor=actor, action=_ACTION, report=report, reason=reason)
    return _identities(report)


def _demand_moderation(actor: Actor) -> None:
    # Those who ask at once under one name are counted one after the other.
    User.objects.select_for_update(no_key=True).get(id=actor.id)
    now = timezone.now()
    read = acts_since(now - _HOUR, actor_id=actor.id, action=_ACTION)
    moments = list(read.values_list("recorded_at", flat=True))
    if len(moments) >= READS_PER_HOUR:
        wait = (moments[-READS_PER_HOUR] + _HOUR - now).total_seconds()
        message = _("Identities are shown %d times an hour to one person.") % READS_PER_HOUR
        raise TooMany(message, wait=wait)


def _identities(report: Report) -> Identities:
    reporter = report.reporter_sealed
    sources = report.sources.filter(identity_sealed__isnull=False).order_by("id")
    return Identities(
        reporter=msgspec.json.decode(text_of(reporter), type=Reporter) if reporter else None,
        sources={one.ref: text_of(one.identity_sealed) for one in sources if one.identity_sealed},
    )
