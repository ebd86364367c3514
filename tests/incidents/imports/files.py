"""Files to be imported, and sending them."""

import csv
import io
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from incidents.intake.runs import FileReader, file_understand
from incidents.models import ImportRun
from incidents.selectors.imports import lock_keys
from incidents.services.import_running import import_run
from incidents.services.imports import Asked, import_create
from incidents.vocab import ImportMode
from tests.factories import bearer

URL = "/api/v1/imports/"
ROW = {
    "id": "1",
    "type_of_violence": "1",
    "dyad_name": "Government of Iraq - IS",
    "side_a": "Government of Iraq",
    "side_b": "IS",
    "source_article": '"Agence France Presse,2014-01-25,A";"Reuters News,2014-01-26,B"',
    "source_headline": "Violence kills 14",
    "source_original": "Doctor",
    "where_prec": "1",
    "where_coordinates": "Al Fallūjah town",
    "latitude": "33.355813",
    "longitude": "43.786124",
    "iso3": "IRQ",
    "date_prec": "2",
    "date_start": "2014-01-24",
    "date_end": "2014-01-25",
    "deaths_a": "0",
    "deaths_b": "0",
    "deaths_civilians": "1",
    "deaths_unknown": "7",
    "low": "8",
    "best": "8",
    "high": "8",
}
SOURCES, CLAIMS = 4, 5  # that each such row has


def table(*changes, numbers=None, row=ROW):
    """Return a CSV of rows with ids from 1, each with one of the changes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    for number, change in enumerate(changes or [{}] * numbers, start=1):
        writer.writerow(row | {"id": str(number)} | change)
    return out.getvalue().encode()


def rows_of(content):
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def start(actor, content, **options):
    """Send a file past the API, without waking a worker; return its import."""
    return _start(actor, ContentFile(content), **options)


def start_path(actor, path, **options):
    """Send a file that lies on the disk in the same way."""
    with path.open("rb") as file:
        return _start(actor, File(file), **options)


def _start(actor, content, name="ged.csv", preset="ucdp-ged", **asked):
    what = Asked(preset=preset, **asked)
    understand = partial(file_understand, actor=actor, asked=what)
    created = import_create(
        actor=actor,
        content=content,
        name=name,
        asked=what,
        understand=understand,
        wake=False,
    )
    return created.run


def carry_out(run):
    """Carry out an import here; return it as it then stands."""
    import_run(run_id=run.id, reader=FileReader())
    return ImportRun.objects.get(id=run.id)


def killed(child, run):
    """Tell whether a signal killed it; wait until the server has noticed, and lets go of its lock.

    It notices when it next reads or writes, which under load may be after whoever comes next.
    """
    died = child.died()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock_keys(run.id))
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock_keys(run.id))
    return died


def imported(actor, content, **options):
    """Import a file here; return the run."""
    return carry_out(start(actor, content, **options))


def counts(run):
    """Return new, known, refused."""
    return run.new, run.known, run.refused


class Sender:
    """A member who sends files by the API."""

    def __init__(self, membership, **token):
        self._client, self._headers = Client(), bearer(membership, **token)

    def send(self, content, name="ged.csv", **fields):
        file = SimpleUploadedFile("x", content)
        file._name = name  # as a hostile client writes it; Django would tidy it up
        body = {"file": file, "preset": "ucdp-ged"} | fields
        return self._client.post(URL, body, **self._headers)

    def get(self, path=""):
        return self._client.get(path if path.startswith("http") else URL + path, **self._headers)


ALL_OR_NOTHING = ImportMode.ALL_OR_NOTHING
NOBODYS = UUID(int=1)
