"""Risk cells chosen by their class and figures."""

import json

import pytest

from feed.cql2.queryables import queryables_of
from feed.models import Audience, Change, Kind, LogEntry
from feed.risk_writing import object_id_of
from feed.sealing import seal
from tests.feed.making import entry

COLLECTION = "/ogc/collections/risk-cells"
CALM, GRAVE, NONE = "862c1c6dfffffff", "862c1c6d7ffffff", "862c1c6c7ffffff"


def cell(name, people, risk_class, **columns):
    """Write a published cell whose figures for 30 days, floor fair, are given."""
    figures = [
        {"horizon_days": days, "evidence_floor": floor, "people": (people or 0) * days / 30}
        for floor in ("all", "fair")
        for days in (90, 30)
    ]
    figures[3]["people"] = people
    properties = {
        "cell": name,
        "residents": 1000.0,
        "risk_class": {"all": 0, "fair": risk_class},
        "figures": figures,
        "version": 1,
    }
    feature = {"type": "Feature", "id": name, "geometry": None, "properties": properties}
    return LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=Kind.RISK_CELL,
        object_id=object_id_of(name),
        object_version=1,
        change=Change.CREATED,
        feature=json.dumps(feature),
    )


@pytest.fixture(autouse=True)
def cells(db):
    cell(CALM, 12.0, 2)
    cell(GRAVE, 3400.0, 9)
    cell(NONE, None, None)
    seal()


def found(public, **query):
    answer = public.get(f"{COLLECTION}/items", query)
    assert answer.status_code == 200, answer.content
    return {feature["properties"]["cell"] for feature in answer.json()["features"]}


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("people_30d_fair > 100", {GRAVE}),
        ("people_30d_fair BETWEEN 10 AND 20", {CALM}),
        ("people_90d_fair >= 10000", {GRAVE}),
        ("people_30d_fair IS NULL", {NONE}),
        ("people_30d_confirmed IS NULL", {CALM, GRAVE, NONE}),
        ("risk_class_fair >= 2", {CALM, GRAVE}),
        ("risk_class_fair = 9 OR cell = '862c1c6dfffffff'", {CALM, GRAVE}),
        ("risk_class_all > 0", set()),
        ("residents = 1000", {CALM, GRAVE, NONE}),
    ],
)
def test_cells_are_chosen_by_class_and_figures(public, filter_, expected):
    assert found(public, filter=filter_) == expected


def test_they_are_parameters_too(public):
    assert found(public, risk_class_fair="9") == {GRAVE}
    assert found(public, cell=CALM) == {CALM}


def test_one_that_was_taken_back_breaks_no_filter(public):
    LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=Kind.RISK_CELL,
        object_id=object_id_of(GRAVE),
        object_version=2,
        change=Change.WITHDRAWN,
    )
    seal()
    assert found(public, filter="people_30d_fair > 0") == {CALM}
    assert found(public, filter="people_30d_fair > 0", as_of="3") == {CALM, GRAVE}


@pytest.mark.parametrize(
    "filter_", ["people_30d_fair = 'many'", "people_31d_fair > 1", "weapon = 'x'"]
)
def test_what_is_none_of_them_is_refused(public, filter_):
    answer = public.get(f"{COLLECTION}/items", {"filter": filter_})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "filter"


def test_every_one_of_them_is_described_and_runs(public):
    described = public.get(f"{COLLECTION}/queryables").json()["properties"]
    numbers = [one for one in queryables_of(Kind.RISK_CELL).values() if one.schema.get("title")]
    assert {one.name for one in numbers} <= set(described)
    assert described["risk_class_fair"]["type"] == "integer"
    conditions = " OR ".join(f"{n} >= 0" for n in described if n.endswith(("_fair", "_all")))
    assert found(public, filter=conditions) == {CALM, GRAVE, NONE}


def test_an_export_holds_these_and_nothing_else(public):
    entry()
    seal()
    answer = public.get("/api/v1/exports/risk-cells.geojson")
    document = json.loads(b"".join(answer.streaming_content))
    shown = {feature["properties"]["cell"] for feature in document["features"]}
    assert shown == {CALM, GRAVE, NONE}
    assert len(document["features"]) == 3
