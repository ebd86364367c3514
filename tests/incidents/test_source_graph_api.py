"""The graph of who relays whom, as monitors read it; and what was recorded before."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from incidents.models import Incident
from tests.factories import make_incident

SOURCES = [
    {"ref": "a", "kind": "article", "name": "Outlet", "relays": ["g"]},
    {"ref": "g", "kind": "agency", "name": "Agency", "relays": ["s"]},
    {"ref": "s", "kind": "belligerent", "description": "anonymous soldier", "identity": "Zayd"},
]


def test_a_monitor_sees_the_sources_and_their_roots(bob):
    incident = make_incident(sources=SOURCES, claims=[])
    answer = bob.get(f"/api/v1/incidents/{incident.id}/").json()
    assert answer["independent_sources"] == 1
    nodes = {node["sources"][0]["ref"]: node for node in answer["sources"]}
    assert nodes["a"]["relays"] == [nodes["g"]["node"]]
    assert nodes["a"]["roots"] == nodes["s"]["roots"] == [0]
    assert [ref for ref, node in nodes.items() if node["is_root"]] == ["s"]
    assert nodes["s"]["sources"] == [{"report": answer["reports"][0], "ref": "s"}]


def test_a_sealed_identity_is_not_in_the_graph(bob):
    incident = make_incident(sources=SOURCES, claims=[])
    assert b"Zayd" not in bob.get(f"/api/v1/incidents/{incident.id}/").content


def test_lists_carry_the_number(bob):
    make_incident()
    assert bob.get("/api/v1/incidents/").json()["results"][0]["independent_sources"] == 2


def test_others_do_not_see_it(alice):
    incident = make_incident(sources=SOURCES, claims=[])
    assert alice.get(f"/api/v1/incidents/{incident.id}/").status_code == 403


def test_the_migration_counts_what_was_there_before(db):
    incident, other = make_incident(sources=SOURCES, claims=[]), make_incident()
    figures = incident.casualties, other.casualties
    Incident.objects.update(independent_sources=0, casualties=[])
    migration = import_module("incidents.migrations.0003_judgement_counted")
    migration.count_sources(apps, SimpleNamespace(connection=connection))
    for one, number in ((incident, 1), (other, 2)):
        one.refresh_from_db()
        assert one.independent_sources == number
    assert (incident.casualties, other.casualties) == figures
