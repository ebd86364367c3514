"""From a filter's tree to one SQL condition whose every value is bound.

Only what is listed here comes through: names become columns by a table, operators SQL by a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from feed.cql2.literals import geometry_of, number_of, span_of, text_of
from feed.cql2.queryables import Queryable, Type
from feed.cql2.reading import refused

DEEPEST, MOST_NODES = 40, 500

_COMPARISONS = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_disjoint": "NOT ST_Intersects",  # which, unlike ST_Disjoint, takes an index and collections
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}
_ARRAYS = {"a_equals": ("@>", "<@"), "a_contains": ("@>",), "a_containedby": ("<@",),
           "a_overlaps": ("&&",)}  # fmt: skip
# As the standard defines them on the start and the end of each operand.
_TEMPORAL = {
    "t_after": "{a0} > {b1}",
    "t_before": "{a1} < {b0}",
    "t_contains": "({a0} < {b0} AND {a1} > {b1})",
    "t_disjoint": "({a1} < {b0} OR {a0} > {b1})",
    "t_during": "({a0} > {b0} AND {a1} < {b1})",
    "t_equals": "({a0} = {b0} AND {a1} = {b1})",
    "t_finishedby": "({a0} < {b0} AND {a1} = {b1})",
    "t_finishes": "({a0} > {b0} AND {a1} = {b1})",
    "t_intersects": "({a0} <= {b1} AND {a1} >= {b0})",
    "t_meets": "{a1} = {b0}",
    "t_metby": "{a0} = {b1}",
    "t_overlappedby": "({a0} > {b0} AND {a0} < {b1} AND {a1} > {b1})",
    "t_overlaps": "({a0} < {b0} AND {a1} > {b0} AND {a1} < {b1})",
    "t_startedby": "({a0} = {b0} AND {a1} > {b1})",
    "t_starts": "({a0} = {b0} AND {a1} < {b1})",
}
_COMPARABLE = frozenset({Type.TEXT, Type.NUMBER, Type.MOMENT, Type.BOOLEAN})


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the row ``e`` and the values bound in it, by name."""

    sql: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Operand:
    sql: str
    type: Type
    ends: tuple[str, str] = ("", "")


def filter_compile(tree: Any, queryables: Mapping[str, Queryable]) -> Filter:
    """Return the condition of a filter's tree. Raises ``InvalidInput`` for what is not offered."""
    compiler = _Compiler(queryables)
    return Filter(compiler.condition(tree, 0), compiler.parameters)


