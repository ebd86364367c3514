"""allauth's forms with what they lack: focus, the ledger, codes that open once."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
)
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.logins import second_factor_failed_record


class _Code:
    """A code of an authenticator app, or a recovery code."""

    user: Any

    def clean_code(self) -> str:
        """Refuse a code that came before: allauth remembers it for one step, we accept three."""
        try:
            code = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            second_factor_failed_record(user=self.user)
            raise
        accepted_s = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"code-used:{self.user.pk}:{code}", 1, accepted_s):
            raise get_adapter().validation_error("incorrect_code")
        return str(code)


class FirstForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True


class CodeForm(_Code, AuthenticateForm):
    """At login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class CodeAgainForm(_Code, ReauthenticateForm):
    """In a session, before something that matters."""


class KeyForm(AuthenticateWebAuthnForm):
    """A passkey at login."""

    def clean_credential(self) -> Any:
        """Tell the ledger of one that is refused."""
        try:
            return super().clean_credential()
        except ValidationError:
            second_factor_failed_record(user=self.user)
            raise


class _Named:
    """allauth has no label for a key's name that could be translated."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class KeyAddForm(_Named, AddWebAuthnForm):
    """A new passkey."""


class KeyEditForm(_Named, EditWebAuthnForm):
    """Another name for a passkey."""
