"""Whole collections and single pages as files, streamed from one state of the log.

An export reads page after page of the log as it stood at one entry. No transaction stays open while
a reader takes their time, and when one goes away, no query is left behind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError, FieldError, InvalidInput
from feed.formats import FORMATS, Format, LogRow, columns_of
from feed.items import items_rows
from feed.models import Audience, Kind
from feed.params import ItemsQuery, Position
from feed.selectors import latest_seq

ROWS_AT_ONCE = 2_000
# Each with its parameters and without; of two formats of one type the first. None: plain pages.
BY_TYPE: dict[str, Format | None] = {
    "application/geo+json": None,
    "application/json": None,
    **{
        media_type: one
        for one in reversed(FORMATS.values())
        for media_type in (one.media_type.partition(";")[0], one.media_type)
        if one is not FORMATS["geojson"]
    },
}
_running = BoundedSemaphore(settings.EXPORTS_AT_ONCE)


class TooManyExports(DomainError):
    """This process writes as many exports as it may."""

    slug, status, title = "too-many-exports", 503, gettext_lazy("Too many exports")
    wait = 30.0


@dataclass(frozen=True, slots=True)
class Part:
    """What of a collection is wanted: its kind, for whom, chosen how."""

    audience: Audience
    kind: Kind
    query: ItemsQuery

    def at(self, seq: int) -> "Part":
        """Return the same of the log as it stood at an entry."""
        return replace(self, query=replace(self.query, at_seq=seq))


class Export:
    """The bytes of one export. It holds one of the process's places until it ends or is closed.

    Raises ``TooManyExports`` where no place is free.
    """

    def __init__(self, part: Part, format_: Format) -> None:
        if not _running.acquire(blocking=False):
            raise TooManyExports(_("Others are being written. Try again in half a minute."))
        self._is_open = True
        self._chunks = format_.chunks(rows_walked(part), columns_of(part.kind, part.audience))

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the place back."""
        if self._is_open:
            self._is_open = False
            _running.release()


def state_of(part: Part) -> int:
    """Return the entry whose state a part shows: the one asked for, else the newest."""
    if part.query.position:
        return part.query.position.at_seq
    asked = part.query.at_seq
    return latest_seq(part.audience) if asked is None else asked


def rows_walked(part: Part) -> Iterator[LogRow]:
    """Yield all rows of a part, in its order; its state is named in ``query.at_seq``."""
    query = replace(part.query, limit=ROWS_AT_ONCE)
    while True:
        rows, following = items_rows(part.audience, part.kind, query)
        yield from rows
        if following is None:
            return
        query = replace(query, position=following)


def page_written(part: Part, format_: Format) -> tuple[bytes, Position | None]:
    """Return one page as a file, and where the next begins; its state is named."""
    rows, following = items_rows(part.audience, part.kind, part.query)
    return b"".join(format_.chunks(rows, columns_of(part.kind, part.audience))), following


def format_asked(request: HttpRequest) -> Format | None:
    """Return the format that ``f`` names, else what ``Accept`` likes best; None: plain pages.

    Raises ``InvalidInput`` for a name that is none.
    """
    name = request.GET.get("f")
    if name in ("json", "geojson", "html"):
        return None
    if name is None:
        return BY_TYPE.get(preferred_type(request, BY_TYPE) or "")
    if name not in FORMATS:
        names = ", ".join(["json", *FORMATS, "html"])
        message = _("The formats are: %(names)s.") % {"names": names}
        raise InvalidInput(errors=[FieldError("f", message, "f")])
    return FORMATS[name]


def preferred_type(request: HttpRequest, offered: Iterable[str]) -> str | None:
    """Return which media type ``Accept`` likes best, the first of those liked alike, or None."""
    # Most callers are programs that say nothing, and reading the header takes time.
    if request.META.get("HTTP_ACCEPT", "*/*") == "*/*":
        return next(iter(offered))
    try:
        return request.get_preferred_type(list(offered))
    except ValueError:  # a parameter in a character set that there is not
        return None
