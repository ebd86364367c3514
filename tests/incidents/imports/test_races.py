"""A file's row and a report of the same key at once: one report, and no fault of the server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connections

from incidents.models import Incident, Report
from incidents.services import reports
from incidents.services.reports import report_receive
from tests.factories import make_actor
from tests.incidents.imports.files import FileReader, counts, imported, start, table


def submission_of(run):
    """Return a file's first row as a submission of its own."""
    return next(iter(FileReader().rows(run, 0))).submission


def elsewhere(call):
    """Call it in another thread, with a connection of its own, and wait for its end."""

    def do():
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


def at_first_copy_of_reports(monkeypatch, call):
    """Call it once, between the look for known keys and the storing of reports."""
    copy, done = reports.rows_copy, Event()

    def copy_late(model, rows):
        if model is Incident and not done.is_set():
            done.set()
            elsewhere(call)
        copy(model, rows)

    monkeypatch.setattr(reports, "rows_copy", copy_late)


def test_a_report_that_comes_in_between_is_known(committed_db, monkeypatch):
    actor = make_actor()
    one = submission_of(start(actor, table({})))
    at_first_copy_of_reports(monkeypatch, lambda: report_receive(actor=actor, submission=one))

    assert counts(imported(actor, table({}, {}, {}))) == (2, 1, 0)
    assert Report.objects.count() == Incident.objects.count() == 3


def test_a_file_that_comes_in_between_gives_its_receipt_to_the_report(committed_db, monkeypatch):
    actor = make_actor()
    one = submission_of(start(actor, table({})))
    at_first_copy_of_reports(monkeypatch, lambda: imported(actor, table({}, {})))

    received = report_receive(actor=actor, submission=one)

    stored = Report.objects.get(idempotency_key=one.idempotency_key)
    assert (received.is_new, received.receipt) == (False, stored.receipt)
    assert Report.objects.count() == Incident.objects.count() == 2
