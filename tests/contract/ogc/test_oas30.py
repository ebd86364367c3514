"""Part 1, OpenAPI 3.0: each test bears the name of its abstract test."""

import pytest
from drf_spectacular.validation import validate_schema

PROBLEM = "application/problem+json"


@pytest.fixture
def described(ask, db):
    return ask.document("api")


def test_conf_oas30_oas_definition_1(ask, db):
    answer = ask.answer("api")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"


def test_conf_oas30_oas_definition_2(described):
    validate_schema(described)  # by the JSON Schema of OpenAPI 3.0


def test_conf_oas30_oas_impl(ask, described, feed):
    """Every path that is described is there, and answers with a type that is described."""
    values = {"collectionId": "incidents"}
    for collection, name in (("incidents", "featureId"), ("admin-units", "unit_id")):
        values[name] = ask.items(collection)[0]
    for path, operations in described["paths"].items():
        answer = ask.answer(path.format(**values)[1:])
        assert answer.status_code == 200, path
        content = operations["get"]["responses"]["200"]["content"]
        assert answer["Content-Type"] in content, path


def test_conf_oas30_completeness(described):
    """An unchanged answer, a bad request, a bad token and too many are possible everywhere."""
    for path, operations in described["paths"].items():
        assert {"200", "304", "400", "401", "429"} <= set(operations["get"]["responses"]), path
        if "{" in path:
            assert "404" in operations["get"]["responses"], path


def test_conf_oas30_exception_codes(ask, check, described, feed):
    for path, operations in described["paths"].items():
        for status, response in operations["get"]["responses"].items():
            if status.startswith("4"):
                # People are refused by a page, programs by a problem document.
                assert list(response["content"]) == [PROBLEM, "text/html"], path
    for path, given in (("collections", {"x": "1"}), ("collections/rumours", {})):
        answer = ask.answer(path, given)
        assert answer["Content-Type"] == PROBLEM
        check("exception", answer.json())
    answer = ask.answer("collections", HTTP_AUTHORIZATION="Bearer nobody's")
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    check("exception", answer.json())


def test_conf_oas30_security(described):
    """A token is told of, and that there may be none."""
    schemes = described["components"]["securitySchemes"]
    for operations in described["paths"].values():
        wanted = operations["get"]["security"]
        assert {} in wanted
        assert all(name in schemes for one in wanted for name in one)
