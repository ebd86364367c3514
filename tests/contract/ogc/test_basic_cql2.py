"""CQL2, Basic CQL2: each test bears the name of its abstract test; all as text and as JSON."""

import itertools

import pytest

from tests.contract.ogc.asking import VALUES, type_of


def test_conf_basic_cql2_basic_test(ask, db):
    for collection in ask.collections():
        types = {type_of(schema) for schema in ask.queryables(collection).values()}
        assert types <= {*VALUES, "array", "interval", "geometry"}
        assert types & VALUES.keys()


def test_conf_basic_cql2_comparison(ask, feed):
    for collection in ask.collections():
        for name, schema in ask.queryables(collection).items():
            if (value := VALUES.get(type_of(schema))) is None:
                continue
            found = {
                sign: ask.filtered(collection, f"{name} {sign} {value}")
                for sign in ("=", "<>", ">", "<", ">=", "<=")
            }
            for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
                assert not found[one] & found[other], (name, one)


def test_conf_basic_cql2_is_null(ask, feed):
    for collection in ask.collections():
        for name in ask.queryables(collection):
            unknown = ask.filtered(collection, f"{name} IS NULL")
            assert not unknown & ask.filtered(collection, f'"{name}" is not null')


def test_conf_basic_cql2_boolean(ask, feed):
    for collection in ask.collections():
        assert ask.filtered(collection, "true") == set(ask.items(collection))
        assert ask.filtered(collection, "false") == set()


TEST_DATA = [
    ("weapon = 'barrel_bomb'", {"mosul", "aleppo"}),
    ("weapon >= 'barrel_bomb'", {"mosul", "aleppo", "suva", "nowhere"}),
    ("weapon > 'barrel_bomb'", {"suva", "nowhere"}),
    ("weapon <= 'barrel_bomb'", {"mosul", "aleppo", "fallujah"}),
    ("weapon < 'barrel_bomb'", {"fallujah"}),
    ("weapon <> 'barrel_bomb'", {"fallujah", "suva", "nowhere"}),
    ("uncertainty_m IS NULL", {"fallujah", "aleppo", "suva", "nowhere"}),
    ("killed_best = 5", {"mosul"}),
    ("killed_best >= 5", {"mosul", "aleppo"}),
    ("killed_best > 5", {"aleppo"}),
    ("killed_best <= 5", {"mosul", "fallujah"}),
    ("killed_best < 5", {"fallujah"}),
    ("killed_best <> 5", {"fallujah", "aleppo"}),
    ("killed_best IS NOT NULL", {"mosul", "fallujah", "aleppo"}),
    ("\"time_start\" = DATE('2014-06-01')", {"aleppo"}),
    ("time_start >= DATE('2014-06-10')", {"mosul", "suva", "nowhere"}),
    ("time_start > TIMESTAMP('2014-06-10T00:00:00Z')", {"suva", "nowhere"}),
    ("time_start <= TIMESTAMP('2014-06-01T03:00:00+03:00')", {"fallujah", "aleppo"}),
    ("time_start < TIMESTAMP('2014-06-01T00:00:00Z')", {"fallujah"}),
    ("time_start <> DATE('2014-06-01')", {"mosul", "fallujah", "suva", "nowhere"}),
    ("geometry IS NULL", {"nowhere"}),
]


@pytest.mark.parametrize(("text", "expected"), TEST_DATA)
def test_conf_basic_cql2_test_data(found, text, expected):
    assert found(text) == expected


def test_conf_basic_cql2_logical(found):
    """Three-valued, as the standard has it: what is not known is neither found nor found by NOT."""
    predicates = dict(TEST_DATA[::3])
    everything = found("true")
    absent = {text: everything - yes - found(f"NOT ({text})") for text, yes in predicates.items()}
    four = itertools.islice(itertools.permutations(predicates, 4), 0, None, 173)
    for one, two, three, four_ in itertools.islice(four, 10):
        text = f"(NOT ({two}) AND {one}) OR ({three} and {four_}) or not ({one} OR {four_})"
        expected = {
            name
            for name in everything
            if _combined(
                *(
                    None if name in absent[p] else name in predicates[p]
                    for p in (one, two, three, four_)
                )
            )
        }
        assert found(text) == expected, text


def _combined(one, two, three, four):
    return _any(
        _all(_not(two), one),
        _all(three, four),
        _not(_any(one, four)),
    )


def _not(value):
    return None if value is None else not value


def _all(*values):
    return False if False in values else None if None in values else True


def _any(*values):
    return True if True in values else None if None in values else False
