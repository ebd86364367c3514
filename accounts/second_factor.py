"""The second factor: who needs one, and whether this session has used it."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import Role, User

NEED_ONE = frozenset({Role.MONITOR, Role.LEAD_MONITOR, Role.ADMINISTRATOR})
# Recovery codes are no factor of their own: they stand in for one of these.
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor_kept(user: User) -> bool:
    """Tell whether a person has set one up."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=_FACTORS).exists()


def second_factor_used(request: HttpRequest) -> bool:
    """Tell whether it was shown in this session, at login, by setting it up or afterwards."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def second_factor_shown(request: HttpRequest, kind: str) -> None:
    """Note that this session has shown one."""
    # allauth has no public way to say that setting one up has proved it.
    record_authentication(request, request.user, method="mfa", type=kind)
