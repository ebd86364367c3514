"""OCHA's real shapefiles of Syria, where the shared test data is beside the checkout."""

import shutil
import struct

import pytest
from django.core.management import call_command

from core.errors import InvalidInput
from incidents.boundary_fields import FieldChoice
from incidents.boundary_files import boundary_file_read
from incidents.models.boundaries import BoundaryUnit
from incidents.selectors.boundaries import units_at

ALEPPO, MEDITERRANEAN = (37.16, 36.2), (35.0, 35.0)


@pytest.fixture
def syria(db, shared_data):
    for level in range(4):
        path = shared_data(f"syria_admin/syr_admin{level}.shp")
        call_command("import_boundaries", path, "--release=syr", f"--level={level}", "--country=SY")
    call_command("activate_boundaries", "syr")


def test_every_unit_is_there_under_its_parent_and_found_by_a_point(syria):
    for level, count in enumerate([1, 14, 62, 272]):
        units = BoundaryUnit.objects.filter(level=level)
        parents = BoundaryUnit.objects.filter(level=level - 1).values("pcode")
        area = sum(units.values_list("area_km2", flat=True))
        assert units.count() == count
        assert area == pytest.approx(188_218, rel=0.001)
        assert units.exclude(parent_pcode__in=parents).count() == (0 if level else 1)

    units = units_at(*ALEPPO)
    assert [unit.pcode for unit in units] == ["SY", "SY02", "SY0200", "SY020000"]
    assert units[1].names == {"en": "Aleppo", "ar": "حلب"}
    assert units_at(*MEDITERRANEAN) == []


def recode(shared_data, folder, encoding):
    """Copy the governorates, their texts encoded in another way, without a .cpg file."""
    for ending in ("shp", "shx", "prj", "dbf"):
        shutil.copy(shared_data(f"syria_admin/syr_admin1.{ending}"), folder / f"units.{ending}")
    table = bytearray((folder / "units.dbf").read_bytes())
    rows, header, width = struct.unpack("<IHH", table[4:12])
    fields = [table[at : at + 32] for at in range(32, header - 1, 32)]
    for row in range(rows):
        at = header + row * width + 1
        for field in fields:
            text = bytes(table[at : at + field[16]]).decode("utf-8", "ignore").rstrip()
            table[at : at + field[16]] = text.encode(encoding).ljust(field[16])
            at += field[16]
    (folder / "units.dbf").write_bytes(table)
    return folder / "units.shp"


def test_the_cpg_file_says_how_arabic_is_encoded(shared_data, tmp_path):
    path = recode(shared_data, tmp_path, "windows-1256")
    (tmp_path / "units.cpg").write_text("1256")

    draft = boundary_file_read(path, level=1)

    assert {"en": "Damascus", "ar": "دمشق"} in [unit.names for unit in draft.units]


def test_without_a_cpg_file_another_encoding_is_refused(shared_data, tmp_path):
    path = recode(shared_data, tmp_path, "windows-1256")

    with pytest.raises(InvalidInput, match=r"a \.cpg file beside it has to name its encoding"):
        boundary_file_read(path, level=1)


def test_a_shapefile_without_a_reference_system_is_refused(shared_data, tmp_path):
    path = recode(shared_data, tmp_path, "utf-8")
    path.with_suffix(".prj").unlink()

    with pytest.raises(InvalidInput, match="no coordinate reference system"):
        boundary_file_read(path, level=1)


def test_a_shapefile_without_its_table_is_refused(shared_data, tmp_path):
    path = recode(shared_data, tmp_path, "utf-8")
    path.with_suffix(".dbf").unlink()

    with pytest.raises(InvalidInput, match="No field of P-codes was found"):
        boundary_file_read(path, level=1)


def test_a_geopackage_is_read(shared_data):
    path = shared_data("sao_miguel/concelhos.gpkg")

    draft = boundary_file_read(path, level=2, choice=FieldChoice("name", "", {"pt": "name"}))

    assert len(draft.units) == 6
    assert {unit.names["pt"] for unit in draft.units} >= {"Ponta Delgada"}
