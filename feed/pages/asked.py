"""Whether a page for people is asked for, or data."""

from django.http import HttpRequest

from feed.exports import BY_TYPE, preferred_type

HTML = "text/html"
# Where it is all the same to a client, it gets data.
_OFFERED = (*BY_TYPE, HTML)


def page_is_asked(request: HttpRequest, others: frozenset[str] = frozenset({"json"})) -> bool:
    """Tell whether an answer is to be a page: ``f`` decides, else ``Accept``.

    ``others`` are the other names that ``f`` may have here; with one that is none, the refusal is a
    page for browsers.
    """
    name = request.GET.get("f")
    if name == "html" or name in others:
        return name == "html"
    # Looked for first: most callers are programs, and reading the header whole takes time.
    if HTML not in request.META.get("HTTP_ACCEPT", ""):
        return False
    return preferred_type(request, _OFFERED) == HTML


def address_as(url: str, name: str) -> str:
    """Return an address with ``f=name`` in the place of any other."""
    return address_with(url, "f", name)


def address_with(url: str, parameter: str, value: str) -> str:
    """Return an address with one parameter changed; ``value`` needs no quoting.

    The rest stays as it was written: to take an address apart and put it together again takes
    longer than many a page.
    """
    path, _mark, query = url.partition("?")
    given = f"{parameter}="
    kept = [part for part in query.split("&") if part and not part.startswith(given)]
    return f"{path}?{'&'.join([*kept, given + value])}"
