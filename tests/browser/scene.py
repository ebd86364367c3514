"""One incident with everything that a page can show, for the browser."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from accounts.actors import actor_of
from accounts.models import Membership, Role
from incidents.models import Incident, Report
from incidents.services.comments import comment_add
from incidents.services.evidence import evidence_receive
from incidents.services.judging import incident_assess
from incidents.services.matching import matches_refresh
from incidents.services.responses import Conceded, ResponseDraft, response_record
from incidents.services.working_copies import working_copy_make
from incidents.vocab import Grade, Outcome, Stance
from scoring.services.scoring import exposure_compute
from tests.factories import make_actor, make_incident, make_member, merge_incidents
from tests.incidents.evidence.making import jpeg

SOURCES = [
    {"ref": "d", "kind": "dataset", "name": "Strike archive", "relays": ["a", "b"]},
    {"ref": "a", "kind": "article", "name": "The Daily", "relays": ["n"]},
    {"ref": "b", "kind": "article", "name": "صحيفة المساء", "relays": ["n", "w"]},
    {"ref": "s", "kind": "social_media", "name": "@eyewitness", "relays": ["b"]},
    {"ref": "n", "kind": "agency", "name": "Agency One"},
    {
        "ref": "w",
        "kind": "witness",
        "description": "resident of the quarter",
        "identity": "Umm Ahmed",
    },
    {"ref": "h", "kind": "hospital", "name": "Fallujah hospital"},
]
CLAIMS = [
    {"source": "n", "outcome": "killed", "minimum": 4, "best": 5, "maximum": 7,
     "civilian_status": "civilian"},
    {"source": "a", "outcome": "killed", "best": 5, "civilian_status": "civilian"},
    {"source": "h", "outcome": "killed", "minimum": 6, "best": 6, "maximum": 9,
     "civilian_status": "civilian"},
    {"source": "h", "outcome": "injured", "minimum": 20},
]  # fmt: skip


def picture() -> bytes:
    """Return a JPEG with something to be seen in it."""
    across = np.linspace(0, 255, 480, dtype="uint8")
    pixels = np.stack([np.tile(across, (320, 1)), np.full((320, 480), 90, "uint8"),
                       np.tile(across[::-1], (320, 1))], axis=-1)  # fmt: skip
    return jpeg(Image.fromarray(pixels))


def make_scene(with_layer: bool = True, **changes: Any) -> SimpleNamespace:
    """Return ``incident``, ``other`` (likely the same), ``bob`` and ``beth``, who monitor."""
    bob = make_member(Role.MONITOR, name="Bob Novak")
    beth = make_member(Role.LEAD_MONITOR, name="Beth Amari")
    alice = make_actor()
    incident = make_incident(
        alice,
        **{
            "sources": SOURCES,
            "claims": CLAIMS,
            "location__uncertainty_m": 1500,
            "location__precision": "village",
        }
        | changes,
    )
    again = make_incident(make_actor(), title="براميل متفجرة على الفلوجة", language="ar")
    other = make_incident(make_actor(), title="Two bombs on Falluja", occurred__start="2014-05-12")
    report = Report.objects.get(incident=incident)
    merge_incidents(incident, again, actor=actor_of(beth))
    received = evidence_receive(
        actor=alice, report_id=report.id, name="street.jpg", content=ContentFile(picture())
    )
    working_copy_make(evidence_id=received.evidence.id)
    _talked(incident, bob, beth)
    if with_layer:
        exposure_compute(incident_ids=[incident.id])
    matches_refresh(incident_ids=[incident.id])
    return SimpleNamespace(
        incident=Incident.objects.get(id=incident.id), other=other, bob=bob, beth=beth
    )


def _talked(incident: Incident, bob: Membership, beth: Membership) -> None:
    incident.refresh_from_db()
    incident_assess(
        actor=actor_of(beth),
        incident_id=incident.id,
        version=incident.version,
        grade=Grade.FAIR,
        reason="Hospital and agency agree; the film shows the quarter.",
    )
    comment_add(
        actor=actor_of(bob), incident_id=incident.id, text="The mosque fits the satellite image."
    )
    incident.refresh_from_db()
    response_record(
        actor=actor_of(bob),
        incident_id=incident.id,
        version=incident.version,
        draft=ResponseDraft(
            party="The army",
            stance=Stance.PARTLY,
            quote="Two armed men were killed.",
            conceded=[Conceded(outcome=Outcome.KILLED, minimum=2)],
        ),
    )
