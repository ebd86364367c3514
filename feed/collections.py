"""What the feed offers, one entry for each OGC collection."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from feed.models import Kind


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of the publication log's objects."""

    id: str
    kind: Kind
    title: Any
    description: Any


COLLECTIONS = {
    collection.id: collection
    for collection in (
        Collection(
            id="incidents",
            kind=Kind.INCIDENT,
            title=_("Incidents"),
            description=_(
                "Strikes that harmed civilians, as monitors graded them, with casualty figures. "
                "Places and times are as exact as the reader may know them. How many people live "
                "nearby is in the collection exposure, under the same ids."
            ),
        ),
        Collection(
            id="context-events",
            kind=Kind.CONTEXT_EVENT,
            title=_("Context events"),
            description=_(
                "What is no strike but moves the risk of one: forces that withdraw or desert, "
                "bases and towns that change hands, people displaced, ceasefires. Places and times "
                "are as exact as the reader may know them."
            ),
        ),
        Collection(
            id="exposure",
            kind=Kind.EXPOSURE,
            title=_("Exposure"),
            description=_(
                "How many people live within 1, 2 and 5 km of each incident and within its "
                "weapon's own radii, computed from nothing but what this reader is shown of its "
                "place. Each has the id of its incident."
            ),
        ),
        Collection(
            id="risk-cells",
            kind=Kind.RISK_CELL,
            title=_("Risk by cell"),
            description=_(
                # xgettext:no-python-format
                "How many people in each H3 cell are expected to have a strike within 5 km in the "
                "coming 30 and 90 days, by evidence floor, with 90 % intervals and reasons; "
                "computed from nothing but what this reader may see here."
            ),
        ),
    )
}

# Whose features have the same ids: what one leaves out of an incident the other tells.
BESIDE = {"incidents": "exposure", "exposure": "incidents"}
