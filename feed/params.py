"""The parameters of a feed request, read once into types. Whatever is wrong raises InvalidInput."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput
from core.geo import BBox, bbox_parse
from feed.cql2 import Filter, Language, filter_compile, filter_read
from feed.cql2.queryables import Queryable, Type, queryables_of
from feed.formats import properties_of
from feed.models import Audience, Kind
from feed.selectors import SETTLED_AFTER, is_settled, latest_seq, seq_at

DEFAULT_LIMIT, MAXIMUM_LIMIT = 100, 10_000
_LARGEST_SEQ = 2**63 - 1
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

_DATE = r"\d{4}-\d{2}-\d{2}"
_MOMENT = re.compile(
    rf"{_DATE}(?:T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?(?:Z|[+-]\d{{2}}:\d{{2}}))?",
    re.ASCII | re.IGNORECASE,
)
_OPEN = {"", ".."}
# What is shown cannot be told apart, nor be used, without these.
ALWAYS_SHOWN = ("version", "license", "attribution")


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of time, both ends included; None is an open end. UTC."""

    start: datetime | None
    end: datetime | None


class Sort(StrEnum):
    """The orders of a page, by their names in ``sortby``. Within one day by ``seq``."""

    DATE = "time_start"
    DATE_DESCENDING = "-time_start"
    SEQ = "seq"
    SEQ_DESCENDING = "-seq"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: behind an entry, in the log as it stood at ``at_seq``.

    ``time`` is the entry's start, where pages are in the order of time.
    """

    seq: int
    at_seq: int
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """What is asked of a collection; ``at_seq`` None is now, ``properties`` None all."""

    limit: int = DEFAULT_LIMIT
    bbox: BBox | None = None
    interval: Interval | None = None
    filter: Filter | None = None
    sort: Sort = Sort.DATE_DESCENDING
    at_seq: int | None = None
    position: Position | None = None
    properties: frozenset[str] | None = None


ITEMS_PARAMETERS = frozenset(
    {
        *("bbox", "datetime", "filter", "filter-lang", "filter-crs"),
        *("limit", "sortby", "cursor", "as_of", "properties"),
    }
)
ITEM_PARAMETERS = frozenset({"as_of"})
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def refuse_unknown(given: Collection[str], known: Collection[str]) -> None:
    """Refuse a parameter that we do not know: ignored, it would pass for a filter that matched."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        message = _("This parameter is not known here.")
        raise InvalidInput(errors=[FieldError(name, message, "unknown") for name in unknown])


def refuse_repeated(given: Mapping[str, Sequence[str]]) -> None:
    """Refuse a parameter given twice: only one of the two would count."""
    twice = sorted(name for name, values in given.items() if len(values) > 1)
    if twice:
        message = _("This parameter is given more than once.")
        raise InvalidInput(errors=[FieldError(name, message, "repeated") for name in twice])


def items_query_parse(
    given: Mapping[str, str], audience: Audience, kind: Kind = Kind.INCIDENT
) -> ItemsQuery:
    """Read the parameters of an items request."""
    sort = _sort(given["sortby"]) if "sortby" in given else Sort.DATE_DESCENDING
    at_seq = as_of_parse(given["as_of"], audience) if "as_of" in given else None
    position = _position(given["cursor"], audience, sort) if "cursor" in given else None
    if position and at_seq not in (None, position.at_seq):
        raise _refuse("cursor", _("This cursor belongs to another as_of."))
    return ItemsQuery(
        limit=limit_parse(given["limit"]) if "limit" in given else DEFAULT_LIMIT,
        bbox=bbox_parse(given["bbox"]) if "bbox" in given else None,
        interval=interval_parse(given["datetime"]) if "datetime" in given else None,
        filter=_filter(given, kind),
        sort=sort,
        at_seq=at_seq,
        position=position,
        properties=_properties(given["properties"], kind) if "properties" in given else None,
    )


def equalities_of(kind: Kind) -> dict[str, Queryable]:
    """Return the queryables that can be given as parameters of their own, by name."""
    with_parameter = (Type.TEXT, Type.NUMBER, Type.MOMENT, Type.TEXTS)
    return {name: one for name, one in queryables_of(kind).items() if one.type in with_parameter}


def as_of_parse(text: str, audience: Audience) -> int:
    """Read an entry's number, or a time; a state that can still change is refused."""
    latest = latest_seq(audience)
    if text.isascii() and text.isdigit():
        if len(text) > 18 or int(text) > latest:
            message = _("The log ends at %(latest)d.") % {"latest": latest}
            raise _refuse("as_of", message)
        return int(text)
    moment = _moment(text, time.max, "as_of")
    if not is_settled(moment):
        message = _("as_of is a time at least %(seconds)d seconds past, or a seq.")
        raise _refuse("as_of", message % {"seconds": SETTLED_AFTER.seconds})
    return seq_at(audience, moment)


