"""How an incident is understood: where, when and what, as one of its reports says it."""

from incidents.models import Incident, Report
from incidents.selectors.boundaries import units_at_many
from incidents.selectors.consent import consent_now
from incidents.services.report_rows import unit_json
from incidents.snapshots import audiences_permitted

_FROM_REPORT = (
    "kind",
    "location",
    "uncertainty_m",
    "location_precision",
    "place_name",
    "country",
    "pcode",
    "time_start",
    "time_end",
    "time_precision",
    "title",
    "weapon",
    "alleged_actor",
    "targets",
    "damage",
)


def incident_understand(incident: Incident, report: Report) -> None:
    """Set where, when and what to what a report says; saves nothing."""
    for name in _FROM_REPORT:
        setattr(incident, name, getattr(report, name))
    point = report.location
    units = units_at_many([(point.x, point.y)])[0] if point else []
    incident.units = [unit_json(unit) for unit in units]


def understanding_renew(incident: Incident) -> None:
    """Understand an incident as its oldest report that counts, where none says what it says.

    Else the words of a report that was withdrawn or went elsewhere would be shown to whom they are
    not permitted. Saves nothing; an incident without such a report stays as it is.
    """
    counting = list(incident.reports.current().order_by("received_at", "id"))
    if counting and not any(_is_said_by(incident, report) for report in counting):
        incident_understand(incident, counting[0])


def _is_said_by(incident: Incident, report: Report) -> bool:
    """Tell whether a report says it, or what it corrects and no fewer may be shown."""
    permitted = audiences_of(report)
    said: Report | None = report
    while said is not None and permitted <= audiences_of(said):
        if all(getattr(said, name) == getattr(incident, name) for name in _FROM_REPORT):
            return True
        said = said.corrects
    return False


def audiences_of(report: Report) -> set[str]:
    """Return who may be shown what rests on this report alone, by licence and consent as now."""
    consent = consent_now(report)
    return set(
        audiences_permitted(
            {
                "may_republish": report.may_republish,
                "consent_share": consent.share,
                "consent_publish": consent.publish,
            }
        )
    )
