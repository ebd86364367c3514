"""Ten outlets, one agency, one anonymous soldier; then a hospital and a video; then a dispute."""

import pytest

from accounts.models import Organisation, Role
from ledger.models import AuditEntry
from ledger.sealing import seal
from tests.factories import make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, merge, relayed_incident, split, url
from tests.incidents.test_judging import assess


@pytest.fixture
def monitors(committed_db):
    """Two of them; each of their acts is a transaction of its own, as in life."""
    watch = Organisation.objects.create(name="Watch")
    members = [make_member(Role.MONITOR, watch, name=name) for name in ("Bob", "Beth")]
    return [ApiClient(member) for member in members]


def report_of(incident):
    return incident.reports.get()


def test_the_seed_situation(monitors):
    bob, beth = monitors
    strike, *repeats = [relayed_incident(number) for number in range(1, 11)]
    merge(bob, strike, *repeats)
    assert fresh(strike).independent_sources == 1

    hospital = make_incident(
        sources=[{"ref": "h", "kind": "hospital", "name": "A hospital"}],
        claims=[{"source": "h", "outcome": "killed", "best": 5}],
    )
    video = make_incident(sources=[{"ref": "v", "kind": "video", "name": "Clip"}], claims=[])
    video_report = report_of(video)
    merge(bob, strike, hospital, video)
    strike = fresh(strike)
    assert strike.independent_sources == 3
    (figure,) = strike.casualties
    assert (figure["independent_sources"], len(figure["claims"])) == (2, 11)
    assert (figure["minimum"], figure["best"], figure["maximum"]) == (1, 5, 10)

    assert assess(bob, strike, "fair", fresh(strike).version).status_code == 201
    denied = {"reason": "The accused force denies it."}
    assert assess(beth, strike, "contested", fresh(strike).version, **denied).status_code == 201
    assert fresh(strike).grade == "contested"

    apart = split(bob, strike, video_report, reason="Filmed elsewhere.").json()
    assert fresh(strike).independent_sources == 2
    assert bob.get(url(apart["id"])).json()["independent_sources"] == 1
    known = [{"id": apart["id"], "version": apart["version"]}]
    assert merge(beth, strike, incidents=known, reason="The same crater.").status_code == 201

    answer = bob.get(url(strike)).json()
    assert (answer["independent_sources"], answer["grade"]) == (3, "contested")
    assert len(answer["reports"]) == 12
    roots = {node["kind"] for node in answer["sources"] if node["is_root"]}
    assert roots == {"belligerent", "hospital", "video"}
    for old in (*repeats, hospital, video):
        assert bob.get(url(old))["Location"].endswith(url(strike))
    the_timeline_tells_it(bob, strike, apart["id"])


def the_timeline_tells_it(bob, strike, apart):
    seal()
    lines = bob.get(url(strike, "timeline/")).json()["results"]
    arrived = [line for line in lines if line["action"] == "report.received"]
    assert len(arrived) == 12
    assert lines[:10] == arrived[:10]
    told = [(line["text"], line["version"]) for line in lines if line not in arrived]
    bob, beth = (f"{name} (Watch)" for name in ("Bob", "Beth"))
    assert told == [
        (f"{bob} merged 9 other incidents into it: The same strike.", 2),
        (f"{bob} merged 2 other incidents into it: The same strike.", 3),
        (f"{bob} graded it fair: Two independent sources.", 4),
        (f"{beth} graded it contested: The accused force denies it.", 5),
        (f"{bob} split a report off, into incident {apart}: Filmed elsewhere.", 6),
        (f"{beth} merged another incident into it: The same crater.", 7),
    ]
    changed = {line["version"]: before_and_after(line) for line in lines if line not in arrived}
    assert [changed[version]["independent_sources"] for version in (3, 6, 7)] == [
        (1, 3),
        (3, 2),
        (2, 3),
    ]
    assert changed[4] == {"state": ("new", "in_review"), "grade": ("", "fair")}
    assert changed[5] == {"grade": ("fair", "contested")}
    assert [line["seq"] for line in lines] == sorted(
        AuditEntry.objects.filter(seq__in=[line["seq"] for line in lines]).values_list(
            "seq", flat=True
        )
    )


def before_and_after(line):
    return {change["field"]: (change["before"], change["after"]) for change in line["changes"]}
