"""Who handles which event. The list itself is written in ``config/consumers.py``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from ledger.models import DomainEvent

Handler = Callable[[Sequence["DomainEvent"]], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """A named handler of some kinds of event.

    ``handler`` is the dotted path of a function that takes a list of events, oldest first. It runs
    in the transaction that marks them handled: what it writes is committed together with that mark.
    """

    name: str
    kinds: frozenset[str]
    handler: str
    queue: str = "default"
    batch: int = 1000

    def handle(self, events: Sequence["DomainEvent"]) -> None:
        """Give the events to the handler."""
        handler: Handler = import_string(self.handler)
        handler(events)


def all_consumers() -> Sequence[Consumer]:
    """Return every consumer."""
    consumers: Sequence[Consumer] = import_string(settings.LEDGER_CONSUMERS)
    return consumers


def consumer_named(name: str) -> Consumer:
    """Return one consumer; ``KeyError`` where there is none of that name."""
    return {consumer.name: consumer for consumer in all_consumers()}[name]


def consumers_of(kind: str) -> list[Consumer]:
    """Return the consumers that want events of this kind."""
    return [consumer for consumer in all_consumers() if kind in consumer.kinds]
