"""Rubbish asked is refused with its field, and nothing is kept."""

import numpy as np
import pytest

from scoring.models import ExposureQuestion
from scoring.services.layers import layer_activate
from tests.scoring.asking import PERIOD, SQUARE, ask

pytestmark = pytest.mark.django_db


def polygon(*positions):
    return {"type": "Polygon", "coordinates": [[list(one) for one in positions]]}


BOW = polygon((43, 33), (44, 34), (44, 33), (43, 34), (43, 33))
HUGE = polygon((-170, -80), (170, -80), (170, 80), (-170, 80), (-170, -80))
OPEN = polygon((43, 33), (44, 33), (44, 34), (43, 34))
FLAT = polygon((43, 33), (43, 33), (43, 33), (43, 33))
CIRCLE = {"longitude": 43.25, "latitude": 33.75, "radius_m": 3000}


@pytest.fixture(autouse=True)
def layer(import_layer):
    layer = import_layer(np.full((60, 60), 2.0))
    layer_activate(layer_id=layer.id)
    return layer


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("polygon", {}),
        ("polygon", {"polygon": BOW}),
        ("polygon", {"polygon": HUGE}),
        ("polygon", {"polygon": OPEN}),
        ("polygon", {"polygon": FLAT}),
        ("polygon", {"polygon": polygon((43, 33), (44, 33), (43, 33))}),
        ("polygon", {"polygon": polygon((179, 0), (-179, 0), (-179, 1), (179, 1), (179, 0))}),
        ("polygon", {"polygon": {"type": "Point", "coordinates": [43, 33]}}),
        ("polygon", {"polygon": {"type": "Polygon", "coordinates": []}}),
        ("polygon", {"polygon": {"type": "Polygon", "coordinates": [[]]}}),
        ("polygon", {"polygon": {"type": "Polygon", "coordinates": [["a"] * 5]}}),
        ("polygon", {"polygon": {"type": "Polygon", "coordinates": [[[True, False]] * 5]}}),
        ("polygon", {"polygon": {"type": "MultiPolygon", "coordinates": [7]}}),
        ("polygon", {"polygon": [[43, 33]]}),
        ("polygon", {"polygon": "POLYGON ((0 0, 1 0, 1 1, 0 0))"}),
        ("polygon", {"polygon": None}),
        ("polygon", {"polygon": polygon(*[(43 + i / 9e5, 33) for i in range(10_001)], (43, 34))}),
        ("circle.radius_m", {"circle": CIRCLE | {"radius_m": 0}}),
        ("circle.radius_m", {"circle": CIRCLE | {"radius_m": "3000"}}),
        ("circle.radius_m", {"circle": CIRCLE | {"radius_m": True}}),
        ("circle.radius_m", {"circle": CIRCLE | {"radius_m": 10**400}}),
        ("circle.latitude", {"circle": CIRCLE | {"latitude": 90}}),
        ("circle.longitude", {"circle": {"latitude": 3, "radius_m": 1}}),
        ("circle.colour", {"circle": CIRCLE | {"colour": "red"}}),
        ("points", {"points": []}),
        ("points", {"points": [[43.1, 33.2], [43.1, 95]]}),
        ("points", {"points": [[43.1]]}),
        ("points", {"points": "43.1,33.2"}),
        ("points", {"points": [[43.1, 33.2]] * 100_000}),
        ("period", {"points": [[43.1, 33.2]], "period": PERIOD}),
        ("period.end", {"polygon": SQUARE, "period": {"start": "2014-05-02", "end": "2014-05-01"}}),
        ("period.end", {"polygon": SQUARE, "period": {"start": "2014-05-02"}}),
        ("period.start", {"polygon": SQUARE, "period": {"start": "May", "end": "2014-05-01"}}),
        ("period", {"polygon": SQUARE, "period": "2014"}),
        ("radii_m", {"points": [[43.1, 33.2]], "radii_m": []}),
        ("radii_m", {"points": [[43.1, 33.2]], "radii_m": [1, 2, 3, 4, 5, 6]}),
        ("radii_m.0", {"points": [[43.1, 33.2]], "radii_m": [0]}),
        ("radii_m.0", {"points": [[43.1, 33.2]], "radii_m": ["1000"]}),
        ("color", {"polygon": SQUARE, "color": "red"}),
    ],
)
def test_it_is_refused_with_its_field(field, body):
    answer = ask(body)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    fields = {error["field"] for error in answer.json()["errors"]}
    assert {one.replace("[", ".").replace("]", "") for one in fields} == {field}
    assert not ExposureQuestion.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b'{"points": [[NaN, 1]]}'])
def test_what_is_no_json_object_is_refused(body):
    answer = ask(body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_bow_tie_is_told_where_it_crosses():
    (error,) = ask({"polygon": BOW}).json()["errors"]
    assert "Self-intersection" in error["message"]


def test_the_bad_point_is_named_by_its_number():
    (error,) = ask({"points": [[43.1, 33.2], [43.1, 95]]}).json()["errors"]
    assert "Point 2" in error["message"]


def test_an_unknown_layer_is_not_found():
    assert ask({"polygon": SQUARE, "layer": "123456"}).status_code == 404


def test_without_a_layer_it_is_a_conflict(layer):
    type(layer).objects.update(is_active=False)
    assert ask({"polygon": SQUARE}).status_code == 409


def test_a_missing_file_is_a_conflict(layer, layers_dir):
    (layers_dir / layer.file_name).unlink()
    answer = ask({"polygon": SQUARE})
    assert answer.status_code == 409
    assert "missing or damaged" in answer.json()["detail"]


def test_two_places_at_once_are_both_named():
    answer = ask({"polygon": SQUARE, "points": [[43, 33]]})
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"polygon", "points"}
