"""The one table roles × actions. Everything that asks "may they?" asks here; the default is no.

The names of actions are also the scopes that a token can be narrowed to.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import Role
from core.errors import NotAllowed


class Action(TextChoices):
    """What can be done."""

    REPORT_SUBMIT = "report.submit"
    REPORT_IMPORT = "report.import"
    REPORT_READ_OWN = "report.read_own"
    REPORT_READ_ALL = "report.read_all"
    SEALED_READ_OWN = "sealed.read_own"
    SEALED_READ_ALL = "sealed.read_all"
    INCIDENT_READ = "incident.read"
    INCIDENT_ASSESS = "incident.assess"
    INCIDENT_MERGE = "incident.merge"
    INCIDENT_PUBLISH = "incident.publish"
    INCIDENT_PUBLISH_FINER = "incident.publish_finer"
    INCIDENT_REDACT = "incident.redact"
    INCIDENT_EMBARGO = "incident.embargo"
    RELEASE_MAKE = "release.make"
    EXPOSURE_ASK = "exposure.ask"
    FEED_READ_PARTNER = "feed.read_partner"
    WEBHOOK_KEEP = "webhook.keep"
    ACCOUNT_KEEP = "account.keep"
    ACCOUNTS_MANAGE = "accounts.manage"


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
