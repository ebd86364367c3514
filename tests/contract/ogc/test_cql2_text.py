"""CQL2 Text: the predicates are tried as text in the files of their classes."""

import cql2
import pytest

from feed.cql2 import Language, filter_read


def test_conf_cql2_text_validate(ask, db):
    """All classes are tried in both languages by ``Asking.filtered``."""
    declared = ask.document("conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in declared


@pytest.mark.parametrize(
    ("literal", "meant"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'\a\b\t\n\v\f\r'", "\a\b\t\n\v\f\r"),
        (r"'\' OR \'x'", "' OR 'x"),
        (r"'100\%'", r"100\%"),
        (r"'\\n'", r"\\n"),
        ("''", ""),
        ("'''\n'", "'\n"),
    ],
)
def test_conf_cql2_text_escaping(literal, meant):
    tree = filter_read(f"grade = {literal} AND weapon = 'x'", Language.TEXT)
    assert tree["args"][0]["args"][1] == meant
    assert tree["args"][1]["args"][1] == "x"


@pytest.mark.parametrize("text", [r"grade = 'x\'", "grade = 'x", "grade = '" + r"\'" * 3_900])
def test_a_text_that_is_left_open_is_refused(ask, db, text):
    ask.refused_filter("incidents", text)


def test_the_languages_mean_the_same(found):
    text = "(grade = 'weak' OR killed_best > 3) AND NOT T_AFTER(datetime, DATE('2014-12-01'))"
    assert cql2.parse_text(text).to_json()["op"] == "and"
    assert found(text) == {"mosul", "aleppo"}
