"""Which format ``Accept`` asks for, where ``f`` says nothing."""

import pytest

from feed.sealing import seal
from tests.feed.making import ITEMS, entry

CSV, GEOJSON = "text/csv; charset=utf-8", "application/geo+json"


@pytest.fixture(autouse=True)
def fresh(db):
    entry()
    seal()


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/csv; charset=utf-8", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.1, application/geo+json", GEOJSON),
        ("text/csv;q=0.1, application/json;q=0.2", GEOJSON),
        ("text/csv;q=0.9, application/geo+json;q=0.2", CSV),
        ("application/geo+json;q=0.2, text/csv", CSV),
        ("text/csv, */*;q=0.1", CSV),
        ("text/csv;q=0.5, */*", GEOJSON),
        ("text/csv;q=0", GEOJSON),
        ("text/csv;q=0, application/vnd.apache.parquet;q=0.1", "application/vnd.apache.parquet"),
        ("application/geo+json-seq, text/csv;q=0.9", "application/geo+json-seq"),
        ("application/*, text/csv;q=0.9", GEOJSON),
        ("image/png", GEOJSON),
        ("", GEOJSON),
        ("*/*", GEOJSON),
        (",;;,/,csv;q=x,=,", GEOJSON),
        ("text/csv;q=nan", CSV),
    ],
)
def test_what_is_liked_best_is_served(public, accept, type_):
    answer = public.get(ITEMS, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, type_)


@pytest.mark.parametrize("accept", ["text/csv;x*=none''y", "text/html;x*=none''y"])
def test_a_parameter_in_no_known_character_set_is_no_fault_of_the_server(public, accept):
    assert public.get(ITEMS, HTTP_ACCEPT=accept)["Content-Type"] == GEOJSON


def test_what_f_names_goes_before_what_is_accepted(public):
    assert public.get(ITEMS, {"f": "json"}, HTTP_ACCEPT="text/csv")["Content-Type"] == GEOJSON
    assert public.get(ITEMS, {"f": "csv"}, HTTP_ACCEPT=GEOJSON)["Content-Type"] == CSV
