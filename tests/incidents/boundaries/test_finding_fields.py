import pytest

from core.errors import InvalidInput
from incidents.boundary_fields import FieldChoice, fields_find


@pytest.mark.parametrize(
    ("available", "level", "expected"),
    [
        (
            ["ADM1_EN", "ADM1_AR", "ADM1_PCODE", "ADM0_EN", "ADM0_PCODE", "date"],
            1,
            FieldChoice("ADM1_PCODE", "ADM0_PCODE", {"en": "ADM1_EN", "ar": "ADM1_AR"}),
        ),
        (
            ["NAME_EN", "NAM_EN_REF", "NAME_AR", "PCODE", "ADM1_EN", "ADM1_PCODE", "ADM0_PCODE"],
            2,
            FieldChoice("PCODE", "ADM1_PCODE", {"en": "NAME_EN", "ar": "NAME_AR"}),
        ),
        (
            ["admin2Name_en", "admin2Name_ar", "admin2Pcode", "admin1Pcode", "admin1Name_en"],
            2,
            FieldChoice(
                "admin2Pcode", "admin1Pcode", {"en": "admin2Name_en", "ar": "admin2Name_ar"}
            ),
        ),
        (
            ["adm3_name", "adm3_pcode", "adm2_name", "adm2_pcode"],
            3,
            FieldChoice("adm3_pcode", "adm2_pcode", {"en": "adm3_name"}),
        ),
        (["pcode", "name_en", "country"], 0, FieldChoice("pcode", "", {"en": "name_en"})),
    ],
)
def test_the_conventions_of_ocha_are_recognised(available, level, expected):
    assert fields_find(available, level, FieldChoice()) == expected


def test_fields_that_were_named_are_taken_before_those_found():
    choice = FieldChoice("code", "up", {"ku": "nav"})

    assert fields_find(["code", "up", "nav", "PCODE", "NAME_EN"], 1, choice) == choice


@pytest.mark.parametrize(
    ("available", "choice", "message"),
    [
        (["a", "b"], FieldChoice(), "No field of P-codes was found"),
        (["PCODE", "b"], FieldChoice(), "No field of names was found"),
        (["PCODE", "NAME_EN"], FieldChoice(pcode="CODE"), "The file has no field CODE."),
        (["PCODE", "NAME_EN"], FieldChoice(names={"ar": "X"}), "The file has no field X."),
    ],
)
def test_a_missing_field_is_refused_with_the_list_of_those_there_are(available, choice, message):
    with pytest.raises(InvalidInput) as refusal:
        fields_find(available, 1, choice)

    assert message in str(refusal.value)
    assert f"Its fields are: {', '.join(available)}." in str(refusal.value)
