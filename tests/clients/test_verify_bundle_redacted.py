"""A bundle of an incident of which a version was redacted after it was published."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Role
from incidents.models import Incident
from incidents.services.redaction import incident_redact
from incidents.vocab import Grade
from tests.clients.stories import assess, bundle_of, publish, signed_again
from tests.factories import make_actor, make_incident

Check = Callable[..., tuple[int, str]]
SECRET = "Umm Ahmed's house"


@pytest.fixture
def incident(db: None) -> Incident:
    """Published, redacted, and published again; a court may be shown its report."""
    incident = make_incident(title=SECRET, consent__court=True)
    lead = make_actor(Role.LEAD_MONITOR)
    assess(lead, incident, Grade.FAIR)
    publish(lead, incident)
    incident_redact(actor=lead, incident_id=incident.id, reason="a name")
    publish(lead, incident)
    return incident


@pytest.mark.parametrize("purpose", ["record", "court"])
def test_it_shows_which_was_redacted_and_verifies(
    incident: Incident, check: Check, purpose: str
) -> None:
    content = bundle_of(incident, purpose)
    before, after = json.loads(content)["publications"]
    assert (before["redacted"], after["redacted"]) == (True, False)
    assert "snapshot" not in before
    assert after["snapshot"]["version"] == after["incident_version"]
    code, said = check("bundle", content)
    assert code == 0, said
    version = before["incident_version"]
    assert f"What was published of version {version}: it was redacted, as a sealed entry" in said


def _redacted(publication: dict[str, Any]) -> None:
    publication["redacted"] = True
    del publication["snapshot"]


def _empty(publication: dict[str, Any]) -> None:
    publication["redacted"] = True
    publication["snapshot"] = {}


@pytest.mark.parametrize(
    ("lie", "place"), [(_redacted, 1), (_empty, 0)], ids=["one after it", "another content"]
)
def test_none_but_what_the_ledger_orders_passes_for_redacted(
    incident: Incident, check: Check, lie: Callable[[dict[str, Any]], None], place: int
) -> None:
    bundle = json.loads(bundle_of(incident))
    lie(bundle["publications"][place])
    code, said = check("bundle", signed_again(bundle))
    assert code == 1
    assert "orders the redaction" in said


def test_an_order_of_rubbish_is_none(incident: Incident, program: Any) -> None:
    class Entries:
        def about(self, _id: str) -> list[dict[str, Any]]:
            return [{"action": "incident.redacted", "data": {"version": "9"}}]

    publication = {"incident_id": "x", "incident_version": 1, "redacted": True}
    with pytest.raises(program.Refused, match="orders"):
        program._redaction_check(publication, Entries())
