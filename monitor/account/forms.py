"""What is asked on the pages of accounts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.permissions import PERMISSIONS, Action
from feed.models import Kind

_LONGEST_URL = 2000
_LARGEST_SEQ = 2**63 - 1


class TokenForm(forms.Form):
    """A token: what for, what it may do of what its role may, until when."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program or machine will use it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As little as the program needs: whoever has the token may do all of this."),
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        initial=90,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )

    def __init__(self, role: Role, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = PERMISSIONS[role]
        self.fields["scopes"].choices = [(a.value, a.label) for a in Action if a in allowed]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what ``token_issue`` takes."""
        clean = self.cleaned_data
        return {
            "name": clean["name"],
            "scopes": [Action(scope) for scope in clean["scopes"]],
            "lifetime": timedelta(days=clean["days"]),
        }


class DeviceForm(forms.Form):
    """A phone that submits."""

    label = forms.CharField(label=_("Which phone"), max_length=100)


class WebhookForm(forms.Form):
    """An address that is told of new entries."""

    url = forms.CharField(
        label=_("Address"), max_length=_LONGEST_URL, help_text=_("Begins with https://")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Told of"),
        choices=Kind.choices,
        initial=[Kind.INCIDENT, Kind.CONTEXT_EVENT],
        widget=forms.CheckboxSelectMultiple,
    )
    from_seq = forms.IntegerField(
        label=_("From entry"),
        required=False,
        min_value=1,
        max_value=_LARGEST_SEQ,
        help_text=_("Empty: only what comes from now on."),
    )


class ReplayForm(forms.Form):
    """Sending again."""

    from_seq = forms.IntegerField(label=_("From entry"), min_value=1, max_value=_LARGEST_SEQ)


class _Reason(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Kept in the ledger, for good.")
    )


class ReasonForm(_Reason):
    """A reason alone."""


class OrganisationForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=150)


class MemberForm(_Reason):
    """A new member."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ("name", "email", "role", "reason")


class RoleForm(_Reason):
    """Another role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ("role", "reason")
