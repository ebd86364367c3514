"""Calling several functions at one moment, each in a thread and on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from core.errors import DomainError


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Return what became of each call: "done", or the slug of its refusal."""
    start = Barrier(len(calls))

    def done(call: Callable[[], object]) -> str:
        try:
            start.wait()
            call()
            return "done"
        except DomainError as exc:
            return exc.slug
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(done, calls))
