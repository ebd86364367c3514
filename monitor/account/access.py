"""The second factor of a role, before its pages open."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts.second_factor import second_factor_kept
from accounts.sessions import member_of_session, second_factor_lacks


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, or to set one up; who needs none now goes on to ``next``."""
    member = member_of_session(request)
    if member is None:
        return redirect("account_login")
    onwards = _onwards(request)
    if not second_factor_lacks(request, member):
        return redirect(onwards)
    if second_factor_kept(member.user):
        return redirect_to_login(onwards, _asking(request))
    return render(request, "monitor/account/second_factor.html", {"next": onwards})


def _onwards(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else "/"


def _asking(request: HttpRequest) -> str:
    """Return the page that asks for a factor this person has."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    return next(str(way["url"]) for way in ways if way["id"].startswith("mfa_reauthenticate"))
