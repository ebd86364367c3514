"""allauth's views that change a second factor, told to the ledger."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpResponse

from accounts.logins import second_factor_record, sessions_end
from accounts.second_factor import second_factor_shown


class _Told:
    """A view of allauth's that changes factors, told to the ledger in the same transaction.

    allauth has a signal for it and a mail, both after the commit.
    """

    change: str
    kind: str
    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; a new factor counts as shown, and sessions that never showed one end."""
        user = self.request.user
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            second_factor_record(user=user, change=self.change, kind=self.kind)
            if self.change == "added":
                sessions_end(user=user, keep=self.request.session.session_key)
        if self.change == "added":
            second_factor_shown(self.request, self.kind)
        return answer


class TotpAdd(_Told, ActivateTOTPView):
    """An authenticator app."""

    change, kind = "added", Authenticator.Type.TOTP


class TotpRemove(_Told, DeactivateTOTPView):
    """No authenticator app."""

    change, kind = "removed", Authenticator.Type.TOTP


class KeyAdd(_Told, AddWebAuthnView):
    """A passkey."""

    change, kind = "added", Authenticator.Type.WEBAUTHN


class KeyRemove(_Told, RemoveWebAuthnView):
    """One passkey less."""

    change, kind = "removed", Authenticator.Type.WEBAUTHN


class CodesMake(_Told, GenerateRecoveryCodesView):
    """New recovery codes; the ones before open nothing more."""

    change, kind = "made", Authenticator.Type.RECOVERY_CODES
