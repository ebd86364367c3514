"""What the role that blanks may do itself, apart from the function that it lends."""

import pytest
from django.db import DatabaseError, connections, transaction

from feed.models import LogEntry
from feed.sealing import seal
from tests.factories import make_incident
from tests.feed.making import decided, entry

REST = ("seq = 9", "hash = ''", "chain = NULL", "object_version = 9", "closed_by_seq = 9")


def as_redactor(statement):
    with transaction.atomic(using="migration"), connections["migration"].cursor() as cursor:
        cursor.execute("SET LOCAL ROLE harmwatch_redactor")
        cursor.execute(statement)


def test_it_blanks_content_and_touches_nothing_else(committed_db):
    entry()
    seal()
    for column in REST:
        with pytest.raises(DatabaseError, match="permission denied"):
            as_redactor(f"UPDATE feed_logentry SET {column}")
    with pytest.raises(DatabaseError, match="permission denied"):
        as_redactor("DELETE FROM feed_logentry")
    as_redactor("UPDATE feed_logentry SET feature = '', salt = NULL")
    assert LogEntry.objects.get().feature == ""


def test_it_empties_what_was_published_and_touches_nothing_else_of_it(committed_db):
    publication = decided(make_incident())
    for column in ("reason = ''", "incident_version = 9", "published_at = now()"):
        with pytest.raises(DatabaseError, match="permission denied"):
            as_redactor(f"UPDATE incidents_publication SET {column}")
    with pytest.raises(DatabaseError, match="permission denied"):
        as_redactor("DELETE FROM incidents_publication")
    as_redactor("UPDATE incidents_publication SET snapshot = '{}'")
    publication.refresh_from_db()
    assert publication.snapshot == {}


def test_not_even_the_owner_calls_its_function_as_they_like(committed_db):
    with pytest.raises(DatabaseError, match="ledger"):
        as_redactor("SELECT feed_redact(gen_random_uuid(), 1)")
