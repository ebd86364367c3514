"""Who is looking now: for a minute, in Redis, and never in anybody's way."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from redis import Redis

from accounts.models import Role
from core.errors import NotAllowed
from incidents.services.looking import looking_end, looking_list, looking_note
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, url

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def names(looking):
    return [one.name for one in looking]


def test_monitors_see_each_other_the_longest_first(bob, beth):
    incident = make_incident()
    path = url(incident, "looking/")
    assert bob.put(path).status_code == 200
    rows = beth.put(path).json()
    assert [row["user"] for row in rows] == [
        str(bob.membership.user_id),
        str(beth.membership.user_id),
    ]
    assert set(rows[0]) == {"user", "name", "since"}
    assert bob.delete(path).status_code == 204
    assert [row["user"] for row in bob.get(path).json()] == [str(beth.membership.user_id)]
    assert bob.get(url(make_incident(), "looking/")).json() == []


def test_since_is_kept_while_they_say_so_again_and_lost_after_a_minute(db):
    bob, beth, incident = make_actor(Role.MONITOR), make_actor(Role.MONITOR), make_incident()
    with time_machine.travel(NOON, tick=False) as clock:
        looking_note(actor=bob, incident_id=incident.id)
        looking_note(actor=beth, incident_id=incident.id)
        clock.shift(timedelta(seconds=40))
        (first, _second) = looking_note(actor=bob, incident_id=incident.id)
        assert (first.user, first.since) == (bob.id, NOON)
        clock.shift(timedelta(seconds=40))
        assert names(looking_list(actor=bob, incident_id=incident.id)) == [bob.label]
        (_first, again) = looking_note(actor=beth, incident_id=incident.id)
        assert again.since == NOON + timedelta(seconds=80)


def test_redis_keeps_it_under_our_prefix_and_not_for_long(db):
    bob, incident = make_actor(Role.MONITOR), make_incident()
    looking_note(actor=bob, incident_id=incident.id)
    with Redis.from_url(django_settings.REDIS_URL) as client:
        left = client.ttl(f"{django_settings.REDIS_PREFIX}:looking:{incident.id}")
    assert 0 < left <= 60


def test_without_redis_nobody_seems_to_look_and_nothing_fails(private_redis, db, bob):
    incident = make_incident()
    path = url(incident, "looking/")
    assert len(bob.put(path).json()) == 1
    private_redis.stop()
    assert bob.put(path).json() == []
    assert bob.get(path).json() == []
    assert bob.delete(path).status_code == 204
    assert bob.get(url(incident)).status_code == 200
    private_redis.start()
    assert len(bob.put(path).json()) == 1


def test_a_redis_that_hangs_is_not_waited_for(private_redis, db, bob):
    path = url(make_incident(), "looking/")
    bob.put(path)
    private_redis.hang()
    assert bob.get(path).json() == []


def test_the_record_knows_nothing_of_it(bob):
    incident = make_incident()
    bob.put(url(incident, "looking/"))
    assert fresh(incident).version == 1
    assert "looking" not in bob.get(url(incident)).json()


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_look_nor_see_who_does(bob, role):
    incident, outsider = make_incident(), ApiClient(make_member(role))
    path = url(incident, "looking/")
    bob.put(path)
    for answer in (outsider.get(path), outsider.put(path), outsider.delete(path)):
        assert answer.status_code == 403
    for service in (looking_note, looking_list, looking_end):
        with pytest.raises(NotAllowed):
            service(actor=make_actor(role), incident_id=incident.id)


def test_nobody_looks_at_what_is_not_there(bob):
    nowhere = "00000000-0000-0000-0000-000000000000"
    assert bob.put(url(nowhere, "looking/")).status_code == 404
    assert bob.get(url(nowhere, "looking/")).status_code == 404
