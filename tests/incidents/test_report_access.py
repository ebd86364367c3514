"""Whose reports are whose. Every answer has its outsider."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken, Role
from accounts.permissions import Action
from accounts.services import token_revoke
from tests.factories import make_incident, make_member, report_body
from tests.incidents.conftest import ApiClient

URL = "/api/v1/reports/"


def test_an_organisation_reads_its_own_report(alice):
    made = alice.post(URL, report_body()).json()
    answer = alice.get(f"{URL}{made['id']}/")
    assert answer.status_code == 200
    assert answer.json()["receipt"] == made["receipt"]
    assert answer.json()["sources"][1]["has_identity"] is True
    assert b"Umm Ahmed" not in answer.content


def test_another_organisations_report_is_not_there(alice, charlie):
    made = alice.post(URL, report_body()).json()
    assert charlie.get(f"{URL}{made['id']}/").status_code == 404
    assert charlie.get(URL).json()["results"] == []


def test_a_monitor_reads_every_report(alice, bob):
    made = alice.post(URL, report_body()).json()
    assert bob.get(f"{URL}{made['id']}/").status_code == 200


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_only_monitors_read_the_record(db, role):
    incident = make_incident()
    outsider = ApiClient(make_member(role))
    assert outsider.get("/api/v1/incidents/").status_code == 403
    assert outsider.get(f"/api/v1/incidents/{incident.id}/").status_code == 403


@pytest.mark.parametrize("path", [URL, "/api/v1/incidents/"])
def test_without_a_token_nothing_is_answered(nobody, path):
    answer = nobody.get(path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_an_expired_token_is_refused(alice):
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert alice.get(URL).status_code == 401


def test_a_revoked_token_is_refused(alice):
    token_revoke(actor=None, token_id=ApiToken.objects.get().id)
    assert alice.get(URL).status_code == 401


def test_a_token_without_the_scope_is_refused(db):
    member = make_member(Role.SUBMITTER)
    reader = ApiClient(member, scopes=[Action.REPORT_READ_OWN])
    assert reader.get(URL).status_code == 200
    assert reader.post(URL, report_body()).status_code == 403


def test_lists_page_by_keyset_without_gap_or_repeat(bob):
    made = {str(make_incident().id) for _ in range(5)}
    seen, url = [], "/api/v1/incidents/?limit=2"
    while url:
        page = bob.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == 5
    assert set(seen) == made


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "cursor=x", "cursor=WzFd", "cursor=WyJ4IiwieSJd"]
)
def test_bad_paging_is_refused(bob, query):
    answer = bob.get(f"/api/v1/incidents/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_a_huge_limit_is_served_at_the_maximum(bob):
    make_incident()
    assert bob.get("/api/v1/incidents/?limit=1000000000").status_code == 200
