"""A place in one line is read as it was meant, or refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.intake.places import place_parse, point_parse

FALLUJAH = (43.7841, 33.3497)
latitudes = st.floats(-90, 90).map(lambda number: round(number, 6))
longitudes = st.floats(-180, 180).map(lambda number: round(number, 6))


@pytest.mark.parametrize(
    "text",
    [
        "33.3497, 43.7841",
        "33.3497 43.7841",
        "(33.3497; 43.7841)",
        "33,3497 43,7841",
        "33,3497, 43,7841",
        "43.7841E 33.3497N",
        "N 33.3497 E 43.7841",
        "33.3497° north, 43.7841° East",
        "٣٣٫٣٤٩٧، ٤٣٫٧٨٤١",
        "33.3497° شمالاً 43.7841° شرقاً",
        "33.3497 ش 43.7841 ق",
        "33°20'58.92\"N 43°47'2.76\"E",
        "33º20′58.92″ 43º47′2.76″",
        "33 20 58.92 43 47 2.76",
        "33 20.982 N, 43 47.046 E",
        "33°20'58.92''N 43°47'2.76''E",
    ],
)
def test_one_point_in_the_usual_notations(text):
    assert point_parse(text) == pytest.approx(FALLUJAH, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "95, 43",
        "33, 181",
        "33 43 12",
        "33.35-43.78",
        "33.35S 43.78N",
        "33°70'N 43°47'E",
        "33'20° 43'47°",
        "33.5°20'N 43°47'E",
        "-33.35S 43.78E",
        "33.3.3, 43",
        "1234, 55",
        "33.35",
        "1 2 3 4 5 6 7 8",
        "33.35° and 43.78°",
    ],
)
def test_what_may_be_meant_otherwise_is_refused(text):
    with pytest.raises(ValueError, match=r"not read as coordinates|off the Earth"):
        place_parse(text)


@pytest.mark.parametrize("text", ["IQ-AN-01", "IQG01Q002", "SY0101"])
def test_a_pcode_is_known_by_its_look(text):
    assert place_parse(text).pcode == text


@pytest.mark.parametrize(
    ("text", "name", "is_near"),
    [
        ("near Fallujah", "Fallujah", True),
        ("قرب الفلوجة", "الفلوجة", True),
        ("Fallujah", "Fallujah", False),
        ("Street 12, house 14", "Street 12, house 14", False),
        ("  Nearby  town ", "Nearby town", False),
    ],
)
def test_anything_else_is_a_name(text, name, is_near):
    assert place_parse(text)[3:] == (name, is_near)


@given(latitudes, longitudes)
def test_every_decimal_pair_comes_back(latitude, longitude):
    assert point_parse(f"{latitude:.6f}, {longitude:.6f}") == (longitude, latitude)


@given(latitudes, longitudes)
def test_degrees_minutes_and_seconds_come_back(latitude, longitude):
    def sexagesimal(value, letters):
        whole = round(abs(value) * 3_600_000)  # thousandths of a second
        minutes, seconds = divmod(whole, 60_000)
        letter = letters[value < 0]
        return f"{minutes // 60}°{minutes % 60}'{seconds / 1000:.3f}\"{letter}"

    text = f"{sexagesimal(longitude, 'EW')} {sexagesimal(latitude, 'NS')}"
    assert point_parse(text) == pytest.approx((longitude, latitude), abs=2e-7)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text):
    with suppress(ValueError):
        place = place_parse(text)
        assert (place.longitude is None) == (place.latitude is None)
