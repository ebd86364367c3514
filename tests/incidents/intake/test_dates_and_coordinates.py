"""What people write into cells for days, places and numbers."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.intake.coordinates import degrees_parse, looks_swapped
from incidents.intake.dates import day_parse

DAY = date(2024, 11, 8)
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    "text",
    [
        *("2024-11-08", "2024/11/8", "2024-11-08T00:00:00", "2024-11-08 00:00:00.000"),
        *("08 November 2024", "8 Nov 2024", "8-Nov-2024", "November 8, 2024", "Nov 08 2024"),
        *("٢٠٢٤-١١-٠٨", "٨ تشرين الثاني ٢٠٢٤", "8 نوفمبر 2024"),
    ],
)
def test_a_day_is_understood(text):
    assert day_parse(text) == DAY


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("25/11/2024", "", date(2024, 11, 25)),
        ("11/25/2024", "", date(2024, 11, 25)),
        ("8.8.2024", "", date(2024, 8, 8)),
        ("08/11/2024", "dmy", DAY),
        ("11/08/2024", "mdy", DAY),
    ],
)
def test_numbers_are_a_day_where_only_one_is_possible_or_the_order_is_said(text, order, day):
    assert day_parse(text, order) == day


@pytest.mark.parametrize(
    "text",
    [
        *("08/11/2024", "8.11.2024", "08/11/24", "2024-11-31", "31 November 2024", "2024-13-01"),
        *("November 2024", "2024", "yesterday", "", "45604", "8 Foo 2024", "2024-11-08T14:30:00"),
        *("25/11/0000", "8 Ma 2024"),
    ],
)
def test_what_could_be_two_days_or_none_is_refused(text):
    with pytest.raises(ValueError, match=r"“|date"):
        day_parse(text)


def test_what_could_be_two_days_is_said_to_be_so():
    with pytest.raises(ValueError, match="two dates"):
        day_parse("08/11/2024")


@example(date(6, 1, 16), "%Y-%m-%d")
@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y"]))
def test_every_day_survives_being_written(day, style):
    # Before it is written: "6" stands in "0006-01-16" twice.
    text = day.strftime(style.replace("%Y", f"{day.year:04}"))
    assert day_parse(text) == day
    assert day_parse(text.translate(_ARABIC_INDIC)) == day


@given(st.dates())
def test_numbers_never_give_another_day(day):
    text = f"{day.day:02}/{day.month:02}/{day.year:04}"
    assert day_parse(text, "dmy") == day
    try:
        assert day_parse(text) == day
    except ValueError:
        assert day.day <= 12


@given(st.text())
def test_any_text_is_a_day_or_refused(text):
    with suppress(ValueError):
        assert isinstance(day_parse(text), date)


@pytest.mark.parametrize(
    ("text", "hemispheres", "degrees"),
    [
        ("34.4667", "NS", 34.4667),
        ("-34", "NS", -34),
        ("34,4667", "NS", 34.4667),
        ("٣٤٫٤٦٦٧", "NS", 34.4667),
        ("34°28'N", "NS", 34 + 28 / 60),
        ("34° 28′ 12″ S", "NS", -(34 + 28 / 60 + 12 / 3600)),
        ("43.5° w", "EW", -43.5),
    ],
)
def test_degrees_are_understood(text, hemispheres, degrees):
    assert degrees_parse(text, hemispheres) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["", "north", "nan", "inf", "34.4667.1", "34°28'E", "34°61'N", "1e1", "34,466,7", "1_0"]
)
def test_what_is_no_latitude_is_refused(text):
    with pytest.raises(ValueError, match="degrees"):
        degrees_parse(text, "NS")


@given(st.floats(-180, 180))
def test_degrees_survive_being_written(degrees):
    text = f"{degrees:.10f}"
    assert degrees_parse(text, "EW") == float(text)
    assert degrees_parse(text.replace(".", ","), "EW") == float(text)


@pytest.mark.parametrize(
    ("longitude", "latitude", "country", "swapped"),
    [
        (43.1, 36.3, "IQ", False),
        (36.3, 43.1, "IQ", True),
        (34.4, 31.4, "PS", False),
        (31.4, 34.4, "PS", True),
        (31.4, 34.4, None, False),
        (31.4, 134.4, None, True),
        (100.0, 134.4, None, False),
        (-150.0, 65.0, "US", False),
        (0.0, 0.0, "IQ", False),
        (36.3, 43.1, "ZZ", False),
    ],
)
def test_swapped_coordinates_are_noticed(longitude, latitude, country, swapped):
    assert looks_swapped(longitude, latitude, country) is swapped
