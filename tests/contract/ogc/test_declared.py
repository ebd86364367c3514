"""What is declared is tested: each class has a file of its own here, and no file has another."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
STANDARDS = {*(f"ogcapi-features-{part}/1.0" for part in (1, 3, 5)), "cql2/1.0"}
OTHERS = {"declared", "answers_by_schema", "gdal", "owslib", "table_clients"}


@pytest.fixture
def declared(ask, db):
    classes = [one.partition("/spec/")[2] for one in ask.document("conformance")["conformsTo"]]
    return [one.partition("/conf/")[::2] for one in classes]


def test_each_class_that_is_declared_has_its_tests(declared):
    assert {standard for standard, _class in declared} == STANDARDS
    files = {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")}
    names = {name.replace("-", "_") for _standard, name in declared}
    assert names <= files
    assert files - OTHERS <= names


def test_each_class_comes_with_those_that_it_rests_on(declared):
    names = {name for _standard, name in declared}
    assert {"core", "geojson"} <= names
    assert {"queryables", "filter", "features-filter"} <= names
    assert {"basic-cql2", "cql2-text", "cql2-json"} <= names
    assert {"schemas", "advanced-property-roles", "returnables-and-receivables"} <= names
    assert "basic-spatial-functions" in names or "spatial-functions" not in names
