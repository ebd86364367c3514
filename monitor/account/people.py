"""Organisations, members and roles: the administrators' pages. They show nothing of reports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import members
from accounts.models import Membership, Organisation, Role
from accounts.permissions import Action
from accounts.second_factor import NEED_ONE, second_factor_kept
from accounts.selectors import members_visible_to, organisations_visible_to, tokens_visible_to
from accounts.services import token_issue, token_revoke
from core.errors import DomainError, NotFound
from monitor.access import Page
from monitor.account.forms import MemberForm, OrganisationForm, ReasonForm, RoleForm, TokenForm


class _Managing(Page):
    action = Action.ACCOUNTS_MANAGE

    def organisation(self, organisation_id: UUID) -> Organisation:
        """Return one. Raises ``NotFound``."""
        found = organisations_visible_to(self.actor).filter(id=organisation_id).first()
        if found is None:
            raise NotFound(_("There is no such organisation."))
        return found

    def membership(self, membership_id: UUID) -> Membership:
        """Return one. Raises ``NotFound``."""
        found = members_visible_to(self.actor).filter(id=membership_id).first()
        if found is None:
            raise NotFound(_("There is no such member."))
        return found


class People(_Managing):
    """All organisations; a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        return self._listing(OrganisationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add one."""
        form = OrganisationForm(request.POST)
        if form.is_valid():
            try:
                made = members.organisation_add(actor=self.actor, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error("name", str(refusal.detail))
            else:
                return redirect("monitor:organisation", made.id)
        return self._listing(form, 400)

    def _listing(self, form: OrganisationForm, status: int = 200) -> HttpResponse:
        context = {"organisations": organisations_visible_to(self.actor), "form": form}
        return self.page("monitor/account/people.html", context, status)


class OrganisationPage(_Managing):
    """One organisation's members; a new one."""

    def get(self, request: HttpRequest, organisation_id: UUID) -> HttpResponse:
        """List them."""
        return self._listing(self.organisation(organisation_id), MemberForm())

    def post(self, request: HttpRequest, organisation_id: UUID) -> HttpResponse:
        """Add one, and show the link by which they set their password."""
        organisation, form = self.organisation(organisation_id), MemberForm(request.POST)
        if form.is_valid():
            try:
                made = members.member_add(
                    actor=self.actor, organisation=organisation, **_with_role(form)
                )
            except DomainError as refusal:
                form.add_error("email", str(refusal.detail))
            else:
                messages.success(request, _("%(name)s is a member now.") % {"name": made.user.name})
                return redirect("monitor:member", made.id)
        return self._listing(organisation, form, 400)

    def _listing(
        self, organisation: Organisation, form: MemberForm, status: int = 200
    ) -> HttpResponse:
        there = members_visible_to(self.actor).filter(organisation=organisation)
        context = {
            "organisation": organisation,
            "present": there.filter(ended_at=None),
            "past": there.exclude(ended_at=None),
            "form": form,
        }
        return self.page("monitor/account/organisation.html", context, status)


class MemberPage(_Managing):
    """One member: role, link, ends."""

    def get(self, request: HttpRequest, membership_id: UUID) -> HttpResponse:
        """Show them."""
        return self.showing(membership_id)

    def showing(self, membership_id: UUID, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page, perhaps with a form that was refused."""
        member = self.membership(membership_id)
        tokens = tokens_visible_to(self.actor).filter(membership=member)
        context = {
            "member": member,
            "keeps_factor": second_factor_kept(member.user),
            "needs_factor": member.role in NEED_ONE,
            "tokens": tokens.order_by("-created_at"),
            "role_form": RoleForm(initial={"role": member.role}, prefix="role"),
            "reason_form": ReasonForm(),
            "token_form": TokenForm(Role(member.role), prefix="token"),
        }
        return self.page("monitor/account/member.html", context | more, status)


class MemberRole(MemberPage):
    """Another role."""

    def post(self, request: HttpRequest, membership_id: UUID) -> HttpResponse:
        """Give it."""
        form = RoleForm(request.POST, prefix="role")
        if form.is_valid():
            try:
                members.member_role_change(
                    actor=self.actor, membership_id=membership_id, **_with_role(form)
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal.detail))
            else:
                messages.success(request, _("The role is changed."))
                return redirect("monitor:member", membership_id)
        return self.showing(membership_id, 400, role_form=form)


class MemberDo(MemberPage):
    """What needs no more than a reason."""

    def post(self, request: HttpRequest, membership_id: UUID, deed: str) -> HttpResponse:
        """Do it; a refusal is told on the same page."""
        member, form = self.membership(membership_id), ReasonForm(request.POST)
        if not form.is_valid():
            return self.showing(membership_id, 400, reason_form=form)
        try:
            return self._do(request, deed, member, form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal.detail))
            return self.showing(membership_id, refusal.status, reason_form=form)

    def _do(self, request: HttpRequest, deed: str, member: Membership, reason: str) -> HttpResponse:
        whom: dict[str, Any] = {"actor": self.actor, "user_id": member.user_id, "reason": reason}
        if deed == "link":
            link = request.build_absolute_uri(members.link_issue(**whom))
            return self.page("monitor/account/link.html", {"member": member, "link": link})
        if deed == "end":
            members.membership_end(actor=self.actor, membership_id=member.id, reason=reason)
        elif deed == "factors":
            members.second_factors_remove(**whom)
        elif deed in {"deactivate", "activate"}:
            members.user_activity_set(active=deed == "activate", **whom)
        else:
            raise NotFound
        messages.success(request, _("Done, and in the ledger."))
        return redirect("monitor:member", member.id)


class MemberToken(MemberPage):
    """A token for a partner's system, which has no pages of its own."""

    def post(self, request: HttpRequest, membership_id: UUID) -> HttpResponse:
        """Issue it; the answer alone shows the secret."""
        member = self.membership(membership_id)
        form = TokenForm(Role(member.role), request.POST, prefix="token")
        if not form.is_valid():
            return self.showing(membership_id, 400, token_form=form)
        token, secret = token_issue(actor=self.actor, membership=member, **form.asked())
        return self.page("monitor/account/secret.html", {"token": token, "secret": secret})


class MemberTokenRevoke(MemberPage):
    """The end of a member's token."""

    def post(self, request: HttpRequest, membership_id: UUID, token_id: UUID) -> HttpResponse:
        """Revoke it. Raises ``NotFound``."""
        member = self.membership(membership_id)
        if not tokens_visible_to(self.actor).filter(membership=member, id=token_id).exists():
            raise NotFound(_("There is no such credential."))
        token_revoke(actor=self.actor, token_id=token_id, reason=_("by an administrator"))
        return redirect("monitor:member", membership_id)


def _with_role(form: Any) -> dict[str, Any]:
    return form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
