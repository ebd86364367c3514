"""A file is sent, followed, and its mistakes are told; none of it to another organisation."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import ImportRun, Report
from tests.factories import make_member
from tests.incidents.imports.files import ROW, carry_out, imported, rows_of, start, table
from tests.monitor.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imports_folder")]
EVIL = "<script>alert(1)</script>"


def send(client, content, name="ged.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(
        "/imports/", {"file": file, "preset": "ucdp-ged", "mode": "good_rows"} | fields
    )


def test_a_file_is_taken_and_followed(alice, django_assert_max_num_queries):
    client = signed_in(alice)
    answer = send(client, table({}, {"latitude": "x"}))
    run = ImportRun.objects.get()
    path = f"/imports/{run.id}/"
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert 'hx-trigger="every 1s"' in client.get(path).content.decode()
    carry_out(run)
    with django_assert_max_num_queries(20):
        page = client.get(path).content.decode()
    assert "hx-trigger" not in page
    assert '<code dir="auto">latitude</code>' in page
    assert "The good rows are stored" in page
    part = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert Report.objects.count() == 1
    rows = rows_of(b"".join(client.get(f"{path}rejected/").streaming_content))
    assert [row["id"] for row in rows] == ["2"]


def test_a_trial_stores_nothing(alice):
    client = signed_in(alice)
    send(client, table(numbers=2), dry_run="on")
    run = carry_out(ImportRun.objects.get())
    assert "nothing was stored" in client.get(f"/imports/{run.id}/").content.decode()
    assert not Report.objects.exists()


def test_the_same_file_again_is_the_same_import(alice):
    client = signed_in(alice)
    first, second = (send(client, table(numbers=1)) for _ in range(2))
    assert first["Location"] == second["Location"]


def test_headers_that_are_not_known_are_asked_for_and_then_known(alice):
    client = signed_in(alice)
    content = table(numbers=1).replace(b"latitude", b"how far north", 1)
    asked = send(client, content)
    assert asked.status_code == 400
    assert asked.context["missing"] == ["latitude"]
    assert "<option>how far north</option>" in asked.content.decode()
    suggested = {f"map-{name}": header for name, header in asked.context["suggested"].items()}
    told = send(client, content, **suggested, **{"map-latitude": "how far north"})
    assert told.status_code == 302
    assert carry_out(ImportRun.objects.get()).new == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"", {}),
        (b"\x00\x01rubbish", {}),
        (b"a,b\n1,2\n", {}),
        (b"a,b\n1,2\n", {"preset": "nothing"}),
        (b"a,b\n1,2\n", {"mode": "nothing"}),
        (b"PK\x03\x04broken", {"preset": "harmwatch"}),
        (table(numbers=1), {"map-nothing": "x"}),
    ],
)
def test_rubbish_is_refused_as_a_page(alice, content, fields):
    answer = send(signed_in(alice), content, **fields)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode() or "was not taken" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_too_large_a_file_is_refused(alice, settings):
    settings.IMPORT_MAX_BYTES = 100
    assert send(signed_in(alice), table(numbers=5)).status_code == 413


def test_no_file_is_no_import(alice):
    sent = {"preset": "ucdp-ged", "mode": "good_rows"}
    answer = signed_in(alice).post("/imports/", sent)
    assert answer.status_code == 400
    assert "Choose a file." in answer.content.decode()


def test_the_template_is_there(alice):
    client = signed_in(alice)
    for name in ("template.csv", "template.xlsx"):
        answer = client.get(f"/imports/{name}")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]


def test_words_of_a_file_are_inert(alice):
    client = signed_in(alice)
    content = table({"latitude": EVIL}, row=ROW | {EVIL: EVIL})
    run = imported(actor_of(alice), content, name=f"{EVIL}.csv")
    headers = send(client, content.replace(b"latitude", b"north", 1), name=f"{EVIL}.csv")
    for page in (headers, client.get("/imports/"), client.get(f"/imports/{run.id}/")):
        assert "<script>alert" not in page.content.decode()


def test_another_organisation_finds_none_of_it(alice, charlie, django_assert_max_num_queries):
    run = imported(actor_of(alice), table({"latitude": "x"}))
    outsider = signed_in(charlie)
    for path in (f"/imports/{run.id}/", f"/imports/{run.id}/rejected/"):
        assert outsider.get(path).status_code == 404
    with django_assert_max_num_queries(20):
        assert str(run.id) not in outsider.get("/imports/").content.decode()


def test_no_refused_rows_are_no_file(alice):
    run = start(actor_of(alice), table(numbers=1))
    assert signed_in(alice).get(f"/imports/{run.id}/rejected/").status_code == 404


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.PARTNER])
def test_strangers_are_turned_away(alice, role):
    run = start(actor_of(alice), table(numbers=1))
    client = signed_in(make_member(role)) if role else Client()
    wanted = 403 if role else 302
    assert send(client, table(numbers=1)).status_code == wanted
    for path in ("", "template.csv", f"{run.id}/", f"{run.id}/rejected/"):
        assert client.get(f"/imports/{path}").status_code == wanted
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("start", [b"%PDF-1.4 ", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n"])
def test_what_is_no_table_is_told_so(alice, start):
    file = SimpleUploadedFile("notes.csv", start + b"\0" * 50)
    sent = {"file": file, "preset": "harmwatch", "mode": "good_rows"}
    page = signed_in(alice).post("/imports/", sent)
    assert page.status_code == 400
    assert "This is no table" in page.content.decode()
