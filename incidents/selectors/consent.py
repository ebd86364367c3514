"""What the people concerned agree to now: a report's own consent, or its latest change."""

from django.db.models import BooleanField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from incidents.models import ConsentChange, Report
from incidents.models.reports import ReportQuerySet
from incidents.types import Consent
from incidents.vocab import ConsentBasis, Purpose


def with_consent(reports: ReportQuerySet) -> ReportQuerySet:
    """Return reports with ``may_share``, ``may_publish`` and ``may_court`` as they stand now."""
    changes = ConsentChange.objects.filter(report=OuterRef("pk")).order_by("-number")
    return reports.annotate(
        **{
            f"may_{purpose}": Coalesce(
                Subquery(changes.values(purpose)[:1]),
                F(f"consent_{purpose}"),
                output_field=BooleanField(),
            )
            for purpose in Purpose.values
        }
    )


def reports_consented(reports: ReportQuerySet, purpose: Purpose) -> ReportQuerySet:
    """Return those reports that may be used for a purpose, by the consent as it stands now."""
    return with_consent(reports).filter(**{f"may_{purpose}": True})


def consent_now(report: Report) -> Consent:
    """Return the consent to one report as it stands now."""
    changes = sorted(report.consent_changes.all(), key=lambda change: change.number)
    if changes:
        latest = changes[-1]
        return _consent(latest.basis, latest.share, latest.publish, latest.court)
    return _consent(
        report.consent_basis, report.consent_share, report.consent_publish, report.consent_court
    )


def _consent(basis: str, share: bool, publish: bool, court: bool) -> Consent:
    # Nothing is in the record that may not be stored.
    return Consent(ConsentBasis(basis), store=True, share=share, publish=publish, court=court)
