"""A file's mistakes are told in the language in which it was sent, whichever the worker speaks."""

import re

import pytest
from django.utils.translation import get_language, override

from incidents.selectors.imports import rejected_errors
from tests.factories import make_actor
from tests.incidents.imports.files import ALL_OR_NOTHING, carry_out, start, table

ARABIC = re.compile(r"[\u0621-\u064a]")
BAD = {"latitude": "95"}


@pytest.fixture
def actor(db):
    return make_actor()


@pytest.mark.parametrize("asked", [{}, {"mode": ALL_OR_NOTHING}, {"dry_run": True}])
def test_reasons_are_arabic_for_who_sent_it_in_arabic(actor, asked):
    with override("ar"):
        run = start(actor, table({}, BAD), **asked)
    before = get_language()
    ((_, (error,)),) = rejected_errors(carry_out(run))
    assert ARABIC.search(error.message)
    assert get_language() == before == "en"


def test_reasons_are_english_for_others(actor):
    run = start(actor, table(BAD))
    with override("ar"):  # as a worker that speaks it
        ((_, (error,)),) = rejected_errors(carry_out(run))
    assert not ARABIC.search(error.message)


def test_why_a_file_broke_off_is_told_in_arabic(actor):
    with override("ar"):
        run = start(actor, table({}, {"source_headline": "\x00" * 3}) + b'2,"open')
    ended = carry_out(run)
    told = [error.message for _, errors in rejected_errors(ended) for error in errors]
    told += filter(None, [ended.error])
    assert told
    assert all(ARABIC.search(text) for text in told)
