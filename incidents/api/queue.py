"""The parameters of the monitors' queue. The filter of a bulk order has the same names."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from core.geo import BBox, bbox_parse
from core.texts import isolated
from incidents import vocab
from incidents.api.serializers import StrictSerializer
from incidents.selectors.queue import IncidentFilter
from incidents.types import Occurred

ORDER = OpenApiParameter(
    "order", str, enum=["newest", "oldest"], default="newest", description="By arrival."
)
_OF_THE_PAGE = {"limit", "cursor", "order"}
_UNGRADED = "ungraded"


class ChoicesField(serializers.CharField):
    """Some of these words, with commas between them."""

    def __init__(self, words: list[str], **options: Any) -> None:
        self.words = words
        listed = ", ".join(words)
        super().__init__(help_text=f"One or more of: {listed}.", max_length=1000, **options)

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Return the words, each once."""
        wanted = tuple(sorted(set(super().to_internal_value(data).split(","))))
        if not set(wanted) <= set(self.words):
            message = _("Take one or more of these, with commas between them: %s.")
            raise serializers.ValidationError(message % ", ".join(self.words), code="choice")
        return wanted


class BBoxField(serializers.CharField):
    """A bounding box as the feed takes it."""

    def to_internal_value(self, data: Any) -> BBox:  # type: ignore[override]
        """Return the box."""
        try:
            return bbox_parse(super().to_internal_value(data))
        except InvalidInput as exc:
            raise serializers.ValidationError(exc.errors[0].message, code="bbox") from None


class MomentField(serializers.CharField):
    """A time with its zone, or a date, of which the first or the last moment counts (UTC)."""

    def __init__(self, of_a_date: Callable[[Occurred], datetime], **options: Any) -> None:
        self.of_a_date = of_a_date
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> datetime:  # type: ignore[override]
        """Return the moment."""
        try:
            text = super().to_internal_value(data)
            return self.of_a_date(msgspec.convert({"start": text}, Occurred))
        except (msgspec.ValidationError, ValueError, OverflowError):
            message = _("A time is like %(time)s, or a date like %(date)s.") % {
                "time": isolated("2014-05-11T09:30:00Z"),
                "date": isolated("2014-05-11"),
            }
            raise serializers.ValidationError(message, code="time") from None


class QueueParameters(StrictSerializer):
    """Which incidents: those that fit everything that is given."""

    state = ChoicesField(vocab.State.values, required=False)
    grade = ChoicesField([*vocab.Grade.values, _UNGRADED], required=False)
    kind = ChoicesField(vocab.IncidentKind.values, required=False)
    weapon = ChoicesField(vocab.Weapon.values, required=False)
    country = serializers.RegexField(
        r"^[A-Z]{2}\Z",
        required=False,
        help_text="ISO 3166 alpha-2.",
        error_messages={"invalid": gettext_lazy("A country has two capital letters, like SY.")},
    )
    assigned_to = serializers.CharField(
        required=False, help_text="`me`, `none`, or the id of a user."
    )
    bbox = BBoxField(
        required=False,
        help_text="`west,south,east,north` in degrees; west greater than east crosses the "
        "antimeridian. Incidents without a point never match.",
    )
    time_from = MomentField(
        Occurred.first_moment,
        required=False,
        help_text="A time or a date (UTC): what may have happened then or later.",
    )
    time_until = MomentField(
        Occurred.last_moment,
        required=False,
        help_text="A time or a date (UTC): what may have happened then or earlier.",
    )
    has_flags = serializers.BooleanField(
        required=False, help_text="Whether something is odd about one of its reports."
    )
    minimum_independent_sources = serializers.IntegerField(
        required=False, min_value=1, max_value=100_000
    )
    q = serializers.CharField(
        required=False, max_length=200, help_text="Part of the title or of the place's name."
    )

    needs_decision = serializers.BooleanField(
        required=False,
        help_text="Whether it is not published yet, or has changed since; withdrawn ones never.",
    )

    def validate_assigned_to(self, text: str) -> str | UUID:
        """Return the word or the id."""
        if text in ("me", "none"):
            return text
        try:
            return UUID(text)
        except ValueError:
            message = _("This is `me`, `none`, or the id of a user.")
            raise serializers.ValidationError(message, code="user") from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a range of time that ends before it starts."""
        start, end = attrs.get("time_from"), attrs.get("time_until")
        if start and end and start > end:
            message = _("The range ends before it starts.")
            raise serializers.ValidationError({"time_until": [message]}, code="order")
        return attrs


def filter_of(asked: dict[str, Any], actor: Actor) -> IncidentFilter:
    """Return checked parameters as the selector takes them; ``me`` is the actor."""
    assignee = asked.get("assigned_to")
    if assignee == "me":
        assignee = actor.id
    return IncidentFilter(
        states=asked.get("state", ()),
        grades=tuple("" if word == _UNGRADED else word for word in asked.get("grade", ())),
        kinds=asked.get("kind", ()),
        weapons=asked.get("weapon", ()),
        country=asked.get("country", ""),
        assigned_to=None if assignee == "none" else assignee,
        unassigned=assignee == "none",
        bbox=asked.get("bbox"),
        time_from=asked.get("time_from"),
        time_until=asked.get("time_until"),
        has_flags=asked.get("has_flags"),
        minimum_independent_sources=asked.get("minimum_independent_sources", 0),
        text=asked.get("q", ""),
        needs_decision=asked.get("needs_decision"),
    )


def queue_parse(given: QueryDict, actor: Actor) -> tuple[IncidentFilter, bool]:
    """Return which incidents a query asks for, and whether the newest come first.

    Raises for a parameter that is unknown (ignored, it would look like a filter that matched
    everything) or given twice (only one of the two would count).
    """
    twice = sorted(name for name, values in given.lists() if len(values) > 1)
    if twice:
        message = _("This parameter is given more than once.")
        raise InvalidInput(errors=[FieldError(name, message, "repeated") for name in twice])
    order = given.get("order", "newest")
    if order not in ("newest", "oldest"):
        message = _("The order is newest or oldest.")
        raise InvalidInput(errors=[FieldError("order", message, "choice")])
    data = {name: value for name, value in given.items() if name not in _OF_THE_PAGE}
    checked = QueueParameters(data=data)
    checked.is_valid(raise_exception=True)
    return filter_of(checked.validated_data, actor), order == "newest"
