"""What is sealed is encrypted before the database sees it: its log cannot hold it either."""

import msgspec
import psycopg
import pytest
from django.db import IntegrityError, transaction

from incidents.intake.json_reports import submission_parse
from incidents.models import Report
from incidents.services.reports import report_receive
from tests.factories import make_actor, report_body

SECRETS = ("Umm Ahmed", "Layla Haddad", "+964 770")


def test_a_row_that_is_refused_names_nobody(db):
    body = report_body(reporter={"name": "Layla Haddad", "contact": "+964 770"})
    good = submission_parse(msgspec.json.encode(body), "key")
    assert good.draft.reporter.name in SECRETS
    # No vocabulary has it: the service takes drafts as checked, and the database refuses the row.
    bad = msgspec.structs.replace(
        good, draft=msgspec.structs.replace(good.draft, licence="another")
    )
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        report_receive(actor=make_actor(), submission=bad)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    # All that PostgreSQL tells of it, here and in its log: the whole row as it was to be stored.
    told = [getattr(cause.diag, name) or "" for name in dir(cause.diag) if name[0] != "_"]
    said = " ".join([*map(str, told), str(refused.value)])
    assert "Fallujah" in said
    assert not any(secret in said for secret in SECRETS)
    assert not Report.objects.exists()
