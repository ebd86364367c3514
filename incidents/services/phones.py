"""What phones send: a report with some of its files in one post, the other files in later ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from incidents.models import Evidence
from incidents.services.evidence import ReceivedEvidence, evidence_receive
from incidents.services.reports import Received, report_receive
from incidents.types import Submission


@dataclass(frozen=True, slots=True)
class PhoneReceived:
    """What one post was answered with. ``awaited`` are files announced that have not come yet."""

    report: Received
    evidence: list[ReceivedEvidence]
    awaited: list[str]

    @property
    def is_new(self) -> bool:
        """Tell whether anything of this post was not there before."""
        return self.report.is_new or any(received.is_new for received in self.evidence)


@transaction.atomic
def post_receive(
    *, actor: Actor, submission: Submission, files: Mapping[str, File]
) -> PhoneReceived:
    """Take one post as a whole: where one file is refused, nothing of it is stored.

    Raises what ``report_receive`` and ``evidence_receive`` raise, and ``InvalidInput`` for a file
    that the form does not name.
    """
    report = report_receive(actor=actor, submission=submission)
    _demand_announced(submission, files)
    evidence = [
        evidence_receive(actor=actor, report_id=report.report_id, name=name, content=content)
        for name, content in files.items()
    ]
    have = Evidence.objects.filter(report_id=report.report_id).values_list("name", flat=True)
    awaited = [name for name in submission.attachments if name not in set(have)]
    return PhoneReceived(report, evidence, awaited)


def _demand_announced(submission: Submission, files: Mapping[str, File]) -> None:
    for name in files:
        if name not in submission.attachments:
            message = _("The report does not name a file “%s”.") % name
            raise InvalidInput(errors=[FieldError(name, message, "not_announced")])
