"""The links at the top of every page: those that the reader may follow."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.permissions import Action, may


@dataclass(frozen=True, slots=True)
class Link:
    """One entry; ``action`` None is open to everybody. ``also`` are the room's other addresses."""

    path: str
    title: Any
    action: Action | None = None
    also: tuple[str, ...] = ()


LINKS = (
    Link("/map/", _("Map"), Action.INCIDENT_READ),
    Link("/risk/", _("Risk"), Action.INCIDENT_READ),
    Link(
        "/queue/",
        _("Queue"),
        Action.INCIDENT_READ,
        ("/incidents/", "/matches/", "/merges/", "/reports/"),
    ),
    Link("/submit/", _("Submit"), Action.REPORT_SUBMIT),
    Link("/imports/", _("Files"), Action.REPORT_IMPORT),
    Link("/receipts/", _("Receipts"), Action.REPORT_READ_OWN),
    Link("/people/", _("People"), Action.ACCOUNTS_MANAGE),
    Link("/published/", _("Published")),
)
# For who is not logged in; members have them at the foot of these pages.
FOR_VISITORS = (
    Link("/methodology/", _("Methodology")),
    Link("/cite/", _("How to cite")),
    Link("/guide/", _("API guide")),
)


def links_for(actor: Actor | None, path: str) -> list[dict[str, Any]]:
    """Return the links this actor may follow, the one of ``path`` marked."""
    open_ones = [link for link in LINKS if link.action is None or may(actor, link.action)]
    if actor is None:
        open_ones += FOR_VISITORS
    return [
        {
            "path": link.path,
            "title": link.title,
            "current": path.startswith((link.path, *link.also)),
        }
        for link in open_ones
    ]
