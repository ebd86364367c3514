"""One incident that everybody may see blurred and one under embargo, full of words to look for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Role
from incidents.models import Incident
from incidents.services.comments import comment_add
from incidents.services.embargo import incident_embargo
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.responses import ResponseDraft, response_record
from incidents.vocab import Grade, Stance
from tests.factories import make_actor, make_incident

FREE_TEXT = (
    *("title", "description", "alleged_actor", "location__place_name", "location__pcode"),
    *("sources__0__name", "sources__0__description", "sources__1__name"),
    *("sources__1__description", "sources__1__identity", "sources__1__url", "claims__0__party"),
)
ENDS = datetime(2999, 1, 1, 3, 17, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """An incident, where it truly is, and the words that nobody may find."""

    incident: Incident
    place: tuple[float, float]
    words: frozenset[str]


def word(of: str, name: str) -> str:
    """Return a word that stands nowhere else, and fits in every field."""
    return f"{of}{name.replace('_', '').replace('description', 'descr')}".lower()[:28]


def planted(of: str, place: tuple[float, float], embargo: bool = False) -> Planted:
    """Have an incident reported, talked about, graded and published with words of its own."""
    words = {name: word(of, name) for name in FREE_TEXT}
    said = {name: word(of, name) for name in ("comment", "quote", "grading", "holding")}
    reporter = {"name": word(of, "rname"), "contact": f"{word(of, 'rcontact')}@test.example"}
    fields: dict[str, Any] = words | {"sources__1__url": f"https://{of}.example/surl"}
    incident = make_incident(
        **fields,
        reporter=reporter,
        location__longitude=place[0],
        location__latitude=place[1],
        location__precision="within_100m",
        location__uncertainty_m=87.5,
        occurred__start="2014-05-11T14:37:00Z",
        occurred__end="2014-05-11T14:52:00Z",
        occurred__precision="minute",
    )
    lead = make_actor(Role.LEAD_MONITOR)
    _talk(incident, lead, said, embargo)
    every = {*words.values(), *said.values(), *reporter.values(), f"{of}.example", lead.label}
    # With the T: a clock may show 13:14:37.
    every |= {"T14:37", "T14:52", "87.5", "2999-01-01T03:17"}
    every |= {str(report.id) for report in incident.reports.all()}
    every |= {str(c.id) for report in incident.reports.all() for c in report.claims.all()}
    if embargo:
        every.add(str(incident.id))
    return Planted(incident, place, frozenset(every))


def _talk(incident: Incident, lead: Actor, said: dict[str, str], embargo: bool) -> None:
    def version() -> int:
        return Incident.objects.get(id=incident.id).version

    if embargo:
        incident_embargo(
            actor=lead,
            incident_id=incident.id,
            version=version(),
            until=ENDS,
            reason=said["holding"],
        )
    draft = ResponseDraft(party="Ministry", stance=Stance.DENIED, quote=said["quote"])
    response_record(actor=lead, incident_id=incident.id, version=version(), draft=draft)
    comment_add(actor=lead, incident_id=incident.id, text=said["comment"])
    incident_assess(
        actor=lead,
        incident_id=incident.id,
        version=version(),
        grade=Grade.FAIR,
        reason=said["grading"],
    )
    incident_publish(actor=lead, incident_id=incident.id, version=version(), reason=said["grading"])
