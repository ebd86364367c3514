"""A newer report takes the place of one of one's own organisation, by REST."""

import pytest

from accounts.models import Role
from incidents.models import Incident, Report
from tests.factories import make_member, report_body
from tests.incidents.amendments.saying import correct, url
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh


def test_it_stands_on_the_same_incident_in_place_of_the_first(alice, report):
    answer = correct(alice, report, claims__0__best=6, title="Corrected")
    assert answer.status_code == 201
    newer = Report.objects.get(id=answer.json()["id"])
    assert (newer.corrects_id, newer.incident_id) == (report.id, report.incident_id)
    assert answer["Location"].endswith(f"/api/v1/reports/{newer.id}/")
    assert answer.json()["receipt"]["corrects"] == str(report.id)
    incident = fresh(report.incident)
    assert [figure["best"] for figure in incident.casualties] == [6]
    assert incident.title == "Corrected"
    assert Incident.objects.count() == 1


def test_sent_again_it_gets_the_same_receipt(alice, report):
    first, again = (correct(alice, report, title="Corrected") for _ in range(2))
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Report.objects.count() == 2


def test_the_same_key_with_other_content_is_409(alice, report):
    correct(alice, report, key="k1", title="One")
    answer = correct(alice, report, key="k1", title="Two")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("idempotency-conflict")


def test_a_key_of_another_report_is_409_even_with_the_same_content(alice, report):
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    body = report_body(title="Other")
    other = alice.post("/api/v1/reports/", body, **headers).json()
    assert correct(alice, report, key="k1", title="Other").status_code == 409
    assert correct(alice, report, key="k2", title="Other").status_code == 201
    assert alice.post("/api/v1/reports/", body, HTTP_IDEMPOTENCY_KEY="k2").status_code == 409
    assert alice.post("/api/v1/reports/", body, **headers).json() == other


def test_back_to_the_first_words_is_a_correction_too(alice, report):
    newer = correct(alice, report, title="Mistaken").json()["id"]
    answer = correct(alice, newer)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer
    assert fresh(report.incident).title == report.title


def test_a_report_is_corrected_once(alice, report):
    newer = correct(alice, report, title="One").json()["id"]
    answer = correct(alice, report, title="Two")
    assert answer.status_code == 409
    assert answer.json()["report"] == newer


def test_a_bad_correction_is_refused_as_a_bad_report_is(alice, report):
    answer = correct(alice, report, weapon="sling")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "weapon"
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_another_media_type_is_415(alice, report, kind):
    answer = alice._client.post(
        url(report, "corrections"), b"{}", content_type=kind, **alice._headers
    )
    assert answer.status_code in {400, 415}


def test_nobody_corrects_what_others_said(report, charlie, bob, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        assert correct(who, report, title="Other").status_code == status
    assert Report.objects.count() == 1
