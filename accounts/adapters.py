"""How allauth behaves in this house."""

from ipaddress import IPv6Address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.logins import login_failed_record, login_record, password_set
from accounts.models import Role
from accounts.sessions import member_of_session, memberships_of
from core.ciphers import current_cipher
from core.networks import network_name

_UNIQUE_LOCAL = 0xFD << 120  # a range of addresses that nobody on the internet has


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an administrator makes accounts. No address of a caller is kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what stands for the caller's network, in the form of an address.

        allauth counts by it and stores it with each session.
        """
        return str(IPv6Address(_UNIQUE_LOCAL | int(network_name(request), 16) >> 8))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a member's work is, for who asked for no page."""
        member = member_of_session(request)
        if member is None:
            return str(super().get_login_redirect_url(request))
        return reverse(settings.LANDING_PAGES[member.role])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt: of the address from this network, and less strictly from everywhere.

        A stranger elsewhere so cannot shut an account by five wrong passwords.
        """
        address = str(credentials.get("email", "")).lower()
        if not ratelimit.consume(request, action="login_anywhere", key=address):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, email=f"{self.get_client_ip(request)} {address}")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the ledger."""
        login_failed_record(address=str(credentials.get("email", "")))

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Turn away who is deactivated, belongs to nobody now, or comes by tokens alone."""
        refused = super().pre_login(request, user, **kwargs)
        if refused is None and not _has_pages(user):
            return self.respond_user_inactive(request, user)
        return refused

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Tell the ledger."""
        login_record(user=user)
        return super().post_login(request, user, **kwargs)

    def set_password(self, user: Any, password: str) -> None:
        """Set it, and tell the ledger."""
        password_set(user=user, password=password)


def _has_pages(user: Any) -> bool:
    return any(member.role != Role.PARTNER for member in memberships_of(user))


class SecondFactorAdapter(DefaultMFAAdapter):
    """What proves a second factor is encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """Return a secret under the current sealing key."""
        return current_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that ``encrypt`` stored, under whichever of the keys."""
        return current_cipher().decrypt(encrypted_text.encode()).decode()
