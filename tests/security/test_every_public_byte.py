"""Planted secrets, looked for in every byte that somebody without account can get from anywhere."""

import re
from datetime import UTC, datetime

import msgspec
import pytest
from django.test import Client

from accounts.models import Role
from feed.models import Audience, Kind, LogEntry
from feed.releases import release_create, releases_make
from feed.risk import risk_publish_if_due
from feed.sealing import seal
from incidents import types
from ledger.dispatch import dispatch
from tests.factories import bearer, make_actor, make_member
from tests.feed.conftest import layer, releases_folder, units  # noqa: F401 - fixtures
from tests.security.planting import FREE_TEXT, planted
from tests.security.public_walk import NO_SUCH, answers, text_of
from tests.security.test_public_feed_leaks_nothing import decimal_forms

# Digits that no corner of the risk cells around happens to have.
SEEN, HELD = (43.78412357, 33.34618642), (42.61239871, 34.21457836)
# The heads change with whatever is recorded, and hold hashes alone; the other tells of the machine.
PASSING_PLACES = (".well-known/harmwatch-ledger.json", "/readyz")
PASSING = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|\+00:00)|[Rr]ate[Ll]imit.*|Expires: .*"
    r'|name="csrfmiddlewaretoken" value="\w+"'
)


def told():
    dispatch("feed.publish")
    seal()


def risk_told():
    """Have each audience's risk published, with cells that name what they are made of."""
    for audience in Audience:
        run = risk_publish_if_due(audience, now=datetime(2014, 6, 1, tzinfo=UTC))
        assert run.state == "finished", run.error
        assert run.cell_count
    seal()


@pytest.fixture
def world(layer, units, releases_folder, imports_folder):  # noqa: F811
    """One that is shown and one that is not, in the log and in releases."""
    shown, held = planted("qzseen", SEEN), planted("qzheld", HELD, embargo=True)
    told()
    risk_told()
    lead = make_actor(Role.LEAD_MONITOR)
    for audience in Audience:
        release_create(actor=lead, name=f"of-{audience}", audience=audience)
    releases_make()
    return shown, held


def known(shown, *held):
    return {
        "ids": [str(shown.incident.id)],
        "hidden_ids": [str(one.incident.id) for one in held],
        "place": SEEN,
    }


@pytest.mark.parametrize("role", [None, "submitter"])
def test_no_answer_holds_what_was_planted(world, role):
    shown, held = world
    forbidden = {"of-partner"} | shown.words | held.words
    for place in (SEEN, HELD):
        forbidden |= decimal_forms(place[0]) | decimal_forms(place[1])
    headers = bearer(make_member(role)) if role else {}
    client = Client(raise_request_exception=False, **headers)
    count = 0
    for request, answer in answers(client, known(shown, held)):
        # An error may repeat the address that was asked for.
        path = request.split()[1].partition("?")[0]
        rest = answer.replace(path, "").replace(path.rpartition("/")[2] or path, "")
        found = {secret for secret in forbidden if secret in rest}
        assert not found, request
        count += str(shown.incident.id) in answer
    assert count > 20  # the one that may be seen is there, so the search was not in vain


def test_the_words_were_there_to_be_found(world):
    shown, held = world
    feature = LogEntry.objects.get(audience=Audience.PARTNER, kind=Kind.INCIDENT).feature
    assert "qzseentitle" in feature
    assert "qzseenlocationplacename" in feature
    assert LogEntry.objects.filter(object_id=held.incident.id).count() == 0
    for audience in Audience:
        cells = LogEntry.objects.filter(audience=audience, kind=Kind.RISK_CELL)
        assert cells.filter(feature__contains=str(shown.incident.id)).exists()


def test_every_text_that_a_report_may_hold_was_planted():
    """A new field of free text fails here until it is among those that are looked for."""
    drafts = {
        "": types.ReportDraft,
        "sources": types.SourceDraft,
        "claims": types.ClaimDraft,
        "location": types.Place,
    }
    planted_here = {tuple(p for p in name.split("__") if not p.isdigit()) for name in FREE_TEXT}
    for above, draft in drafts.items():
        for field in msgspec.structs.fields(draft):
            rules = getattr(field.type, "__metadata__", ())
            is_long = any((rule.max_length or 0) >= 300 for rule in rules)
            if is_long or field.type == types.PCode:
                assert (*filter(None, [above]), field.name) in planted_here, field.name


def settled(client, shown):
    """Return every answer to GET without what passes with time."""
    return {
        request: PASSING.sub("", answer)
        for request, answer in answers(client, shown)
        if request.startswith("GET") and not any(place in request for place in PASSING_PLACES)
    }


def test_no_byte_changes_when_something_is_held_back(layer, units):  # noqa: F811
    shown = planted("qzseen", SEEN)
    told()
    risk_told()
    client = Client(raise_request_exception=False)
    before = settled(client, known(shown))
    planted("qzheld", HELD, embargo=True)
    told()
    after = settled(client, known(shown))
    assert {request for request in before if before[request] != after[request]} == set()


def test_what_is_held_back_is_answered_as_what_never_was(world):
    _shown, held = world
    client = Client(raise_request_exception=False)
    ids = (str(held.incident.id), NO_SUCH)
    paths = [
        f"/ogc/collections/{collection}/items/{{}}"
        for collection in ("incidents", "context-events", "exposure")
    ]
    for path in (*paths, "/api/v1/incidents/{}/", "/api/v1/incidents/{}/proof/"):
        told_of, unknown = (
            PASSING.sub("", text_of(client.get(path.format(id_)))).replace(id_, "") for id_ in ids
        )
        assert told_of == unknown
