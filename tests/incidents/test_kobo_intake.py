"""KoboToolbox passes the strike form on as JSON; the same answers make the same report."""

import json

import pytest

from accounts.models import Role
from incidents.intake import kobo, openrosa
from incidents.models import Report
from tests.factories import make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.openrosa.sending import FILES, form

URL = "/api/v1/intake/kobo/"
SENT = {
    "_id": 101,
    "formhub/uuid": "3a6b",
    "__version__": "vYx",
    "_submission_time": "2014-05-12T08:00:00",
    "_geolocation": [33.3497, 43.7841],
    "_attachments": [{"filename": "ngo/attachments/1399800000001.jpg"}],
    "what/weapon": "barrel_bomb",
    "what/title": "Barrel bombs on Fallujah",
    "what/description": "سقط برميلان متفجران على حي سكني.",
    "what/language": "ar",
    "what/alleged_actor": "Government forces",
    "what/targets": "residential market",
    "what/damage": "destroyed",
    "when/occurred_on": "2014-05-11",
    "when/time_precision": "day",
    "where/place_by": "map",
    "where/location": "33.3497 43.7841 0.0 12.5",
    "where/place_name": "Fallujah",
    "where/location_precision": "exact",
    "where/country": "IQ",
    "source/source_kind": "article",
    "source/source_name": "An outlet",
    "source/source_url": "https://outlet.example/1",
    "is_relayed": "yes",
    "relayed": [
        {"relayed/relayed_kind": "agency", "relayed/relayed_name": "An agency"},
        {
            "relayed/relayed_kind": "belligerent",
            "relayed/relayed_description": "anonymous soldier",
            "relayed/relayed_identity": "Umm Ahmed's cousin",
        },
    ],
    "has_figures": "yes",
    "figure": [
        {
            "figure/outcome": "killed",
            "figure/who": "civilians",
            "figure/minimum": 4,
            "figure/best": "5",
            "figure/maximum": "7",
        },
        {"figure/outcome": "displaced", "figure/who": "all", "figure/minimum": "50000"},
        {"figure/outcome": "killed", "figure/who": "women", "figure/best": "2"},
        {"figure/outcome": "injured", "figure/who": "children", "figure/maximum": "3"},
    ],
    "evidence/media_count": "n3",
    "evidence/media": [
        {"evidence/media/media_kind": "photo", "evidence/media/photo": name}
        if name.endswith("jpg")
        else {"evidence/media/media_kind": "video", "evidence/media/video": name}
        for name in FILES
    ],
    "consent/consent_basis": "informed",
    "consent/store": "yes",
    "consent/share": "yes",
    "consent/publish": "yes",
    "consent/court": "no",
    "consent/may_republish": "yes",
    "consent/licence": "CC-BY-4.0",
    "reporter/reporter_name": "Abu Sami",
    "meta/instanceID": "uuid:kobo-1",
}


def test_it_means_what_a_phone_would_have_sent_itself(db):
    by_json = kobo.submission_parse(json.dumps(SENT).encode())
    by_xml = openrosa.submission_parse(form()).submission
    assert by_json.draft == by_xml.draft
    assert by_json.attachments == by_xml.attachments == list(FILES)


def test_it_is_answered_with_a_receipt_once_and_again(alice):
    first, second = alice.post(URL, SENT), alice.post(URL, SENT)
    assert (first.status_code, second.status_code) == (201, 201), first.content
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert first["Location"].endswith(f"/api/v1/reports/{first.json()['id']}/")
    assert Report.objects.count() == 1


def test_the_same_instance_with_other_answers_is_refused(alice):
    alice.post(URL, SENT)
    assert alice.post(URL, SENT | {"what/title": "Other"}).status_code == 409


def test_an_edit_corrects_the_first_report(alice):
    first = alice.post(URL, SENT).json()
    edit = {"meta/instanceID": "uuid:kobo-2", "meta/deprecatedID": "uuid:kobo-1"}
    second = alice.post(URL, SENT | edit | {"what/title": "Other"}).json()
    assert second["incident"] == first["incident"]
    assert str(Report.objects.get(id=second["id"]).corrects_id) == first["id"]


BAD = {
    "no instance id": ({"meta/instanceID": None}, "meta/instanceID"),
    "question not asked": ({"what/extra": "1"}, "what/extra"),
    "no such weapon": ({"what/weapon": "catapult"}, "weapon"),
    "list for an answer": ({"what/title": ["a"]}, "what/title"),
    "truth for an answer": ({"what/title": True}, "what/title"),
    "text for a group": ({"figure": "x"}, "figure"),
    "text in a group": ({"figure": ["x"]}, "figure[0]"),
    "no consent": ({"consent/store": "no"}, "consent.store"),
    "NUL": ({"what/title": "a\x00b"}, "title"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD)
def test_it_refuses_naming_the_question(alice, changes, field):
    answer = alice.post(URL, SENT | changes)
    assert answer.status_code == 400, answer.content
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Report.objects.exists()


@pytest.mark.parametrize("body", ["[]", "{", "5", b"\xff"])
def test_it_refuses_what_is_no_submission(alice, body):
    assert alice.post(URL, body).status_code == 400


def test_who_may_not_submit_is_refused(db, nobody):
    assert nobody.post(URL, SENT).status_code == 401
    for role in (Role.PARTNER, Role.ADMINISTRATOR):
        assert ApiClient(make_member(role)).post(URL, SENT).status_code == 403
    assert not Report.objects.exists()


def test_another_organisation_corrects_nothing_of_ours(alice, charlie):
    alice.post(URL, SENT)
    edit = {"meta/instanceID": "uuid:kobo-2", "meta/deprecatedID": "uuid:kobo-1"}
    assert charlie.post(URL, SENT | edit).status_code == 400
    assert Report.objects.count() == 1
