"""A file by the API and through a real worker: sent, followed, bad rows mended and sent again."""

import json

import pytest

from incidents.models import ImportRun, Report
from tests.factories import make_member
from tests.incidents.imports.files import ROW, Sender, carry_out, rows_of, table
from tests.support.processes import wait_until

BAD = {"latitude": "95", "date_start": "never"}


@pytest.mark.celery
def test_from_the_file_to_its_mended_rows(committed_db, celery_worker, imports_folder):
    celery_worker("imports")
    sender = Sender(make_member())
    answer = sender.send(table({}, BAD, {}))
    assert answer.status_code == 202
    assert answer["Location"] == answer.json()["url"]

    def ended(url):
        told = sender.get(url).json()
        return told if told["state"] in {"done", "failed"} else None

    first = wait_until(lambda: ended(answer["Location"]), "the file is imported")
    assert (first["new"], first["refused"], first["percent"]) == (2, 1, 100)
    assert {(r["row"], r["field"]) for r in first["reasons"]} == {
        (2, "latitude"),
        (2, "date_start"),
    }

    answer = sender.get(first["rejected"])
    rejected = b"".join(answer.streaming_content)
    answer.close()
    (row,) = rows_of(rejected)
    assert "latitude: " in row["harmwatch_reason"]
    assert {name: row[name] for name in ROW} == ROW | {"id": "2"} | BAD

    mended = rejected.replace(b"95", b"33.4").replace(b"never", b"2014-01-24")
    again = sender.send(mended)
    second = wait_until(lambda: ended(again["Location"]), "the mended file is imported")
    assert (second["new"], second["known"], second["refused"]) == (1, 0, 0)
    assert Report.objects.count() == 3
    assert len(list(imports_folder.iterdir())) == 1  # of the first, whose bad rows may be fetched


@pytest.fixture
def sender(db):
    return Sender(make_member())


def the_run():
    return ImportRun.objects.get()


def test_the_same_file_again_is_the_same_import(sender, imports_folder):
    first, second = sender.send(table({})), sender.send(table({}), name="copy.csv")
    assert first.json()["id"] == second.json()["id"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert len(list(imports_folder.iterdir())) == 1
    carry_out(the_run())
    assert sender.send(table({})).json()["id"] == first.json()["id"]


def test_a_file_with_bad_rows_may_be_tried_anew(sender):
    first = sender.send(table({}, BAD))
    carry_out(the_run())
    assert sender.send(table({}, BAD)).json()["id"] != first.json()["id"]


def test_a_dry_run_and_an_import_are_two(sender):
    first, second = sender.send(table({}), dry_run="true"), sender.send(table({}))
    assert (first.json()["dry_run"], second.json()["dry_run"]) == (True, False)
    assert ImportRun.objects.count() == 2


def test_progress_is_told_in_rows_and_percent(sender):
    url = sender.send(table(numbers=4))["Location"]
    told = sender.get(url).json()
    assert (told["state"], told["total_rows"], told["percent"]) == ("waiting", None, 0)
    ImportRun.objects.update(total_rows=4, rows_done=1, state="running")
    assert sender.get(url).json()["percent"] == 25


def test_rejected_rows_are_not_there_when_none_was_refused(sender):
    url = sender.send(table({}))["Location"]
    carry_out(the_run())
    told = sender.get(url).json()
    assert told["rejected"] is None
    assert sender.get(f"{url}rejected/").status_code == 404


def test_rejected_rows_are_gone_when_the_file_is(sender, settings, imports_folder):
    from incidents.services.imports import imports_sweep

    url = sender.send(table(BAD))["Location"]
    carry_out(the_run())
    settings.IMPORT_FILES_KEPT_DAYS = 0
    imports_sweep()
    assert sender.get(url).json()["rejected"] is None
    answer = sender.get(f"{url}rejected/")
    assert (answer.status_code, answer.json()["type"]) == (
        410,
        "urn:harmwatch:problem:no-longer-kept",
    )
    assert list(imports_folder.iterdir()) == []


def test_missing_columns_are_named_with_a_suggestion(sender, imports_folder):
    renamed = table({}).replace(b"latitude", b"y_coord").replace(b"longitude", b"Longitude ")
    answer = sender.send(renamed)
    assert answer.status_code == 400
    problem = answer.json()
    assert [error["field"] for error in problem["errors"]] == ["latitude"]
    assert problem["unknown_headers"] == ["y_coord"]
    assert problem["suggested_mapping"]["longitude"] == "Longitude"
    assert not ImportRun.objects.exists()
    assert list(imports_folder.iterdir()) == []


def test_unknown_headers_are_mapped_once(sender):
    renamed = table({}).replace(b"latitude", b"y_coord")
    suggested = sender.send(renamed).json()["suggested_mapping"]
    mapping = suggested | {"latitude": "y_coord"}
    assert sender.send(renamed, mapping=json.dumps(mapping)).status_code == 202

    other = table({}, {}).replace(b"latitude", b"y_coord")
    answer = sender.send(other)
    assert answer.status_code == 202
    assert answer.json()["mapping"]["latitude"] == "y_coord"
    assert Sender(make_member()).send(other).status_code == 400


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ("[1]", "mapping"),
        ("{", "mapping"),
        ('{"latitude": 1}', "mapping"),
        ('{"no_such_column": "latitude"}', "mapping.no_such_column"),
        ('{"latitude": "no such header"}', "mapping.latitude"),
    ],
)
def test_a_bad_mapping_is_refused(sender, mapping, field):
    answer = sender.send(table({}), mapping=mapping)
    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_the_template_can_be_filled_in_and_sent(sender):
    made = sender.get("template/?format=csv")
    assert made["Content-Type"].startswith("text/csv")
    assert sender.send(made.content, preset="harmwatch").status_code == 202
    run = carry_out(the_run())
    assert (run.new, run.refused) == (1, 0), list(run.rejected.values_list("errors"))


def test_a_column_that_the_template_has_not_is_no_silent_loss(sender):
    spoilt = sender.get("template/?format=csv").content.replace(b"description", b"descripton", 1)
    answer = sender.send(spoilt, preset="harmwatch")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "unknown_header"


def test_template_as_a_workbook_and_codebook(sender):
    book = sender.get("template/?format=xlsx").content
    answer = sender.send(book, preset="harmwatch", name="t.xlsx")
    assert answer.status_code == 202, answer.json()
    assert {"name", "description", "allowed"} <= set(sender.get("codebook/").json()[0])
    assert sender.get("template/?format=pdf").status_code == 400


def test_the_list_is_ones_own_newest_first(sender):
    ids = [sender.send(table({}, *[{}] * n)).json()["id"] for n in range(3)]
    Sender(make_member()).send(table({}))
    page = sender.get("?limit=2").json()
    assert [one["id"] for one in page["results"]] == [ids[2], ids[1]]
    assert [one["id"] for one in sender.get(page["next"]).json()["results"]] == [ids[0]]
