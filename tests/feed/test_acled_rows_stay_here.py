"""What ACLED's licence forbids to be passed on is published by no route."""

import pytest

from accounts.models import Role
from accounts.selectors import actor_of_member
from core.errors import InvalidInput
from feed.models import Audience, LogEntry
from feed.publishing import publications_write
from incidents.models import Incident, Publication, Report
from incidents.services.judging import NotPublishable
from incidents.snapshots import audiences_permitted, snapshot_of
from tests.clients.stories import send
from tests.factories import make_actor, make_incident, merge_incidents
from tests.feed.making import decided, features, published
from tests.incidents.imports.files import imported

SECRET = "Airstrike on Mosul, of which only ACLED tells"
ROW = {
    "event_id_cnty": "IRQ1",
    "event_date": "08 November 2024",
    "time_precision": "1",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike",
    "actor1": "Unknown",
    "iso": "368",
    "country": "Iraq",
    "location": SECRET,
    "latitude": "36.335",
    "longitude": "43.1189",
    "geo_precision": "1",
    "source": "Undisclosed Source",
    "notes": SECRET,
    "fatalities": "3",
}


@pytest.fixture
def acled(db, imports_folder):
    """Return the incident that a row of an ACLED export opened."""
    quoted = ",".join(f'"{text}"' for text in ROW.values())
    content = f"{','.join(ROW)}\n{quoted}\n".encode()
    run = imported(make_actor(), content, preset="acled")
    assert (run.new, run.refused) == (1, 0), list(run.rejected.values_list("errors"))
    return Incident.objects.get()


def test_the_row_says_that_it_may_not_be_passed_on(acled):
    report = Report.objects.get()
    assert (report.licence, report.may_republish) == ("all-rights-reserved", False)
    assert audiences_permitted(snapshot_of(acled)) == []


def test_a_monitor_cannot_publish_it(acled):
    with pytest.raises(NotPublishable, match="may not be passed on"):
        decided(acled)
    assert not Publication.objects.exists()
    assert not LogEntry.objects.exists()


def test_nor_as_a_part_of_another_incident(acled):
    other = make_incident()
    merge_incidents(other, acled)
    with pytest.raises(NotPublishable):
        decided(other)
    assert not LogEntry.objects.exists()


def test_nor_with_another_merged_into_it(acled):
    merge_incidents(acled, make_incident())
    with pytest.raises(NotPublishable):
        decided(acled)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"licence": "CC-BY-4.0", "may_republish": False}, "licence"),
        ({"licence": "all-rights-reserved", "may_republish": True}, "may_republish"),
    ],
)
def test_nor_once_its_sender_corrected_it(acled, said, field):
    row = Report.objects.get()
    sender = actor_of_member(row.submitted_by_id, row.organisation_id)
    with pytest.raises(InvalidInput) as refused:
        send(sender, corrects=row.idempotency_key, **said)
    assert [error.field for error in refused.value.errors] == [field]
    kept = {"licence": "all-rights-reserved", "may_republish": False}
    send(sender, corrects=row.idempotency_key, **kept)
    with pytest.raises(NotPublishable):
        decided(acled)


def test_what_was_published_is_taken_back_once_such_a_row_is_part_of_it(acled):
    other = published()
    merge_incidents(other, acled)
    publications_write([decided(other)])
    for audience in Audience:
        assert LogEntry.objects.filter(audience=audience).latest("object_version").feature == ""
        assert all(SECRET not in str(feature) for feature in features(audience, other))


def test_the_publisher_writes_nothing_even_where_the_service_were_passed_by(acled):
    publication = Publication.objects.create(
        incident=acled,
        incident_version=acled.version,
        snapshot=snapshot_of(acled),
        published_by_id=make_actor(Role.MONITOR).id,
    )
    assert publications_write([publication]) == []
    assert not LogEntry.objects.exists()
