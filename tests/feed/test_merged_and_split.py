"""What readers of the feed see of merging and splitting."""

import pytest

from accounts.models import Role
from feed.leaving import Departure, departures_write
from feed.models import Audience, Change, LogEntry
from feed.sealing import CONTENT, entry_hash, seal
from incidents.services.merging import incident_split, merge_undo
from incidents.services.workflow import incident_withdraw
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident, merge_incidents
from tests.feed.making import ITEMS, decided, published

pytestmark = pytest.mark.usefixtures("db")


def merged(into, *others):
    record = merge_incidents(into, *others)
    told()
    return record


def told():
    dispatch("feed.publish")
    seal()


def published_here(**changes):
    incident = published(**changes)
    told()
    return incident


def last(incident, audience=Audience.PUBLIC):
    return LogEntry.objects.filter(
        audience=audience, object_id=incident.id, kind="incident"
    ).latest("object_version")


def listed(client):
    return [feature["id"] for feature in client.get(ITEMS).json()["features"]]


@pytest.mark.parametrize("audience", Audience)
def test_a_merged_one_leaves_a_row_that_names_the_survivor(audience):
    one, two = published_here(), published_here()
    merged(two, one)
    row = last(one, audience)
    assert (row.change, row.merged_into, row.feature) == (Change.MERGED_INTO, two.id, "")
    assert (row.geometry, row.object_version) == (None, 3)
    assert last(two, audience).change == Change.CREATED


def test_items_list_it_no_longer_and_its_address_names_the_survivor(client):
    one, two = published_here(), published_here()
    merged(two, one)
    assert listed(client) == [str(two.id)]
    answer = client.get(f"{ITEMS}/{one.id}")
    assert answer.status_code == 404
    assert answer.json()["merged_into"] == str(two.id)
    assert answer["Cache-Control"] == "no-store"


def test_a_survivor_that_is_not_shown_is_not_named(client):
    one, two = published_here(), make_incident()
    merged(two, one)
    assert (last(one).change, last(one).merged_into) == (Change.WITHDRAWN, None)
    answer = client.get(f"{ITEMS}/{one.id}")
    assert answer.status_code == 404
    assert str(two.id) not in answer.content.decode()


def test_each_audience_is_told_of_what_it_is_shown():
    one, two = published_here(), published_here(consent__publish=False)
    merged(two, one)
    assert last(one, Audience.PUBLIC).merged_into is None
    assert last(one, Audience.PARTNER).merged_into == two.id


def test_one_that_was_never_published_writes_nothing():
    one, two = make_incident(), published_here()
    merged(two, one)
    assert not LogEntry.objects.filter(object_id=one.id).exists()


def test_an_event_handled_twice_writes_one_row():
    one, two = published_here(), published_here()
    departure = Departure(one.id, 3, Change.MERGED_INTO, two.id)
    assert len(departures_write([departure])) == 2
    assert departures_write([departure, departure]) == []


def test_the_hash_covers_the_survivor():
    one, two = published_here(), published_here()
    merged(two, one)
    row = LogEntry.objects.values(*CONTENT, "hash", "seq", "sealed_at").get(id=last(one).id)
    place = row["seq"], row["sealed_at"]
    assert row["hash"] == entry_hash(row, *place)
    assert row["hash"] != entry_hash(row | {"merged_into": one.id}, *place)


def test_a_restored_incident_is_published_anew(client):
    one, two = published_here(), published_here()
    record = merged(two, one)
    two.refresh_from_db()
    merge_undo(actor=make_actor(Role.MONITOR), merge_id=record.id, version=two.version, reason="no")
    told()
    assert listed(client) == [str(two.id)]
    decided(one)
    told()
    assert set(listed(client)) == {str(two.id), str(one.id)}
    assert last(one).change == Change.CREATED


def test_what_was_published_of_the_merge_is_taken_back_when_it_is_undone(client):
    one, two = published_here(), published_here()
    record = merged(two, one)
    decided(two)
    told()
    two.refresh_from_db()
    merge_undo(actor=make_actor(Role.MONITOR), merge_id=record.id, version=two.version, reason="no")
    told()
    assert last(two).change == Change.SPLIT
    assert listed(client) == []
    two.refresh_from_db()
    assert two.state == "in_review"


def test_a_split_one_leaves_until_it_is_published_again(client):
    one = make_incident()
    merged(one, make_incident())
    published(one)
    told()
    one.refresh_from_db()
    new = incident_split(
        actor=make_actor(Role.MONITOR),
        incident_id=one.id,
        report_ids=[one.reports.first().id],
        version=one.version,
        reason="another",
    )
    told()
    assert (last(one).change, last(one).feature) == (Change.SPLIT, "")
    assert listed(client) == []
    assert not LogEntry.objects.filter(object_id=new.id).exists()
    decided(one)
    told()
    assert listed(client) == [str(one.id)]


def test_a_withdrawn_one_leaves_without_the_monitors_words(client):
    one = published_here()
    one.refresh_from_db()
    incident_withdraw(
        actor=make_actor(Role.MONITOR),
        incident_id=one.id,
        version=one.version,
        reason="Abu Ali lied",
    )
    told()
    assert (last(one).change, last(one).feature) == (Change.WITHDRAWN, "")
    assert last(one).reason == "withdrawn from the record"
    assert listed(client) == []
    assert client.get(f"{ITEMS}/{one.id}").status_code == 404


def test_a_publication_and_the_merge_after_it_are_written_in_order():
    one, two = make_incident(), published_here()
    decided(one)
    merged(two, one)
    public = LogEntry.objects.filter(audience=Audience.PUBLIC, object_id=one.id, kind="incident")
    changes = list(public.order_by("object_version").values_list("change", flat=True))
    assert changes == [Change.CREATED, Change.MERGED_INTO]
