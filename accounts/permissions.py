"""The one table roles × actions. Everything that asks "may they?" asks here; the default is no.

The names of actions are also the scopes that a token can be narrowed to.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import Role
from core.errors import NotAllowed


class Action(TextChoices):
    """What can be done, and how a page says it to who may."""

    REPORT_SUBMIT = "report.submit", gettext_lazy("submit reports")
    REPORT_IMPORT = "report.import", gettext_lazy("send files of reports")
    REPORT_READ_OWN = "report.read_own", gettext_lazy("read your organisation's reports")
    REPORT_READ_ALL = "report.read_all", gettext_lazy("read everybody's reports")
    SEALED_READ_OWN = "sealed.read_own", gettext_lazy("open what your organisation sealed")
    SEALED_READ_ALL = "sealed.read_all", gettext_lazy("open what anybody sealed")
    INCIDENT_READ = "incident.read", gettext_lazy("read incidents, exposure and risk")
    INCIDENT_ASSESS = "incident.assess", gettext_lazy("triage and grade incidents")
    INCIDENT_MERGE = "incident.merge", gettext_lazy("merge and split incidents")
    INCIDENT_PUBLISH = "incident.publish", gettext_lazy("publish and withdraw incidents")
    INCIDENT_PUBLISH_FINER = "incident.publish_finer", gettext_lazy("publish a finer place")
    INCIDENT_REDACT = "incident.redact", gettext_lazy("blank what was published")
    INCIDENT_EMBARGO = "incident.embargo", gettext_lazy("hold incidents back until a day")
    RELEASE_MAKE = "release.make", gettext_lazy("make releases")
    EXPOSURE_ASK = "exposure.ask", gettext_lazy("ask whom an area exposes")
    FEED_READ_PARTNER = "feed.read_partner", gettext_lazy("read the partners' feed")
    WEBHOOK_KEEP = "webhook.keep", gettext_lazy("keep webhooks")
    ACCOUNT_KEEP = "account.keep", gettext_lazy("list and revoke these tokens")
    ACCOUNTS_MANAGE = "accounts.manage", gettext_lazy("manage accounts")


_MONITOR = {
    Action.REPORT_SUBMIT,
    Action.REPORT_IMPORT,
    Action.REPORT_READ_OWN,
    Action.REPORT_READ_ALL,
    Action.SEALED_READ_OWN,
    Action.INCIDENT_READ,
    Action.INCIDENT_ASSESS,
    Action.INCIDENT_MERGE,
    Action.INCIDENT_PUBLISH,
    Action.EXPOSURE_ASK,
    Action.FEED_READ_PARTNER,
    Action.WEBHOOK_KEEP,
    Action.ACCOUNT_KEEP,
}

PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.SUBMITTER: frozenset(
        {
            Action.REPORT_SUBMIT,
            Action.REPORT_IMPORT,
            Action.REPORT_READ_OWN,
            Action.SEALED_READ_OWN,
            Action.ACCOUNT_KEEP,
        }
    ),
    Role.MONITOR: frozenset(_MONITOR),
    Role.LEAD_MONITOR: frozenset(
        _MONITOR
        | {
            Action.INCIDENT_PUBLISH_FINER,
            Action.INCIDENT_REDACT,
            Action.INCIDENT_EMBARGO,
            Action.RELEASE_MAKE,
            Action.SEALED_READ_ALL,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Action.ACCOUNTS_MANAGE, Action.INCIDENT_REDACT, Action.ACCOUNT_KEEP}
    ),
    Role.PARTNER: frozenset({Action.FEED_READ_PARTNER, Action.WEBHOOK_KEEP, Action.ACCOUNT_KEEP}),
}


def may(actor: Actor | None, action: Action) -> bool:
    """Tell whether the actor's role has the action and its token's scopes do not leave it out."""
    if actor is None or action not in PERMISSIONS.get(actor.role, frozenset()):
        return False
    return actor.scopes is None or action in actor.scopes


def demand(actor: Actor | None, action: Action) -> None:
    """Raise ``NotAllowed`` unless the actor may. Services ask too: not every caller is a view."""
    if not may(actor, action):
        raise NotAllowed(_("Your role, or the scopes of your token, leave this out."))


class DenyAll(BasePermission):
    """The default: a view that names no permission is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Refuse."""
        return False


def requires(action: Action) -> type[BasePermission]:
    """Return the DRF permission class of one action."""

    class Requires(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            return may(request.user, action)  # type: ignore[arg-type]

    Requires.__name__ = f"Requires_{action.name}"
    return Requires
