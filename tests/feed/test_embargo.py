"""What is under embargo is in nobody's log, whatever is done to it, and comes out by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.models import Audience, LogEntry
from feed.publishing import publications_write
from feed.sealing import seal
from incidents.models import Incident
from incidents.services.embargo import embargoes_end, incident_embargo
from incidents.services.judging import incident_publish
from incidents.services.merging import incident_merge, incident_split, merge_undo
from incidents.services.redaction import incident_redact
from incidents.services.workflow import incident_withdraw
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident, merge_incidents
from tests.feed.making import decided
from tests.incidents.judging import fresh

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def lead():
    return make_actor(Role.LEAD_MONITOR)


def in_days(days=7):
    return timezone.now() + timedelta(days=days)


def hold(lead, incident, until=None, **options):
    options = {"until": until or in_days(), "reason": "They are still inside."} | options
    return incident_embargo(
        actor=lead, incident_id=incident.id, version=fresh(incident).version, **options
    )


def lift(lead, incident):
    return incident_embargo(
        actor=lead,
        incident_id=incident.id,
        version=fresh(incident).version,
        until=None,
        reason="All are out.",
    )


def told():
    dispatch("feed.publish")
    seal()


def time_passes(*incidents):
    """Let embargoes end, and the sweep find them."""
    past = timezone.now() - timedelta(seconds=1)
    Incident.objects.filter(id__in=[one.id for one in incidents]).update(embargo_until=past)
    ended = embargoes_end()
    told()
    return ended


def changes(incident, audience=Audience.PUBLIC):
    rows = LogEntry.objects.filter(
        object_id=incident.id, audience=audience, kind="incident"
    ).order_by("seq")
    return list(rows.values_list("change", flat=True))


def test_it_is_in_nobody_s_log_until_it_ends_and_then_comes_by_itself(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    told()
    assert embargoes_end() == 0
    assert not LogEntry.objects.exists()
    assert time_passes(incident) == 1
    for audience in Audience:
        assert changes(incident, audience) == ["created"]
    assert embargoes_end() == 0


def test_only_what_was_published_comes(lead):
    incident = make_incident()
    hold(lead, incident)
    time_passes(incident)
    assert not LogEntry.objects.exists()


def test_lifting_it_lets_what_waited_out_at_once(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    lift(lead, incident)
    told()
    assert changes(incident) == ["created"]


def test_publishing_again_and_regrading_meanwhile_do_not_let_it_out(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    decided(incident)
    told()
    assert not LogEntry.objects.exists()
    newest = fresh(incident).published_version
    time_passes(incident)
    rows = LogEntry.objects.filter(audience=Audience.PUBLIC, kind="incident")
    assert [row.object_version for row in rows] == [newest]


def test_what_is_out_is_taken_back_in_words_that_tell_no_reason(lead):
    incident = make_incident()
    decided(incident)
    told()
    hold(lead, incident)
    told()
    assert changes(incident) == ["created", "withdrawn"]
    last = LogEntry.objects.filter(audience=Audience.PUBLIC, kind="incident").latest("seq")
    assert "embargo" not in last.reason
    version = fresh(incident).version
    incident_publish(actor=lead, incident_id=incident.id, version=version)
    told()
    assert changes(incident) == ["created", "withdrawn"]
    time_passes(incident)
    assert changes(incident) == ["created", "withdrawn", "created"]


def test_what_the_feed_was_about_to_write_is_not_written(lead):
    incident = make_incident()
    publication = decided(incident)
    hold(lead, incident)
    publications_write([publication])
    told()
    assert not LogEntry.objects.exists()


def test_a_longer_one_keeps_what_waits_waiting(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    hold(lead, incident, in_days(30))
    told()
    assert not LogEntry.objects.exists()
    time_passes(incident)
    assert changes(incident) == ["created"]


def test_one_that_is_withdrawn_meanwhile_never_comes(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    version = fresh(incident).version
    incident_withdraw(actor=lead, incident_id=incident.id, version=version, reason="A hoax.")
    time_passes(incident)
    assert not LogEntry.objects.exists()


def test_one_that_is_redacted_meanwhile_never_comes(lead):
    incident = make_incident()
    hold(lead, incident)
    decided(incident)
    incident_redact(actor=lead, incident_id=incident.id, reason="It names a house.")
    time_passes(incident)
    assert not LogEntry.objects.exists()


def test_what_it_is_merged_into_is_held_as_long(lead):
    held, other = make_incident(), make_incident()
    hold(lead, held)
    decided(held)
    merge_incidents(other, held)
    assert fresh(other).embargo_until == fresh(held).embargo_until
    decided(other)
    told()
    assert not LogEntry.objects.exists()
    time_passes(held, other)
    assert (changes(held), changes(other)) == ([], ["created"])


def test_the_longest_holds_after_a_merge(lead):
    survivor, joined = make_incident(), make_incident()
    hold(lead, survivor, in_days(9))
    hold(lead, joined, in_days(2))
    until = fresh(survivor).embargo_until
    merge_incidents(survivor, joined)
    assert fresh(survivor).embargo_until == until


def test_what_was_out_and_is_merged_into_it_does_not_name_it(lead):
    held, shown = make_incident(), make_incident()
    decided(shown)
    told()
    hold(lead, held)
    merge_incidents(held, shown)
    told()
    row = LogEntry.objects.filter(audience=Audience.PUBLIC, kind="incident").latest("seq")
    assert (row.change, row.merged_into) == ("withdrawn", None)


def test_undoing_a_merge_gives_the_held_one_back_held(lead):
    held, other = make_incident(), make_incident()
    hold(lead, held)
    record = incident_merge(
        actor=lead,
        into_id=other.id,
        from_ids=[held.id],
        versions={one.id: fresh(one).version for one in (held, other)},
        reason="One.",
    )
    merge_undo(actor=lead, merge_id=record.id, version=fresh(other).version, reason="Two.")
    for one in (held, other):
        assert fresh(one).embargo_until
        decided(one)
    told()
    assert not LogEntry.objects.exists()


def test_what_is_split_off_is_held_too(lead):
    held, joined = make_incident(), make_incident()
    report = joined.reports.get()
    hold(lead, held)
    merge_incidents(held, joined)
    new = incident_split(
        actor=lead,
        incident_id=held.id,
        report_ids=[report.id],
        version=fresh(held).version,
        reason="Another street.",
    )
    decided(new)
    told()
    assert not LogEntry.objects.exists()
    time_passes(new)
    assert changes(new) == ["created"]
