"""What a device keeps so that the form of a report opens without a line.

An empty form, the same for everybody, and the files that it needs. A service worker keeps them,
asked anew whenever one of them, or the reader's language, has changed.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.canonical import sha256_hex
from monitor.submit.typed import Typed
from monitor.submit.views import blank

ROWS = 8  # of sources and of figures: without the server none are added
_BUILT = "monitor/built/"
_LOOKS = ("core/harmwatch.css", "core/harmwatch.svg", "monitor/submit.css", "monitor/icons/192.png")
_SCRIPTS = ("src/page.ts", "src/submit.ts")
# The worker asks our own server and loads nothing.
_POLICY = "default-src 'none'; connect-src 'self'"


@require_safe
def empty_form(request: HttpRequest) -> HttpResponse:
    """Return the form as devices keep it: it knows nobody; its script asks the device."""
    return HttpResponse(_empty_form(_language()), headers={"Cache-Control": "no-cache"})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, told what to keep. Its place makes /submit/ its reach."""
    try:
        script = _worker(_language())
    except FileNotFoundError:
        raise Http404 from None  # the pages' scripts are not built
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return what a device needs to install the form beside its other programs."""
    content = {
        "id": reverse("monitor:submit"),
        "name": _("Harmwatch: submit a report"),
        "short_name": "Harmwatch",
        "lang": _language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("monitor:submit"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f3",
        "theme_color": "#0b5a73",
        "icons": [_icon("192"), _icon("512"), _icon("512-maskable", "maskable")],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(name: str, purpose: str = "any") -> dict[str, str]:
    size = name.partition("-")[0]
    path = static(f"monitor/icons/{name}.png")
    return {"src": path, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _language() -> str:
    return get_language() or "en"


@cache
def _empty_form(language: str) -> str:
    """Return the page in the language that is active, which is ``language``."""
    typed = Typed(blank(ROWS))
    forms = {"sources": typed.source_forms(), "claims": typed.claim_forms()}
    context = {"typed": typed, "form": typed.form(), **forms}
    return render_to_string("monitor/submit/offline.html", context)


@cache
def _worker(language: str) -> str:
    names = [*_LOOKS, *_scripts()]
    parts = [_empty_form(language).encode(), *(_content(name) for name in names)]
    kept = {
        "version": sha256_hex(b"".join(parts))[:16],
        "form": reverse("monitor:submit"),
        "empty": reverse("monitor:submit-offline"),
        "files": [static(name) for name in names],
    }
    return f"self.KEPT = {json.dumps(kept)};\n{_content(_BUILT + 'sw.js').decode()}"


def _scripts() -> list[str]:
    """Return the scripts of the form with all that they import, by Vite's list of what it built."""
    chunks: dict[str, Any] = json.loads(_content(_BUILT + ".vite/manifest.json"))
    wanted, found = list(_SCRIPTS), dict[str, None]()
    while wanted:
        chunk = chunks[wanted.pop()]
        if chunk["file"] not in found:
            found[chunk["file"]] = None
            wanted += chunk.get("imports", [])
    return sorted(_BUILT + name for name in found)


def _content(name: str) -> bytes:
    """Return a static file; ``FileNotFoundError`` where it was not built."""
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_bytes()