def _properties(text: str, kind: Kind) -> frozenset[str]:
    names = frozenset(filter(None, text.split(",")))
    unknown = sorted(names - set(properties_of(kind, Audience.PARTNER)))
    if unknown:
        message = _("There is no property %(name)s.") % {"name": unknown[0][:100]}
        raise _refuse("properties", message)
    return names | frozenset(ALWAYS_SHOWN)


def next_cursor(audience: Audience, sort: Sort, position: Position) -> str:
    """Return the cursor of the page that begins at a position."""
    at = 0 if position.time is None else (position.time - _EPOCH) // _MICROSECOND
    return cursor_encode(audience, sort, position.seq, position.at_seq, at)


def _refuse(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, field)])


def limit_parse(text: str, most: int | None = None) -> int:
    """Read how many features a page holds, at most ``most`` (else the usual maximum)."""
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise _refuse("limit", _("limit is a whole number from 1."))
    most = MAXIMUM_LIMIT if most is None else most
    digits = text.lstrip("0")
    return most if len(digits) > 9 else min(int(digits), most)


def filter_trees(given: Mapping[str, str]) -> list[Any]:
    """Return the tree of what ``filter``, ``-lang`` and ``-crs`` ask for; none without filter."""
    try:
        language = Language(given.get("filter-lang", Language.TEXT))
    except ValueError:
        message = _("filter-lang is one of: %(names)s.") % {"names": ", ".join(Language)}
        raise _refuse("filter-lang", message) from None
    if given.get("filter-crs", CRS84) != CRS84:
        raise _refuse("filter-crs", _("filter-crs is %(crs)s.") % {"crs": CRS84})
    return [filter_read(given["filter"], language)] if "filter" in given else []


def _filter(given: Mapping[str, str], kind: Kind) -> Filter | None:
    trees = [
        _equality(one, given[name]) for name, one in equalities_of(kind).items() if name in given
    ]
    trees += filter_trees(given)
    if not trees:
        return None
    tree = trees[0] if len(trees) == 1 else {"op": "and", "args": trees}
    return filter_compile(tree, queryables_of(kind))


def _equality(queryable: Queryable, text: str) -> Any:
    """Return the filter's tree of ``name=text``; of a list: it has all that are named."""
    this: Any = {"property": queryable.name}
    match queryable.type:
        case Type.NUMBER:
            return {"op": "=", "args": [this, _number(queryable.name, text)]}
        case Type.MOMENT:
            return {"op": "=", "args": [this, {"date" if len(text) == 10 else "timestamp": text}]}
        case Type.TEXTS:
            return {"op": "a_contains", "args": [this, text.split(",")]}
    return {"op": "=", "args": [this, text]}


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _refuse(name, _("This is compared with a number.")) from None


def _sort(text: str) -> Sort:
    try:
        return Sort(text.removeprefix("+"))
    except ValueError:
        message = _("Features are sorted by one of: %(names)s.") % {"names": ", ".join(Sort)}
        raise _refuse("sortby", message) from None


def _position(cursor: str, audience: Audience, sort: Sort) -> Position:
    """Read a cursor; one of another audience or order would silently skip or repeat."""
    whose, order, seq, at_seq, at = cursor_decode(cursor, (str, str, int, int, int))
    try:
        time_start = _EPOCH + at * _MICROSECOND
    except OverflowError:
        time_start = None
    is_ours = whose == audience and order == sort and time_start is not None
    if not is_ours or not 0 <= seq <= at_seq <= _LARGEST_SEQ:
        raise _refuse("cursor", _("Use the cursor of a next link as it was given."))
    return Position(seq, at_seq, time_start)


def interval_parse(text: str) -> Interval:
    """Read an instant or ``start/end`` (RFC 3339; a date is a whole day in UTC; ``..`` is open)."""
    start_text, slash, end_text = text.partition("/")
    if not slash:
        return Interval(_moment(text, time.min), _moment(text, time.max))
    start = None if start_text in _OPEN else _moment(start_text, time.min)
    end = None if end_text in _OPEN else _moment(end_text, time.max)
    if start is None and end is None:
        raise _refuse("datetime", _("At least one end of an interval is a time."))
    if start and end and start > end:
        raise _refuse("datetime", _("An interval's start lies before its end."))
    return Interval(start, end)


def _moment(text: str, time_of_day: time, field: str = "datetime") -> datetime:
    """Return a moment in UTC; ``time_of_day`` is for a date alone."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        if len(text) == len("2014-05-11"):
            return datetime.combine(date.fromisoformat(text), time_of_day, tzinfo=UTC)
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        message = _("A time is like 2014-05-11T09:30:00Z, or a date like 2014-05-11.")
        raise _refuse(field, message) from None
