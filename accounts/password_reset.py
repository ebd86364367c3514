"""A forgotten password."""

from typing import Any

from allauth.account.views import PasswordResetView
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render


class PasswordReset(PasswordResetView):
    """By letter, to whom it may be and to strangers alike; else the page says whom to ask."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send nothing where no letters are sent."""
        if not settings.MAIL_IS_SENT:
            return render(request, "account/password_reset_by_hand.html")
        return super().dispatch(request, *args, **kwargs)
