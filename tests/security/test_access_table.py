"""Outsiders try every route with every method; what each got is docs/access.md."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.actors import actor_of
from accounts.devices import device_issue
from accounts.models import Role
from accounts.services import token_issue
from feed.models import Kind
from feed.webhooks.services import webhook_create
from incidents.models import Incident, MatchSuggestion, Report
from incidents.services.evidence import evidence_receive
from incidents.services.matching import matches_refresh
from scoring.models import ExposureQuestion
from tests.factories import make_incident, make_member, merge_incidents
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.incidents.imports.files import start
from tests.incidents.imports.files import table as table_of
from tests.incidents.openrosa.sending import MP4
from tests.security.access import (
    ADMINISTRATOR,
    METHODS,
    NOBODY,
    OUTSIDER,
    PARTNER,
    STRANGERS,
    Row,
    client_of,
    filled,
    members,
    routes,
    row_of,
    written,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"
REFUSED = {302, 401, 403, 404, 405}  # 302: a page, which leads to the login
OPEN_TO_ALL = (
    *("healthz", "readyz", ".well-known/", "ogc/", "tiles/", "clients/", "language/"),
    *("api/v1/changes", "api/v1/releases/", "api/v1/exports/"),
    *("published/", "methodology/", "cite/", "guide/"),
)
# The login's own pages answer by how often they were asked, too; tests/accounts has them.
ALLAUTHS = "account/"
# Whoever may order it reads none of it.
BLIND_ORDERS = {("administrator", "api/v1/incidents/<uuid:incident_id>/redact/")}
# Where a submitter of any organisation has a door of their own.
OWN_DOORS = {
    "api/v1/reports/",
    "api/v1/intake/kobo/",
    "api/v1/imports/",
    "api/v1/imports/template/",
    "api/v1/imports/codebook/",
}
# Pages know sessions and no tokens: tests/monitor has their outsiders.
PAGES = ("account/", "people/", "language/")
# Everybody's own; administrators end anybody's.
KEPT = ("api/v1/tokens/", "api/v1/devices/")
# Partners keep webhooks, and find only their own.
WEBHOOKS = "api/v1/webhooks/"


def question_of(owner):
    """Return a question that only its asker may see, and nobody here is."""
    now = timezone.now()
    return ExposureQuestion.objects.create(
        created_by_id=owner.user_id, organisation_id=owner.organisation_id,
        expires_at=now + timedelta(days=1), asked={}, inputs={}, parts_total=1,
    )  # fmt: skip


def world(owner):
    """Return an id of something of the owner's for every parameter that a route has."""
    strike, other = make_incident(actor_of(owner)), make_incident(actor_of(owner))
    absorbed = make_incident(actor_of(owner))
    merge = merge_incidents(other, absorbed)
    matches_refresh(incident_ids=[strike.id])
    report = Report.objects.get(incident=strike)
    received = evidence_receive(
        actor=actor_of(owner), report_id=report.id, name="a.mp4", content=ContentFile(MP4)
    )
    webhook, _secret = webhook_create(
        actor=actor_of(make_member(Role.PARTNER)), url="https://a.example/", kinds=[Kind.INCIDENT]
    )
    return {
        "incident_id": strike.id,
        "report_id": report.id,
        "evidence_id": received.evidence.id,
        "merge_id": merge.id,
        "match_id": MatchSuggestion.objects.get(decision=None).id,
        "question_id": question_of(owner).id,
        "import_id": start(actor_of(owner), table_of(numbers=1)).id,
        "collection_id": "incidents",
        "feature_id": strike.id,
        "webhook_id": webhook.id,
        "delivery_id": webhook.deliveries.create().id,
        "key": "hwd_nobodys",
        "token_id": token_issue(actor=None, membership=owner, name="x")[0].id,
        "device_id": device_issue(actor=None, membership=owner, label="x")[0].id,
        "membership_id": owner.id,
        "organisation_id": owner.organisation_id,
        "deed": "link",
        "code": "ar",
        "uidb36": "0",
        "pk": 1,
        "unit_id": merge.id,
        "cell": "862d9b0e7ffffff",
        "name": "nothing",
        "file_name": "nothing",
        **dict.fromkeys("zxy", 0),
    }


@pytest.fixture
def table(db, imports_folder) -> dict[str, Row]:
    owner = make_member(Role.SUBMITTER)
    ids = world(owner)
    clients = {name: client_of(one) for name, one in members(make_member, owner).items()}
    ours = [route for route in routes() if not route.startswith(ALLAUTHS)]
    return {route: row_of(filled(route, ids), clients) for route in ours}


def is_kept(route: str, caller: str, method: str) -> bool:
    """Tell whether a caller finds their own here, or as an administrator anybody's."""
    if not route.startswith(KEPT) or caller == NOBODY:
        return False
    return method == "OPTIONS" or route in KEPT or caller == ADMINISTRATOR


def test_strangers_get_nothing_of_the_record_and_the_table_is_as_written(table):
    for route, row in table.items():
        if not route or route.startswith((*OPEN_TO_ALL, *PAGES)):
            continue
        for caller in STRANGERS:
            for method in METHODS:
                if caller == OUTSIDER and (route in OWN_DOORS or method == "OPTIONS"):
                    continue  # their own list; and OPTIONS tells of the address, not of a row
                if is_kept(route, caller, method):
                    continue
                is_asked_of = route == WEBHOOKS or method == "OPTIONS"
                if caller == PARTNER and route.startswith(WEBHOOKS) and is_asked_of:
                    continue
                if (caller, route) in BLIND_ORDERS and method in {"OPTIONS", "POST"}:
                    continue
                assert row[caller, method] in REFUSED, (route, caller, method)
    if "WRITE_ACCESS_TABLE" in os.environ:
        DOCUMENT.write_text(written(table))
    assert DOCUMENT.read_text() == written(table), "docs/access.md is old: run make access"


def test_nothing_fails_whoever_asks(table):
    failed = [(route, *key) for route, row in table.items() for key in row if row[key] >= 500]
    assert [one for one in failed if one[0] != "readyz"] == []  # 503 while nothing works


def test_a_stranger_s_list_holds_nothing_of_others(db):
    make_incident(actor_of(make_member(Role.SUBMITTER)))
    outsider: Client = client_of(make_member(Role.SUBMITTER))
    assert outsider.get("/api/v1/reports/").json()["results"] == []
    assert Incident.objects.count() == 1
