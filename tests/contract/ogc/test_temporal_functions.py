"""CQL2, Temporal Functions: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.test_advanced_comparison_operators import of_type

INSTANT = "TIMESTAMP('2014-06-10T00:00:00Z')"
YEAR = "INTERVAL('2014-01-01T00:00:00Z','2014-12-31T23:59:59Z')"
OF_INSTANTS = ["T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS"]
OF_INTERVALS = [
    *("T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS", "T_METBY"),
    *("T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"),
]


def test_conf_temporal_functions_1(ask, feed):
    for collection, name, _type in of_type(ask, "timestamp", "interval"):
        for function in OF_INSTANTS:
            for value in (INSTANT, YEAR, "DATE('2014-06-10')", "INTERVAL('2014-01-01','..')"):
                ask.filtered(collection, f"{function}({name},{value})")


def test_conf_temporal_functions_2(ask, feed):
    for collection in ask.collections():
        if "time_end" not in ask.queryables(collection):
            continue
        for function in (*OF_INSTANTS, *OF_INTERVALS):
            for value in (
                YEAR,
                "INTERVAL('2014-01-01','2014-12-31')",
                "INTERVAL('..','2014-12-31')",
            ):
                text = f"{function}(INTERVAL(time_start,time_end),{value})"
                assert ask.filtered(collection, text) == ask.filtered(
                    collection, f"{function}(datetime,{value})"
                )


TEST_DATA = [
    ("t_after(time_start,date('2014-06-05'))", {"mosul", "suva", "nowhere"}),
    ("t_before(time_end,date('2014-06-02'))", {"fallujah", "aleppo"}),
    ("t_disjoint(time_start,date('2014-06-10'))", {"fallujah", "aleppo", "suva", "nowhere"}),
    ("t_equals(time_start,timestamp('2014-06-10T00:00:00Z'))", {"mosul"}),
    ("t_intersects(time_start,interval('2014-06-01','2014-06-30'))", {"mosul", "aleppo"}),
    ("t_after(interval(time_start,time_end),interval('..','2014-06-05'))",
     {"mosul", "suva", "nowhere"}),
    ("t_before(interval(time_start,time_end),interval('2014-06-02','..'))",
     {"fallujah", "aleppo"}),
    ("t_equals(interval(time_start,time_end),date('2014-06-10'))", {"mosul"}),
    ("t_intersects(interval(time_start,'..'),date('2014-06-05'))", {"fallujah", "aleppo"}),
    ("t_intersects(interval('..',time_end),date('2014-12-31'))", {"suva", "nowhere"}),
    ("t_contains(interval(time_start,time_end),date('2014-05-11'))", {"fallujah"}),
    ("t_during(datetime,interval('2014-05-30','2014-06-12'))", {"mosul", "aleppo"}),
    ("t_finishes(datetime,interval('2014-05-01','2014-06-10'))", {"mosul"}),
    ("t_finishedby(datetime,date('2014-05-31'))", {"fallujah"}),
    ("t_meets(datetime,timestamp('2014-06-10T23:59:59.999999Z'))", {"mosul"}),
    ("t_metby(datetime,timestamp('2014-06-01T00:00:00Z'))", {"aleppo"}),
    ("t_overlaps(datetime,interval('2014-05-20','2014-06-20'))", {"fallujah"}),
    ("t_overlappedby(datetime,interval('2014-04-20','2014-05-20'))", {"fallujah"}),
    ("t_startedby(datetime,date('2014-05-01'))", {"fallujah"}),
    ("t_starts(datetime,interval('2014-06-01','2014-06-30'))", {"aleppo"}),
    ("NOT t_after(datetime,date('2014-06-05')) AND t_during(datetime,interval('2014-05-30','..'))",
     {"aleppo"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEST_DATA)
def test_conf_temporal_functions_test_data_and_logical(found, text, expected):
    assert found(text) == expected


def test_an_interval_of_properties_has_the_type_of_its_ends(ask, feed):
    for wrong in ("killed_min,time_end", "time_start,weapon", "datetime,time_end", "nothing,'..'"):
        ask.refused_filter("incidents", f"T_AFTER(INTERVAL({wrong}),DATE('2014-06-05'))")
    ends_first = "T_INTERSECTS(INTERVAL(time_end,time_start),DATE('2014-05-11'))"
    assert ask.filtered("incidents", ends_first) == set()
    assert ask.filtered("incidents", "INTERVAL(time_start,time_end) IS NULL") == set()