@dataclass
class _Compiler:
    queryables: Mapping[str, Queryable]
    parameters: dict[str, Any] = field(default_factory=dict)
    nodes: int = 0

    def condition(self, node: Any, depth: int) -> str:
        """Return a boolean expression."""
        self._count()
        if depth > DEEPEST:
            raise refused(_("This filter is nested too deeply."))
        if isinstance(node, bool):
            return "TRUE" if node else "FALSE"
        op, args = _operation(node)
        if op in ("and", "or"):
            parts = [self.condition(part, depth + 1) for part in args]
            if len(parts) < 2:
                raise _wrong_arguments(op)
            return f"({f' {op.upper()} '.join(parts)})"
        if op == "not":
            return f"(NOT {self.condition(_only(op, args, 1)[0], depth + 1)})"
        return self._predicate(op, args)

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise refused(_("A filter has at most %(most)d parts.") % {"most": MOST_NODES})

    def _predicate(self, op: str, args: list[Any]) -> str:
        for table, make in self._families():
            if op in table:
                return make(op, args)
        raise refused(_("The operator %(op)s is not offered here.") % {"op": op})

    def _families(self) -> list[tuple[Any, Callable[[str, list[Any]], str]]]:
        return [
            (_COMPARISONS, self._compared),
            (("isnull",), self._is_null),
            (("between",), self._between),
            (("in",), self._in),
            (("like",), self._like),
            (_SPATIAL, self._spatial),
            (_TEMPORAL, self._temporal),
            (_ARRAYS, self._arrays),
        ]

    def _compared(self, op: str, args: list[Any]) -> str:
        one, other = (self.operand(arg) for arg in _only(op, args, 2))
        if one.type is not other.type or one.type not in _COMPARABLE:
            raise _wrong_arguments(op)
        return f"({one.sql} {_COMPARISONS[op]} {other.sql})"

    def _is_null(self, op: str, args: list[Any]) -> str:
        return f"({self.operand(_only(op, args, 1)[0]).sql} IS NULL)"

    def _between(self, op: str, args: list[Any]) -> str:
        value, low, high = (self.operand(arg) for arg in _only(op, args, 3))
        if not value.type is low.type is high.type is Type.NUMBER:
            raise _wrong_arguments(op)
        return f"({value.sql} BETWEEN {low.sql} AND {high.sql})"

    def _in(self, op: str, args: list[Any]) -> str:
        value, listed = _only(op, args, 2)
        if not isinstance(listed, list) or not listed:
            raise _wrong_arguments(op)
        one, others = self.operand(value), [self.operand(item) for item in listed]
        if one.type not in _COMPARABLE or any(other.type is not one.type for other in others):
            raise _wrong_arguments(op)
        return f"({one.sql} IN ({', '.join(other.sql for other in others)}))"

    def _like(self, op: str, args: list[Any]) -> str:
        one, pattern = (self.operand(arg) for arg in _only(op, args, 2))
        if not one.type is pattern.type is Type.TEXT or _ends_escaping(args[1]):
            raise _wrong_arguments(op)
        return f"({one.sql} LIKE {pattern.sql})"

    def _spatial(self, op: str, args: list[Any]) -> str:
        one, other = (self.operand(arg) for arg in _only(op, args, 2))
        if not one.type is other.type is Type.GEOMETRY:
            raise _wrong_arguments(op)
        return f"({_SPATIAL[op]}({one.sql}, {other.sql}))"

    def _temporal(self, op: str, args: list[Any]) -> str:
        one, other = (self.operand(arg) for arg in _only(op, args, 2))
        if not {one.type, other.type} <= {Type.SPAN, Type.MOMENT}:
            raise _wrong_arguments(op)
        names = dict(zip(("a0", "a1", "b0", "b1"), (*one.ends, *other.ends), strict=True))
        return f"({_TEMPORAL[op].format(**names)})"

    def _arrays(self, op: str, args: list[Any]) -> str:
        one, other = (self._texts(arg) for arg in _only(op, args, 2))
        tests = [f"{one} {sign} {other}" for sign in _ARRAYS[op]]
        return f"({' AND '.join(tests)})"

    def _texts(self, node: Any) -> str:
        if isinstance(node, list):
            return f"{self._bound([text_of(item) for item in node])}::text[]"
        operand = self.operand(node)
        if operand.type is not Type.TEXTS:
            raise refused(_("Arrays are compared with arrays of texts."))
        return operand.sql

    def operand(self, node: Any) -> _Operand:
        """Return a property, a literal or ``casei`` of one of them."""
        self._count()
        match node:
            case bool():
                return _Operand("TRUE" if node else "FALSE", Type.BOOLEAN)
            case str():
                return _Operand(f"{self._bound(text_of(node))}::text", Type.TEXT)
            case int() | float():
                bound = f"{self._bound(number_of(node))}::double precision"
                return _Operand(bound, Type.NUMBER)
            case {"property": name}:
                return self._property(name)
            case {"op": "casei", "args": [inner]}:
                return self._lowered(self.operand(inner))
            case {"interval": [start, end]} if _is_property(start) or _is_property(end):
                return self._interval(start, end)
            case {"interval": _} | {"date": _} | {"timestamp": _}:
                return self._time(node)
            case {"bbox": _} | {"coordinates": _} | {"geometries": _}:
                value = geometry_of(node).hexewkb.decode()
                return _Operand(f"{self._bound(value)}::geometry", Type.GEOMETRY)
        raise refused(_("A filter compares texts, numbers, times, places and lists."))

    def _property(self, name: Any) -> _Operand:
        known = self.queryables.get(name) if isinstance(name, str) else None
        if known is None:
            message = _("There is no property %(name)s to filter on.")
            raise refused(message % {"name": str(name)[:100]})
        ends = ("e.time_start", "e.time_end") if known.type is Type.SPAN else (known.sql, known.sql)
        return _Operand(known.sql, known.type, ends)

    def _lowered(self, operand: _Operand) -> _Operand:
        if operand.type is not Type.TEXT:
            raise _wrong_arguments("casei")
        return _Operand(f"lower({operand.sql})", Type.TEXT)

    def _time(self, literal: dict[str, Any]) -> _Operand:
        start, end = span_of(literal)
        low, high = self._moment(start, "-infinity"), self._moment(end, "infinity")
        if "timestamp" in literal:
            return _Operand(low, Type.MOMENT, (low, low))
        if "date" in literal:  # as a moment the day's first; as a span the whole day
            return _Operand(low, Type.MOMENT, (low, high))
        both = self._bound(TimestamptzRange(start, end, "[]"))
        return _Operand(both, Type.SPAN, (low, high))

    def _interval(self, start: Any, end: Any) -> _Operand:
        """Return an interval of which at least one end is a property."""
        low, high = self._end_of(start, False), self._end_of(end, True)
        sql = f"CASE WHEN {low} <= {high} THEN tstzrange({low}, {high}, '[]') END"
        return _Operand(sql, Type.SPAN, (low, high))

    def _end_of(self, node: Any, is_last: bool) -> str:
        if not _is_property(node):
            start, end = span_of({"interval": ["..", node] if is_last else [node, ".."]})
            return self._moment(end, "infinity") if is_last else self._moment(start, "-infinity")
        operand = self.operand(node)
        if operand.type is not Type.MOMENT:
            raise _wrong_arguments("interval")
        return operand.sql

    def _moment(self, moment: datetime | None, open_end: str) -> str:
        return f"{self._bound(moment)}::timestamptz" if moment else f"'{open_end}'::timestamptz"

    def _bound(self, value: Any) -> str:
        name = f"filter_{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"


def _operation(node: Any) -> tuple[str, list[Any]]:
    match node:
        case {"op": str(op), "args": list(args)}:
            return op.lower(), args
    raise refused(_("A filter is made of predicates, joined by AND, OR and NOT."))


def _is_property(node: Any) -> bool:
    return isinstance(node, dict) and "property" in node


def _ends_escaping(pattern: Any) -> bool:
    """Tell whether a pattern ends in a backslash that escapes nothing: the database fails on it."""
    while isinstance(pattern, dict) and isinstance(pattern.get("args"), list) and pattern["args"]:
        pattern = pattern["args"][0]
    if not isinstance(pattern, str):
        return False
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def _only(op: str, args: list[Any], count: int) -> list[Any]:
    if len(args) != count:
        raise _wrong_arguments(op)
    return args


def _wrong_arguments(op: str) -> Exception:
    return refused(_("What %(op)s is given does not fit it.") % {"op": op})
