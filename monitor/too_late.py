"""Forms that came too late: the form is too old, or nobody is signed in any more.

Nothing of them is stored, and what was typed is shown again, to be copied. It is shown to our own
pages alone: another site could otherwise have us say its words. The browser's draft brings it back
by itself; see drafts.ts.
"""

from urllib.parse import urlsplit

from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.sessions import actor_of_session
from core.problems import problem_json
from monitor.navigation import links_for
from monitor.typed import Asked, said_by

# What our forms carry along, and nobody types.
_CARRIED = frozenset(
    {
        *("csrfmiddlewaretoken", "version", "one_version", "other_version", "key", "next"),
        *("token", "confirm_count", "public_resolution", "replaces", "from_queue", "step"),
        *("sources", "claims"),
    }
)
_ACCOUNTS = "/account/"  # its forms hold passwords and codes
_WITHOUT_FILES = "application/x-www-form-urlencoded"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose key is not ours any more, or never was."""
    is_browser = "text/html" in request.headers.get("Accept", "") or "HX-Request" in request.headers
    if not is_browser:
        return problem_json(403, _("Not allowed"), _("The form is not one of ours, or is too old."))
    return _page(
        request,
        _("This form is too old"),
        _("Nothing was stored. You logged in again since it was opened, or it is not one of ours."),
    )


def session_ended(request: HttpRequest) -> HttpResponse:
    """Answer a form of somebody who is not signed in any more."""
    return _page(
        request,
        _("Your session has ended"),
        _("Nothing was stored. Log in again, then send the form anew."),
    )


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether a browser says that one of our own pages sent it."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _page(request: HttpRequest, title: str, detail: str) -> HttpResponse:
    actor = actor_of_session(request)
    context = {
        "title": title,
        "detail": detail,
        "typed": _typed(request) if is_from_here(request) else [],
        "back": _back(request),
        "actor": actor,
        "links": links_for(actor, request.path),
    }
    answer = render(request, "monitor/too_late.html", context, status=403)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form held, by its fields' labels; files are not read for it."""
    if request.path.startswith(_ACCOUNTS) or request.content_type != _WITHOUT_FILES:
        return []
    asked = _asked(request)
    shown = []
    for name, texts in request.POST.lists():
        for text in texts if name not in _CARRIED else ():
            label, field = asked.get(name, (name.replace("_", " "), Field()))
            if text:
                shown.append((label, said_by(field, text)))
    return shown


def _asked(request: HttpRequest) -> Asked:
    """Return the labels and fields of the page that the form belongs to."""
    match = request.resolver_match
    view = getattr(match.func, "view_class", None) if match else None
    return view.asked(request.POST) if view is not None and hasattr(view, "asked") else {}


def _back(request: HttpRequest) -> str:
    """Return the page that has the form, on this server."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
