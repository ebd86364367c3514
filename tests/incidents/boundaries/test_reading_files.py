import json

import pytest

from core.errors import InvalidInput
from incidents.boundary_fields import FieldChoice
from incidents.boundary_files import boundary_file_read
from tests.incidents.boundaries.conftest import square, unit

HERE = square(44, 33, 45, 34)
BAGHDAD_UTM = square(440_000, 3_680_000, 450_000, 3_690_000)
EPSG_32638 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32638"}}


def test_a_unit_is_read_with_its_names_parent_and_country(boundary_file):
    path = boundary_file(unit("IQ01", HERE, name="Anbar", NAME_AR="الأنبار", ADM0_PCODE="IQ"))

    [found] = boundary_file_read(path, level=1).units

    assert (found.pcode, found.parent_pcode, found.country) == ("IQ01", "IQ", "IQ")
    assert found.names == {"en": "Anbar", "ar": "الأنبار"}
    assert found.geometry.bounds == (44, 33, 45, 34)


def test_the_country_said_on_import_counts_for_every_unit(boundary_file):
    path = boundary_file(unit("01", HERE), unit("02", square(45, 33, 46, 34)))

    draft = boundary_file_read(path, level=1, country="IQ")

    assert {found.country for found in draft.units} == {"IQ"}


def test_a_file_of_several_countries_says_each_ones_country(boundary_file):
    path = boundary_file(
        unit("X-SOMEWHERE", HERE, country="IQ"),
        unit("X-NOWHERE", square(0, 0, 1, 1), country=""),
        unit("IR01", square(50, 33, 51, 34), country="Iran"),
        unit("?", square(60, 33, 61, 34), country="Somewhere"),
    )

    draft = boundary_file_read(path, level=0)

    assert [found.country for found in draft.units] == ["IQ", "", "IR", ""]


def test_another_reference_system_is_brought_to_degrees(boundary_file):
    path = boundary_file(unit("IQ01", BAGHDAD_UTM), crs=EPSG_32638)

    [found] = boundary_file_read(path, level=1).units

    # by pyproj
    assert found.geometry.bounds == pytest.approx((44.3552, 33.2573, 44.4632, 33.3480), abs=1e-4)


def test_topojson_is_read(tmp_path):
    path = tmp_path / "units.topojson"
    properties = {"PCODE": "IQ", "NAME_EN": "Iraq"}
    shape = {"type": "Polygon", "arcs": [[0]], "properties": properties}
    objects = {"units": {"type": "GeometryCollection", "geometries": [shape]}}
    topology = {"type": "Topology", "objects": objects, "arcs": [HERE[0]]}
    path.write_text(json.dumps(topology))

    [found] = boundary_file_read(path, level=0).units

    assert found.geometry.bounds == (44, 33, 45, 34)


def test_units_that_cannot_be_taken_are_left_out_and_named(boundary_file):
    flat = [[[0, 0], [1, 1], [0, 0], [0, 0]]]
    path = boundary_file(
        unit("IQ01", HERE),
        unit("", HERE, name="Lake"),
        unit("IQ02", HERE, name=None),
        unit("IQ03", None),
        unit("IQ04", flat),
        unit("I" * 31, HERE),
    )

    draft = boundary_file_read(path, level=1)

    assert [found.pcode for found in draft.units] == ["IQ01"]
    assert draft.refused == [
        "row 2 (Lake): no P-code",
        "row 3 (IQ02): no name",
        "row 4 (IQ03): no geometry",
        f"row 6 ({'I' * 31}): a P-code longer than 30 characters",
        "row 5 (IQ04): no area",
    ]


def test_mended_shapes_are_counted(boundary_file):
    bow_tie = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]

    draft = boundary_file_read(boundary_file(unit("A", bow_tie), unit("B", HERE)), level=0)

    assert draft.mended == 1
    assert len(draft.units) == 2


def test_the_hash_depends_on_content_and_not_on_order(boundary_file):
    def digest(*features):
        return boundary_file_read(boundary_file(*features), level=0).sha256

    here, there = unit("A", HERE), unit("B", square(0, 0, 1, 1))

    assert digest(here, there) == digest(there, here)
    assert digest(here) != digest(unit("A", HERE, name="Another"))
    assert digest(here) != digest(unit("A", square(44, 33, 45, 35)))


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([unit("A", [1, 2], kind="Point")], "row 1 (A) is a Point; boundaries are polygons."),
        ([unit("A", HERE), unit("A", HERE)], "P-codes that occur more than once: A."),
        ([unit("", HERE)], "The file holds no unit that can be taken. row 1 (A place): no P-code"),
        ([unit("A", BAGHDAD_UTM)], "row 1 (A): its coordinates are not degrees."),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(boundary_file, features, message):
    with pytest.raises(InvalidInput) as refusal:
        boundary_file_read(boundary_file(*features), level=0)

    assert str(refusal.value) == message


def test_an_empty_file_is_refused(boundary_file):
    with pytest.raises(InvalidInput, match="No field of P-codes was found"):
        boundary_file_read(boundary_file(), level=0)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.geojson", None, "There is no file"),
        ("units.geojson", b"hello", "The file cannot be read"),
        ("units.geojson", b"", "The file cannot be read"),
        ("units.csv", b"PCODE,NAME_EN\nA,B\n", "The file cannot be read|CSV files are not taken"),
    ],
)
def test_what_is_no_boundary_file_is_refused(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidInput, match=message):
        boundary_file_read(path, level=0)


@pytest.mark.parametrize("level", [-1, 6])
def test_a_level_out_of_range_is_refused(boundary_file, level):
    with pytest.raises(InvalidInput, match="between 0 and 5"):
        boundary_file_read(boundary_file(unit("A", HERE)), level=level)


def test_an_unknown_country_code_is_refused(boundary_file):
    with pytest.raises(InvalidInput, match="ZZ is no ISO 3166 country code"):
        boundary_file_read(boundary_file(unit("A", HERE)), level=0, country="ZZ")


def test_a_file_with_several_layers_asks_for_one(tmp_path):
    path = tmp_path / "two.topojson"
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"PCODE": "A", "NAME_EN": "A"}}
    group = {"type": "GeometryCollection", "geometries": [shape]}
    topology = {"type": "Topology", "objects": {"one": group, "two": group}, "arcs": [HERE[0]]}
    path.write_text(json.dumps(topology))

    with pytest.raises(InvalidInput, match="--layer: one, two"):
        boundary_file_read(path, level=0)
    with pytest.raises(InvalidInput, match="There is no layer three; there are: one, two"):
        boundary_file_read(path, level=0, layer_name="three")
    assert len(boundary_file_read(path, level=0, layer_name="two").units) == 1


def test_named_fields_are_read(boundary_file):
    path = boundary_file(unit("A", HERE, code=7, nav="Bexda"))

    draft = boundary_file_read(path, level=0, choice=FieldChoice("code", "", {"ku": "nav"}))

    assert (draft.units[0].pcode, draft.units[0].names) == ("7", {"ku": "Bexda"})
