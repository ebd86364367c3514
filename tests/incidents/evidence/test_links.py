"""Links are recorded as they were given, never fetched, never changed."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Role
from incidents.models import EvidenceLink
from ledger.models import AuditEntry
from tests.factories import make_member
from tests.incidents.conftest import ApiClient

LINK = {
    "url": "https://video.example/watch?v=1#t=10",
    "captured_at": "2014-05-12T10:00:00Z",
    "archive_url": "https://web.archive.org/web/2014/https://video.example/watch?v=1",
    "note": "Shows the crater.",
}


def url(report):
    return f"/api/v1/reports/{report}/links/"


def test_a_link_is_recorded_and_shown_with_its_report(alice, bob, report):
    answer = alice.post(url(report), LINK)
    assert answer.status_code == 201
    for reader in (alice, bob):
        (shown,) = reader.get(f"/api/v1/reports/{report}/").json()["links"]
        assert shown == answer.json()
        assert {name: shown[name] for name in LINK} == LINK
    entry = AuditEntry.objects.get(action="link.recorded")
    assert entry.data == {"report": report}


def test_the_same_again_is_the_same_link(alice, report):
    first, again = (alice.post(url(report), LINK) for _ in range(2))
    assert (again.status_code, again.json()) == (200, first.json())
    assert alice.post(url(report), LINK | {"note": "Other."}).status_code == 201


BAD = {
    "none": {"url": ""},
    "missing": {"url": None},
    "script": {"url": "javascript:alert(1)"},
    "file": {"url": "file:///etc/passwd"},
    "with a space": {"url": "https://a b"},
    "with a line": {"url": "https://a\nb"},
    "with NUL": {"url": "https://a\x00"},
    "too long": {"url": "https://a/" + "x" * 2000},
    "archived nowhere": {"archive_url": "ftp://a"},
    "tomorrow": {"captured_at": "2999-01-01T00:00:00Z"},
    "no time": {"captured_at": "yesterday"},
    "unknown field": {"fetch": True},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_is_no_link_is_refused_naming_the_field(alice, report, change):
    answer = alice.post(url(report), LINK | change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == next(iter(change))
    assert not EvidenceLink.objects.exists()


def test_a_link_never_changes_nor_goes(alice, report):
    alice.post(url(report), LINK)
    for change in (
        lambda: EvidenceLink.objects.update(note="x"),
        lambda: EvidenceLink.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_withdrawn_report_gets_no_links(alice, report):
    alice.post(f"/api/v1/reports/{report}/withdraw/", {"reason": "Mistaken."})
    assert alice.post(url(report), LINK).status_code == 409


def test_outsiders_add_no_links(report, charlie, bob, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        assert who.post(url(report), LINK).status_code == status
