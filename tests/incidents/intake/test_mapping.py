"""Which header is which column."""

import pytest

from incidents.intake.mapping import mapping_suggest
from incidents.intake.presets import PRESETS

TEMPLATE = PRESETS["harmwatch"]


@pytest.mark.parametrize(
    ("header", "tag", "column"),
    [
        ("latitude", "", "latitude"),
        ("Date Start", "", "date_start"),
        ("DATE-START ", "", "date_start"),
        ("lat", "", "latitude"),
        ("خط العرض", "", "latitude"),
        ("الوصف", "", "description"),
        ("whatever", "#geo+lat", "latitude"),
        ("whatever", "#geo +lat +num", "latitude"),
        ("whatever", "#date+start", "date_start"),
        ("deaths", "#affected+killed", "killed_best"),
        ("deaths of civilians", "#affected+civilian+killed", "civilian_killed_best"),
    ],
)
def test_a_header_is_found(header, tag, column):
    assert mapping_suggest([header], {header: tag}, TEMPLATE).mapping == {column: header}


@pytest.mark.parametrize(("header", "tag"), [("foo", ""), ("foo", "#affected+killed+children")])
def test_what_is_not_known_is_left_to_the_sender(header, tag):
    found = mapping_suggest([header], {header: tag}, TEMPLATE)
    assert (found.mapping, found.unknown) == ({}, [header])


def test_an_exact_name_goes_before_a_likeness():
    found = mapping_suggest(["lat", "Latitude", "latitude"], {}, TEMPLATE)
    assert found.mapping == {"latitude": "latitude"}
    assert found.unknown == ["lat", "Latitude"]


def test_missing_columns_are_named():
    found = mapping_suggest(["date_start", "licence"], {}, TEMPLATE)
    assert found.missing == [
        *("location_precision", "source_1_kind", "consent_basis", "consent_store")
    ]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_no_two_columns_of_a_preset_claim_one_header(preset):
    names = [column.name for column in preset.columns]
    found = mapping_suggest(names, {}, preset)
    assert found.mapping == {name: name for name in names}
    for column in preset.columns:
        for synonym in column.synonyms:
            assert mapping_suggest([synonym], {}, preset).mapping == {column.name: synonym}
