"""Context events in the feed: a collection of their own, blurred like strikes, no exposure."""

from accounts.models import Role
from feed.models import Audience, Change, Kind, LogEntry
from feed.publishing import publications_write
from feed.sealing import seal
from incidents.models import Incident
from incidents.services.workflow import incident_withdraw
from ledger.dispatch import dispatch
from tests.factories import CONTEXT, make_actor, make_incident
from tests.feed.making import decided, features, public_feature, published

ITEMS = "/ogc/collections/context-events/items"


def test_it_is_served_in_its_own_collection_and_not_among_the_incidents(public, layer):
    event, strike = published(**CONTEXT), published()
    assert [item["id"] for item in public.get(ITEMS).json()["features"]] == [str(event.id)]
    items = public.get("/ogc/collections/incidents/items").json()["features"]
    assert [item["id"] for item in items] == [str(strike.id)]
    assert public.get(f"{ITEMS}/{event.id}").status_code == 200
    assert public.get(f"{ITEMS}/{strike.id}").status_code == 404


def test_it_says_what_happened_and_how_many_and_names_no_population_layer(layer):
    properties = public_feature(published(**CONTEXT))["properties"]
    assert properties["kind"] == "displacement"
    (figure,) = properties["casualties"]
    assert (figure["outcome"], figure["minimum"], figure["maximum"]) == ("displaced", 50_000, None)
    assert "Test census" not in properties["attribution"]


def test_its_public_place_is_blurred_and_typed_words_stay_with_partners(layer):
    event = published(**CONTEXT)
    public, partner = public_feature(event), features(Audience.PARTNER, event)[0]
    assert public["geometry"] != partner["geometry"]
    assert "title" not in public["properties"]
    assert partner["properties"]["title"] == "People flee Mosul"


def test_withdrawn_it_leaves_its_collection(db, public):
    event = published(**CONTEXT)
    version = Incident.objects.get(id=event.id).version
    incident_withdraw(
        actor=make_actor(Role.MONITOR), incident_id=event.id, version=version, reason="wrong"
    )
    dispatch("feed.publish")
    seal()
    last = LogEntry.objects.filter(object_id=event.id, audience=Audience.PUBLIC).latest("seq")
    assert (last.kind, last.change) == (Kind.CONTEXT_EVENT, Change.WITHDRAWN)
    assert public.get(ITEMS).json()["features"] == []


def test_a_snapshot_made_before_there_were_kinds_is_a_strike(db):
    publication = decided(make_incident())
    del publication.snapshot["kind"]
    entries = publications_write([publication])
    assert {entry.kind for entry in entries} == {Kind.INCIDENT}
