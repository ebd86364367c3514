"""The first page, what is published, and how to read, cite and fetch it."""

from django.http import HttpRequest, HttpResponse

from core.errors import InvalidInput
from feed.models import Audience
from feed.pages.one import GRADE_MEANINGS
from feed.selectors import last_entry
from incidents.vocab import Grade, Weapon
from monitor.public import log
from monitor.public.access import PublicPage
from monitor.public.guide import examples


class Home(PublicPage):
    """What Harmwatch is, and what was published last; for members what they may do here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        context = {"figures": log.figures(), **log.latest()}
        return self.page("monitor/public/home.html", context)


class Published(PublicPage):
    """The incidents that everybody may see, by place, date, weapon and grade."""

    parameters = frozenset({"place", "from", "until", "weapon", "grade", "cursor"})

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        choices = {"weapons": Weapon.choices, "grades": Grade.choices}
        try:
            context = log.chosen(request)
        except InvalidInput as error:
            context, status = {"errors": error.errors}, error.status
            return self.page("monitor/public/published.html", context | choices, status)
        return self.page("monitor/public/published.html", context | choices)


class Methodology(PublicPage):
    """What the figures mean, in short."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        grades = [(grade.label, GRADE_MEANINGS[grade]) for grade in Grade]
        return self.page("monitor/public/methodology.html", {"grades": grades})


class Cite(PublicPage):
    """How to cite what is published, so that others find the same."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        context = {
            "root": _root(request),
            "last": last_entry(Audience.PUBLIC),
            "releases": log.releases(),
        }
        return self.page("monitor/public/cite.html", context)


class Guide(PublicPage):
    """How to fetch what is published."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        root = _root(request)
        return self.page("monitor/public/guide.html", {"root": root, "examples": examples(root)})


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
