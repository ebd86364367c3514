"""GeoJSON and JSON lines."""

import json
import tracemalloc

import pytest

from core.errors import InvalidInput
from incidents.vocab import TableFormat


def feature(properties, geometry=None):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(longitude, latitude):
    return {"type": "Point", "coordinates": [longitude, latitude]}


def collection(*features, **options):
    return json.dumps({"type": "FeatureCollection", "features": features}, **options)


@pytest.mark.parametrize("indent", [None, 1])
def test_properties_are_cells_and_a_point_fills_the_coordinates(table_of, indent):
    table = table_of(
        collection(
            feature({"a": 1, "b": None, "c": 2.5}, point(43.5, 34)),
            feature({"d": ["x"], "e": True, "longitude": ""}, point(1.25, -2)),
            indent=indent,
        )
    )
    assert table.format == TableFormat.GEOJSON
    assert table.headers == ["a", "b", "c", "longitude", "latitude", "d", "e"]
    assert [row.cells for row in table.rows()] == [
        {"a": "1", "b": "", "c": "2.5", "longitude": "43.5", "latitude": "34"},
        {"d": '["x"]', "e": "yes", "longitude": "1.25", "latitude": "-2"},
    ]
    assert [row.number for row in table.rows(1)] == [2]


@pytest.mark.parametrize(
    ("bad", "field", "code"),
    [
        (
            feature({"a": 1}, {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
            "geometry",
            "geometry",
        ),
        (feature({"a": 1}, {"type": "Point", "coordinates": [1]}), "geometry", "geometry"),
        (feature({"longitude": 3}, point(43.5, 34)), "longitude", "geometry"),
        (feature({"a": "x" * 20_001}), "a", "too_long"),
        (feature({"a": "=1+1"}), "a", "formula"),
        (feature([1]), "row", "not_feature"),
        (7, "row", "not_feature"),
    ],
)
def test_a_bad_feature_is_refused_and_its_neighbours_are_read(table_of, bad, field, code):
    table = table_of(collection(feature({"a": 1}), bad, feature({"a": 2})))
    rows = list(table.rows())
    assert [(r.error.field, r.error.code, r.error.row) for r in rows if r.error] == [
        (field, code, 2)
    ]
    assert [row.cells["a"] for row in rows if not row.error] == ["1", "2"]


@pytest.mark.parametrize(
    "content",
    [
        collection(),
        collection(feature({"a": 1}))[:-20],
        collection(feature({"a": "x" * 9_000_000})),
        '{"type": "FeatureCollection", "features": [' + "[" * 100_000,
    ],
    ids=["empty", "broken off", "one without end", "nested without end"],
)
def test_a_collection_that_cannot_be_read_is_refused(table_of, content):
    with pytest.raises(InvalidInput):
        list(table_of(content).rows())


def test_memory_stays_flat_over_many_features(table_of):
    table = table_of(collection(*[feature({"a": "x" * 1_000})] * 10_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in table.rows()) == 10_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_each_line_is_an_object(table_of):
    table = table_of('{"a": 1}\n\n{"b": {"c": "قصف"}}')
    assert table.format == TableFormat.JSON_LINES
    assert [(row.number, row.cells) for row in table.rows()] == [
        (1, {"a": 1}),
        (3, {"b": {"c": "قصف"}}),
    ]
    assert [row.number for row in table.rows(1)] == [3]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"a": ', "not_json"),
        ("[1]", "not_json"),
        ('{"a": 1, "a": 2}', "not_json"),
        ('{"a": NaN}', "not_json"),
        ('{"a": "' + "x" * 5_000_000 + '"}', "too_long"),
    ],
    ids=lambda value: value[:12],
)
def test_a_bad_line_is_refused_and_its_neighbours_are_read(table_of, line, code):
    table = table_of(f'{{"a": 1}}\n{line}\n{{"a": 2}}\n')
    rows = list(table.rows())
    assert [(row.number, row.error.code) for row in rows if row.error] == [(2, code)]
    assert [row.cells["a"] for row in rows if not row.error] == [1, 2]
