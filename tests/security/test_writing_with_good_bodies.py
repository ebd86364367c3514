"""Good requests from the wrong people, or with too narrow a token, are refused and leave no row."""

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client

from accounts.actors import actor_of
from accounts.models import Membership, Role
from accounts.permissions import PERMISSIONS, Action
from incidents.models import MatchSuggestion, Report
from incidents.services.evidence import evidence_receive
from incidents.services.judging import incident_assess
from incidents.services.matching import matches_refresh
from tests.factories import bearer, make_incident, make_member, merge_incidents
from tests.feed.conftest import layer  # noqa: F401 - a fixture
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.incidents.openrosa.sending import MP4
from tests.security.access import (
    ADMINISTRATOR,
    MONITOR,
    NOBODY,
    OUTSIDER,
    OWNER,
    PARTNER,
    client_of,
    filled,
    routes,
)
from tests.security.bodies import LEAD, WRITES, Ids, send

pytestmark = pytest.mark.usefixtures("imports_folder", "layer")
SAFE = {"GET", "HEAD", "OPTIONS"}
# Whoever keeps one writes there alone: tests/feed/webhooks/test_api.py and
# tests/accounts/test_tokens_api.py have the outsiders.
OWNERS_ALONE = ("api/v1/webhooks/", "api/v1/tokens/", "api/v1/devices/")
# Of addresses that are only read: any value will do.
NOT_WRITTEN = ("import_id", "question_id", "name", "file_name", "cell")
# Where a submitter of another organisation writes what is then their own.
OWN_DOORS = {"api/v1/reports/", "api/v1/intake/kobo/", "api/v1/imports/"}
# What may have to go at once, an administrator takes away unseen.
ADMINISTRATORS_DOORS = {"api/v1/incidents/<uuid:incident_id>/redact/"}


@pytest.fixture
def owner(db) -> Membership:
    return make_member(Role.SUBMITTER)


@pytest.fixture
def ids(owner) -> Ids:
    """What belongs to one organisation, for every parameter of a route."""
    alice, monitor = actor_of(owner), make_member(Role.MONITOR)
    strike, joined, survivor, absorbed, graded = (make_incident(alice) for _number in range(5))
    report = Report.objects.get(incident=strike)
    merge_incidents(strike, joined)
    merge = merge_incidents(survivor, absorbed)
    matches_refresh(incident_ids=[strike.id])
    incident_assess(
        actor=actor_of(monitor), incident_id=graded.id, version=1, grade="fair", reason="Seen."
    )
    file = evidence_receive(
        actor=alice, report_id=report.id, name="a.mp4", content=ContentFile(MP4)
    )
    return {
        "incident_id": strike.id,
        "survivor_id": survivor.id,
        "graded_id": graded.id,
        "report_id": report.id,
        "evidence_id": file.evidence.id,
        "merge_id": merge.id,
        "match_id": MatchSuggestion.objects.filter(decision=None).first().id,
        "user": str(monitor.user_id),
    }


def rows_counted() -> dict[str, int]:
    made = set(connection.introspection.table_names())
    models = [model for model in apps.get_models() if model._meta.db_table in made]
    return {model._meta.label: model._base_manager.count() for model in models}


def tried(client: Client, write: tuple[str, str], ids: Ids) -> int:
    """Return the status of a good request, which is then taken back."""
    with transaction.atomic():
        status = send(client, *write, ids)
        transaction.set_rollback(True)
    return status


def narrowed(member: Membership, scopes: frozenset[Action]) -> Client:
    return Client(**bearer(member, scopes=sorted(scopes)))


def test_every_address_that_writes_has_its_good_body(ids):
    monitor = client_of(make_member(Role.MONITOR))
    for route in routes():
        if not route.startswith("api/v1/") or route.startswith(OWNERS_ALONE):
            continue
        path = filled(route, ids | dict.fromkeys(NOT_WRITTEN, ids["merge_id"]))
        allowed = set(monitor.options(path)["Allow"].split(", ")) - SAFE
        assert allowed == {method for method, known in WRITES if known == route}, route


def test_who_may_is_let_through(owner, ids):
    clients = {
        OWNER: client_of(owner),
        MONITOR: client_of(make_member(Role.MONITOR)),
        LEAD: client_of(make_member(Role.LEAD_MONITOR)),
    }
    for write, what in WRITES.items():
        assert tried(clients[what.by], write, ids) in {200, 201, 202, 204}, write


def test_strangers_are_refused_and_leave_no_row(ids):
    strangers = {
        NOBODY: Client(),
        OUTSIDER: client_of(make_member(Role.SUBMITTER)),
        PARTNER: client_of(make_member(Role.PARTNER)),
        ADMINISTRATOR: client_of(make_member(Role.ADMINISTRATOR)),
    }
    before = rows_counted()
    for write in WRITES:
        for name, client in strangers.items():
            own = {OUTSIDER: OWN_DOORS, ADMINISTRATOR: ADMINISTRATORS_DOORS}.get(name, set())
            if write[1] not in own:
                assert send(client, *write, ids) in {401, 403, 404}, (name, write)
    assert rows_counted() == before


def test_neither_submitters_judge_nor_monitors_speak_for_others(owner, ids):
    monitor = client_of(make_member(Role.MONITOR))
    clients = {OWNER: monitor, MONITOR: client_of(owner), LEAD: monitor}
    before = rows_counted()
    for write, what in WRITES.items():
        if write[1] not in OWN_DOORS:
            assert send(clients[what.by], *write, ids) in {403, 404}, write
    assert rows_counted() == before


def test_a_token_writes_with_the_scopes_that_it_takes_and_without_one_of_them_nothing(owner, ids):
    members = {
        OWNER: owner,
        MONITOR: make_member(Role.MONITOR),
        LEAD: make_member(Role.LEAD_MONITOR),
    }
    for write, what in WRITES.items():
        member = members[what.by]
        just_these = narrowed(member, what.needs)
        assert tried(just_these, write, ids) in {200, 201, 202, 204}, write
        for scope in what.needs:
            others = narrowed(member, PERMISSIONS[Role(member.role)] - {scope})
            before = rows_counted()
            assert send(others, *write, ids) in {403, 404}, (write, scope)
            assert rows_counted() == before, (write, scope)
