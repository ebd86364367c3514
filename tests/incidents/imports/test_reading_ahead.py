"""The next item is made in a thread while the one before is used; nothing else changes."""

import threading

import pytest
from django.utils import translation

from incidents.services.reading_ahead import read_ahead


def test_items_come_in_their_order():
    assert list(read_ahead(iter(range(5)))) == [0, 1, 2, 3, 4]
    assert list(read_ahead([])) == []


def test_they_are_made_in_another_thread_and_in_the_language_of_this_one():
    def made():
        yield threading.get_ident(), translation.get_language()

    with translation.override("ar"):
        ((thread, language),) = read_ahead(made())
    assert (thread != threading.get_ident(), language) == (True, "ar")


def test_what_goes_wrong_is_raised_after_the_items_before_it():
    def made():
        yield 1
        raise ValueError("the second")

    items = read_ahead(made())
    assert next(items) == 1
    with pytest.raises(ValueError, match="the second"):
        next(items)


def test_who_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    items = read_ahead(iter(range(100)))
    next(items)
    items.close()
    assert threading.active_count() == before
