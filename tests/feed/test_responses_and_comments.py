"""What a party says in public is published; what monitors say to each other is not."""

import pytest

from accounts.models import Role
from feed.models import Audience, Change, LogEntry
from incidents.services.comments import comment_add
from incidents.services.responses import Conceded, ResponseDraft, response_record
from incidents.vocab import CivilianStatus, Outcome, Stance
from tests.factories import make_actor, make_incident
from tests.feed.making import features, published

ADMISSION = ResponseDraft(
    party="Ministry of Defence",
    stance=Stance.PARTLY,
    conceded=[Conceded(Outcome.KILLED, CivilianStatus.CIVILIAN, best=2)],
    quote="Two civilians died near the bakery.",
    url="https://mod.example/2",
)


def respond(incident, draft=ADMISSION):
    incident.refresh_from_db()
    bob = make_actor(Role.MONITOR)
    return response_record(
        actor=bob, incident_id=incident.id, version=incident.version, draft=draft
    )


@pytest.mark.parametrize("audience", Audience)
def test_party_stance_conceded_figures_and_address_are_shown_and_no_more(layer, audience):
    incident = make_incident()
    respond(incident)
    (feature,) = features(audience, published(incident))
    assert feature["properties"]["responses"] == [
        {
            "party": "Ministry of Defence",
            "stance": "partly",
            "url": "https://mod.example/2",
            "conceded": [
                {
                    "outcome": "killed",
                    "civilian_status": "civilian",
                    "minimum": None,
                    "best": 2,
                    "maximum": None,
                }
            ],
        }
    ]
    assert feature["properties"]["civilians_killed_best"] == 5
    assert "bakery" not in str(feature)


def test_a_response_reaches_the_feed_when_a_monitor_publishes_the_version(db):
    incident = published()
    respond(incident)
    before, after = features(Audience.PARTNER, published(incident))
    assert (before["properties"]["responses"], len(after["properties"]["responses"])) == ([], 1)
    newest = (
        LogEntry.objects.filter(object_id=incident.id, kind="incident")
        .order_by("-object_version")
        .first()
    )
    assert newest.change == Change.UPDATED


def test_only_what_stands_is_shown(db):
    incident = make_incident()
    old = respond(incident)
    denial = ResponseDraft("Ministry of Defence", Stance.DENIED, url="https://x/", replaces=old.id)
    respond(incident, denial)
    (feature,) = features(Audience.PARTNER, published(incident))
    assert [one["stance"] for one in feature["properties"]["responses"]] == ["denied"]


def test_no_word_of_a_comment_leaves(db):
    incident = make_incident()
    bob = make_actor(Role.MONITOR)
    comment_add(actor=bob, incident_id=incident.id, text="The witness is Umm Ahmed's cousin.")
    published(incident)
    rows = LogEntry.objects.filter(object_id=incident.id).values()
    assert len(rows) == 4
    assert not any("cousin" in str(row) or bob.label in str(row) for row in rows)


def test_what_was_published_before_there_were_responses_is_written_as_having_none(db):
    from feed.publishing import publications_write
    from incidents.models import Publication
    from tests.feed.making import decided

    publication: Publication = decided(make_incident())
    del publication.snapshot["responses"]
    entries = publications_write([publication])
    assert all('"responses":[]' in entry.feature for entry in entries)
