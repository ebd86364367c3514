"""The order of the log, and which entry closes which."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.ids import uuid7
from feed import sealing
from feed.models import Audience, Change, LogEntry
from feed.sealing import CONTENT, entry_hash, seal
from tests.feed.making import entry

pytestmark = pytest.mark.usefixtures("db")


def rows(audience=Audience.PUBLIC):
    sealed = LogEntry.objects.filter(audience=audience, seq__isnull=False).order_by("seq")
    return list(sealed.values_list("object_version", "seq", "closed_by_seq"))


def test_each_audience_is_numbered_on_its_own():
    for _number in range(3):
        entry(audience=Audience.PUBLIC)
    entry(audience=Audience.PARTNER)
    assert seal() == 4
    assert [seq for _version, seq, _closed in rows(Audience.PUBLIC)] == [1, 2, 3]
    assert [seq for _version, seq, _closed in rows(Audience.PARTNER)] == [1]
    assert seal() == 0


def test_a_later_version_closes_the_one_before():
    same = uuid7()
    entry(object_id=same)
    entry()
    seal()
    entry(object_id=same, version=2, change=Change.UPDATED)
    seal()
    assert rows() == [(1, 1, 3), (1, 2, None), (2, 3, None)]


def test_versions_sealed_together_close_each_other():
    same = uuid7()
    entry(object_id=same, version=1)
    seal()
    for version in (2, 3, 4):
        entry(object_id=same, version=version, change=Change.UPDATED)
    seal()
    assert rows() == [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, None)]


def test_versions_of_one_object_keep_their_order_whatever_the_clocks_said():
    same = uuid7()
    later = entry(object_id=same, version=2, change=Change.UPDATED)
    entry(object_id=same, version=1, id=uuid7())
    assert LogEntry.objects.order_by("id").first() == later
    seal()
    assert rows() == [(1, 1, 2), (2, 2, None)]


def test_another_audience_closes_nothing():
    same = uuid7()
    entry(object_id=same)
    seal()
    entry(object_id=same, version=2, audience=Audience.PARTNER)
    seal()
    assert rows() == [(1, 1, None)]


def test_a_withdrawal_closes_what_was_shown():
    same = uuid7()
    entry(object_id=same)
    seal()
    entry(object_id=same, version=2, change=Change.WITHDRAWN)
    seal()
    assert rows() == [(1, 1, 2), (2, 2, None)]


def test_many_entries_are_sealed_in_batches(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    same = uuid7()
    for version in range(1, 8):
        entry(object_id=same, version=version)
    assert seal() == 7
    assert rows() == [(n, n, n + 1 if n < 7 else None) for n in range(1, 8)]


def test_the_time_of_sealing_never_goes_back(monkeypatch):
    entry()
    seal()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(sealing.timezone, "now", lambda: an_hour_ago)
    entry()
    seal()
    first, second = LogEntry.objects.order_by("seq").values_list("sealed_at", flat=True)
    assert second == first


def sealed_row(seq=1):
    return LogEntry.objects.values(*CONTENT, "seq", "sealed_at", "hash", "chain").get(seq=seq)


def hash_of(row):
    return entry_hash(row, row["seq"], row["sealed_at"])


def test_the_hash_covers_the_content_and_its_place():
    entry()
    seal()
    row = sealed_row()
    assert row["hash"] == hash_of(row)
    assert hash_of(row | {"feature": row["feature"].replace("43.8", "43.9")}) != row["hash"]
    assert hash_of(row | {"seq": 2}) != row["hash"]
    assert hash_of(row | {"salt": "0" * 32}) != row["hash"]


def test_each_entry_has_a_salt_of_its_own():
    entry(object_id=uuid7())
    entry(object_id=uuid7())
    first, second = LogEntry.objects.values_list("salt", flat=True)
    assert len(first) == len(second) == 32
    assert first != second


def test_the_chain_covers_all_hashes_so_far(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _number in range(5):
        entry()
    seal()
    chain = b"\0" * 32
    for seq in range(1, 6):
        row = sealed_row(seq)
        chain = hashlib.sha256(chain + bytes.fromhex(row["hash"])).digest()
        assert row["chain"] == chain.hex()


CHANGES = (
    "UPDATE feed_logentry SET feature = ''",
    "UPDATE feed_logentry SET seq = 99",
    "DELETE FROM feed_logentry",
    "TRUNCATE feed_logentry",
)


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("role", ["harmwatch_app", "harmwatch_sealer"])
def test_no_role_of_the_application_changes_a_sealed_entry(statement, role):
    entry()
    seal()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


def test_nobody_writes_an_entry_with_a_number_of_their_own():
    with pytest.raises(DatabaseError), transaction.atomic():
        entry(seq=7, sealed_at=timezone.now(), hash="0" * 64)


@pytest.mark.parametrize(
    "columns", [{"audience": "everyone"}, {"kind": "rumour"}, {"change": "x"}], ids=str
)
def test_only_known_words_are_stored(columns):
    fields = {"audience": "public", "kind": "incident", "change": "created"} | columns
    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.create(
            object_id=uuid7(), object_version=1, geometry=Point(1, 2, srid=4326), **fields
        )
