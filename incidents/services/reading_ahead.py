"""Making the next item while the one before is used."""

import sys
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.utils.translation import get_language, override

Item = TypeVar("Item")
_TURN_S = 0.0005


def read_ahead(items: Iterable[Item]) -> Generator[Item]:
    """Yield the items, one made ahead in a thread, in the language of this one.

    What their making raises is raised here, in its turn. It must not touch the database: the thread
    would open a connection of its own.
    """
    walk, language = iter(items), get_language()

    def following() -> list[Item]:
        with override(language):
            return list(islice(walk, 1))

    with _short_turns(), ThreadPoolExecutor(1, "reading-ahead") as pool:
        coming = pool.submit(following)
        while item := coming.result():
            coming = pool.submit(following)
            yield from item


@contextmanager
def _short_turns() -> Iterator[None]:
    """Have threads take shorter turns: who waits for the server often waits a turn to go on."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
