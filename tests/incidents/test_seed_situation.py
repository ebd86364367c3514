"""Ten outlets, one agency, one anonymous soldier; then a hospital and a video; then a dispute."""

from ledger.models import AuditEntry
from tests.factories import make_incident
from tests.incidents.judging import fresh, merge, relayed_incident, split, url
from tests.incidents.test_judging import assess


def report_of(incident):
    return incident.reports.get()


def test_the_seed_situation(bob, beth):
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
    assert assess(beth, strike, "contested", fresh(strike).version).status_code == 201
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
    told = AuditEntry.objects.filter(object_id=strike.id).order_by("id")
    assert [entry.action for entry in told] == [
        "incident.merged",
        "incident.merged",
        "incident.assessed",
        "incident.assessed",
        "incident.split",
        "incident.merged",
    ]
