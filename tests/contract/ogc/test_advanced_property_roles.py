"""Part 5, Advanced property roles: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.test_schemas import schemas  # noqa: F401 - a fixture

INTERVAL = {"primary-interval-start": "time_start", "primary-interval-end": "time_end"}


@pytest.fixture
def roles(schemas):  # noqa: F811 - a fixture
    """Return for each collection which property has which role; each role once at most."""
    found = {}
    for name, schema in schemas.items():
        pairs = [(one.get("x-ogc-role"), key) for key, one in schema["properties"].items()]
        given = [(role, key) for role, key in pairs if role]
        assert len(dict(given)) == len(given)
        found[name] = dict(given)
    return found


def test_conf_advanced_property_roles_role_primary_geometry(schemas, roles):  # noqa: F811
    for name, schema in schemas.items():
        place = schema["properties"][roles[name]["primary-geometry"]]
        assert not {"type", "$ref"} & place.keys()
    formats = {name: one["properties"]["geometry"]["format"] for name, one in schemas.items()}
    assert formats == {
        "incidents": "geometry-point",
        "context-events": "geometry-point",
        "exposure": "geometry-point",
        "risk-cells": "geometry-polygon",
        "admin-units": "geometry-multipolygon",
    }


def test_conf_advanced_property_roles_role_primary_temporal(schemas, roles):  # noqa: F811
    for name, found in roles.items():
        times = {role: key for role, key in found.items() if role not in ("id", "primary-geometry")}
        instant = {"primary-instant": "origin"}
        assert times == {"risk-cells": instant, "admin-units": {}}.get(name, INTERVAL)
        formats = {schemas[name]["properties"][key]["format"] for key in times.values()}
        assert len(formats) == (1 if times else 0)
        assert formats <= {"date", "date-time"}


def test_conf_advanced_property_roles_role_type(roles):
    """No property is the type of a feature: each collection is of one."""
    assert not any("type" in found for found in roles.values())
