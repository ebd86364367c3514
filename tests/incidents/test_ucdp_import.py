"""The UCDP Georeferenced Event Dataset, as HDX serves it."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.intake.presets import ucdp_ged
from incidents.intake.tables import table_open
from incidents.models import Claim, Incident, Report
from incidents.vocab import CivilianStatus
from tests.factories import make_member
from tests.incidents.imports.files import ROW

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ucdp_ged_iraq_hxl.csv"


@pytest.fixture
def imported(db, tmp_path):
    """Write rows with their HXL row, import them, and return what was said."""
    member = make_member()

    def do(*changes):
        file = tmp_path / "ged.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, ROW)
            writer.writeheader()
            writer.writerow({"id": "", "best": "#affected+killed", "iso3": "#country+code"})
            for number, change in enumerate(changes, start=1):
                writer.writerow(ROW | {"id": str(number)} | change)
        said, refused = StringIO(), StringIO()
        call_command(
            "import_reports",
            file,
            "--preset=ucdp-ged",
            f"--as={member.user.email}",
            stdout=said,
            stderr=refused,
        )
        return said.getvalue(), refused.getvalue()

    return do


def test_a_row_is_a_report_of_ucdp_relaying_its_articles(imported):
    imported({})
    report = Report.objects.get()
    assert (report.licence, report.may_republish) == ("CC-BY-4.0", True)
    assert (report.location_precision, report.uncertainty_m) == ("within_1km", 1000)
    assert report.time_precision == "few_days"
    relays = {s.ref: [r.ref for r in s.relays.order_by("ref")] for s in report.sources.all()}
    assert relays == {
        "ucdp": ["article-1", "article-2"],
        "article-1": ["quoted"],
        "article-2": ["quoted"],
        "quoted": [],
    }
    assert report.sources.get(ref="article-2").name == "Reuters News"
    assert Incident.objects.get().independent_sources == 1


def test_low_best_and_high_are_one_total_and_the_parts_are_best_only(imported):
    imported({"low": "5", "high": "9"})
    claims = {
        (c.civilian_status, c.party): (c.minimum, c.best, c.maximum) for c in Claim.objects.all()
    }
    assert claims == {
        ("any", ""): (5, 8, 9),
        ("civilian", ""): (None, 1, None),
        ("belligerent", "Government of Iraq"): (None, 0, None),
        ("belligerent", "IS"): (None, 0, None),
        ("unknown", ""): (None, 7, None),
    }


def test_figures_that_disagree_are_kept_and_flagged(imported):
    imported({"best": "20"}, {})
    assert list(Report.objects.order_by("id").values_list("flags", flat=True)) == [
        ["figures_disagree"],
        [],
    ]


def test_importing_twice_adds_nothing(imported):
    imported({}, {})
    said, _ = imported({}, {})
    assert "This file was imported before" in said
    assert Report.objects.count() == 2


def test_rows_of_an_earlier_file_are_known(imported):
    imported({}, {})
    said, _ = imported({}, {}, {})
    assert "1 new, 2 known before, 0 refused" in said
    assert Report.objects.count() == 3


def test_the_same_id_with_other_content_is_refused(imported):
    imported({})
    said, refused = imported({"best": "9", "high": "9"})
    assert "1 refused" in said
    assert "row 1" in refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"latitude": "95"}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"latitude": "north"}, "latitude"),
        ({"date_start": "2099-01-01", "date_end": "2099-01-01"}, "date_start"),
        ({"date_end": "2013-01-01"}, "date_end"),
        ({"deaths_a": "-1"}, "deaths_a"),
        ({"best": "9999999999"}, "best"),
        ({"where_coordinates": "x" * 400}, "where_coordinates"),
        ({"where_prec": "9"}, "where_prec"),
        ({"best": ""}, "best"),
    ],
)
def test_a_bad_row_is_named_and_its_neighbours_are_stored(imported, change, field):
    said, refused = imported({}, change, {})
    assert "2 new, 0 known before, 1 refused" in said
    assert f"row 2: {field}:" in refused


def test_a_file_without_its_columns_is_refused(db, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    member = make_member()
    with pytest.raises(CommandError, match="where_prec"):
        call_command("import_reports", file, "--preset=ucdp-ged", f"--as={member.user.email}")


@pytest.fixture(scope="module")
def iraq():
    """The published file, read but not stored."""
    if not SHARED.exists():
        pytest.skip(f"the shared test data ({SHARED.name}) is not beside this checkout")
    mapping = {column.name: column.name for column in ucdp_ged.COLUMNS}
    rows = table_open(SHARED).rows()
    return [ucdp_ged.submission_of_row(row, mapping) for row in rows]


def test_the_file_of_iraq_gives_the_published_totals(iraq):
    killed = Counter()
    for submission in iraq:
        for claim in submission.draft.claims:
            killed[claim.civilian_status] += claim.best
    assert len(iraq) == 7473
    assert killed[CivilianStatus.ANY] == 120_631
    assert killed[CivilianStatus.CIVILIAN] == 28_873
    assert sum(bool(submission.flags) for submission in iraq) == 69


def test_the_file_of_iraq_gives_the_published_precisions(iraq):
    found = Counter(submission.draft.location.precision for submission in iraq)
    assert [found[precision] for precision in ucdp_ged.WHERE_PREC.values()] == [
        *(5345, 956, 235, 498, 298, 139, 2)
    ]
