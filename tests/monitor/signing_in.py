"""People with a session."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client

from accounts.adapters import SecondFactorAdapter
from accounts.models import Membership
from accounts.second_factor import NEED_ONE, second_factor_shown

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in(member: Membership) -> Client:
    """Return a client with this member's session, as after login and second factor."""
    client = Client()
    client.force_login(member.user)
    if member.role in NEED_ONE:
        kept = {"user": member.user, "type": Authenticator.Type.TOTP}
        secret = SecondFactorAdapter().encrypt(TOTP_SECRET)
        Authenticator.objects.get_or_create(**kept, defaults={"data": {"secret": secret}})
        _show_factor(client, member)
    return client


def _show_factor(client: Client, member: Membership) -> None:
    request = HttpRequest()
    request.session, request.user = client.session, member.user
    second_factor_shown(request, Authenticator.Type.TOTP)
    request.session.save()
