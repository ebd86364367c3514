"""Vague dates are ranges with a precision, as they were said."""

import pytest

from core.errors import InvalidInput
from incidents.intake.vague_dates import occurred_parse


@pytest.mark.parametrize(
    ("typed", "occurred"),
    [
        ({"precision": "day", "first": "2014-06-10"}, ("2014-06-10", None)),
        ({"precision": "day", "first": "10 June 2014"}, ("2014-06-10", None)),
        ({"precision": "day", "first": "١٠ حزيران ٢٠١٤"}, ("2014-06-10", None)),
        (
            {"precision": "day", "first": "2014-06-10", "last": "2014-06-11"},
            ("2014-06-10", "2014-06-11"),
        ),
        (
            {"precision": "few_days", "first": "2014-06-10", "last": "2014-06-12"},
            ("2014-06-10", "2014-06-12"),
        ),
        ({"precision": "week", "first": "2014-06-09"}, ("2014-06-09", "2014-06-15")),
        ({"precision": "month", "first": "2014-02"}, ("2014-02-01", "2014-02-28")),
        ({"precision": "month", "first": "February 2016"}, ("2016-02-01", "2016-02-29")),
        ({"precision": "month", "first": "2014-02-11"}, ("2014-02-01", "2014-02-28")),
        (
            {"precision": "month", "first": "11/2014", "last": "12/2014"},
            ("2014-11-01", "2014-12-31"),
        ),
        ({"precision": "year", "first": "2014"}, ("2014-01-01", "2014-12-31")),
        (
            {"precision": "minute", "first": "2014-06-10", "clock": "14:30", "offset": "+3"},
            ("2014-06-10T14:30:00+03:00", None),
        ),
        (
            {"precision": "hour", "first": "2014-06-10", "clock": "٩:٠٠", "offset": "-03:30"},
            ("2014-06-10T09:00:00-03:30", None),
        ),
    ],
)
def test_what_was_typed_is_a_range(typed, occurred):
    read = occurred_parse(**typed)
    assert (read["start"], read.get("end")) == occurred
    assert read["precision"] == typed["precision"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"precision": "", "first": "2014-06-10"}, "precision"),
        ({"precision": "day", "first": ""}, "start"),
        ({"precision": "day", "first": "08/11/2014"}, "start"),
        ({"precision": "day", "first": "2014-06"}, "start"),
        ({"precision": "day", "first": "2014-02-30"}, "start"),
        ({"precision": "month", "first": "2014-13"}, "start"),
        ({"precision": "month", "first": "0000-01"}, "start"),
        ({"precision": "year", "first": "0000"}, "start"),
        ({"precision": "few_days", "first": "2014-06-10"}, "end"),
        ({"precision": "few_days", "first": "2014-06-10", "last": "soon"}, "end"),
        ({"precision": "minute", "first": "2014-06-10"}, "clock"),
        ({"precision": "minute", "first": "2014-06-10", "clock": "25:00", "offset": "+3"}, "clock"),
        ({"precision": "minute", "first": "2014-06-10", "clock": "14:30"}, "offset"),
        (
            {"precision": "hour", "first": "2014-06-10", "clock": "14:30", "offset": "+19"},
            "offset",
        ),
        (
            {"precision": "day", "first": "2014-06-10", "clock": "14:30", "offset": "+3"},
            "precision",
        ),
    ],
)
def test_what_is_unclear_is_refused_beside_its_field(typed, field):
    with pytest.raises(InvalidInput) as refused:
        occurred_parse(**typed)
    assert [error.field for error in refused.value.errors] == [f"occurred.{field}"]
