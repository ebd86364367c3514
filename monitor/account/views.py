"""One's own account: who one is, for whom one acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Action
from accounts.sessions import MEMBERSHIP_KEY, memberships_of
from core.errors import NotFound
from monitor.access import Page


class Profile(Page):
    """Name, address, organisation, role; the way to everything else of the account."""

    action = Action.ACCOUNT_KEEP

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        members = memberships_of(request.user)
        acting = next(m for m in members if m.organisation_id == self.actor.organisation_id)
        context = {"person": request.user, "members": members, "acting": acting}
        return self.page("monitor/account/profile.html", context)


class ActFor(Page):
    """Choosing, with several organisations, for which one acts."""

    action = Action.ACCOUNT_KEEP

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice in the session. Raises ``NotFound`` for another's membership."""
        wanted = request.POST.get("membership")
        if wanted not in {str(member.id) for member in memberships_of(request.user)}:
            raise NotFound(_("You are no member there."))
        request.session[MEMBERSHIP_KEY] = wanted
        return redirect("monitor:account")
