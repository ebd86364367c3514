"""A filled-in form arrives as Collect sends it, and everything it says is kept."""

import json

from core.canonical import sha256_hex
from incidents.models import Evidence, Incident, Report
from ledger.models import AuditEntry, DomainEvent
from tests.incidents.openrosa.sending import FILES, SUBMISSION, form, message, plain_form, told


def test_head_says_what_is_taken(phone):
    answer = phone.head()
    assert answer.status_code == 204
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert answer["X-OpenRosa-Accept-Content-Length"] == "10485760"
    assert answer["Location"].endswith(SUBMISSION)


def test_three_attachments_over_three_posts(phone):
    xml, (first, second, third) = form(), FILES.items()
    one = phone.post(xml, [first], incomplete=True)
    assert one.status_code == 201, one.content
    assert message(one)[1] == "submit_success"
    assert told(one, "awaited") == [second[0], third[0]]
    two = phone.post(xml, [second], incomplete=True)
    assert two.status_code == 201, two.content
    assert told(two, "awaited") == [third[0]]
    three = phone.post(xml, [third])
    assert three.status_code == 201, three.content
    assert told(three, "awaited") == []
    assert told(one, "report") == told(two, "report") == told(three, "report")
    (receipt,) = {
        json.loads(told(answer, "evidence")[0])["receipt"]["sha256"] for answer in [three]
    }
    assert receipt == sha256_hex(third[1])
    assert Report.objects.count() == 1
    assert {row.name: row.content_type for row in Evidence.objects.all()} == {
        first[0]: "image/jpeg",
        second[0]: "image/jpeg",
        third[0]: "video/mp4",
    }


def test_the_receipt_is_of_the_xml_as_sent(phone):
    xml = plain_form()
    received = json.loads(told(phone.post(xml), "report")[0])
    report = Report.objects.get(id=received["id"])
    assert received["receipt"] == report.receipt
    assert report.receipt["body_sha256"] == sha256_hex(xml)
    assert report.submitted_by_id == phone.membership.user_id
    assert AuditEntry.objects.filter(action="report.received", object_id=report.id).exists()
    assert DomainEvent.objects.get(kind="incident.opened").object_id == report.incident_id


def test_all_that_the_form_says_is_in_the_report(phone):
    phone.post(form())
    report = Report.objects.get()
    assert (report.weapon, report.targets, report.damage) == (
        "barrel_bomb",
        ["residential", "market"],
        ["destroyed"],
    )
    assert (report.location.x, report.location.y, report.uncertainty_m) == (43.7841, 33.3497, 12.5)
    assert (report.country, report.place_name, report.language) == ("IQ", "Fallujah", "ar")
    assert (report.licence, report.may_republish) == ("CC-BY-4.0", True)
    assert (report.consent_share, report.consent_publish, report.consent_court) == (
        True,
        True,
        False,
    )
    assert report.attachments == list(FILES)


def test_the_chain_of_who_tells_whom_is_kept_and_who_they_are_sealed(phone):
    answer = phone.post(plain_form())
    sources = Report.objects.get().sources
    assert [row.ref for row in sources.get(ref="s1").relays.all()] == ["s2"]
    assert [row.ref for row in sources.get(ref="s2").relays.all()] == ["s3"]
    assert sources.get(ref="s3").description == "anonymous soldier"
    received = json.loads(told(answer, "report")[0])
    assert set(received["salts"]) == {"sources[2].identity", "reporter"}
    assert "cousin" not in answer.content.decode()
    assert "Abu Sami" not in answer.content.decode()


def test_figures_say_whom_they_count_and_keep_an_open_end(phone):
    phone.post(plain_form())
    figures = {
        (row.outcome, row.civilian_status, row.sex, row.age_group): (
            row.minimum,
            row.best,
            row.maximum,
        )
        for row in Report.objects.get().claims.all()
    }
    assert figures == {
        ("killed", "civilian", "any", "any"): (4, 5, 7),
        ("displaced", "any", "any", "any"): (50_000, None, None),
        ("killed", "any", "female", "adult"): (None, 2, None),
        ("injured", "any", "any", "child"): (None, None, 3),
    }


def test_a_vague_date_and_a_name_alone_are_enough(phone):
    answer = phone.post(
        plain_form(
            ("<time_precision>day</time_precision>", "<time_precision>week</time_precision>"),
            ("</when>", "<occurred_until>2014-05-17</occurred_until></when>"),
            ("<location>33.3497 43.7841 0.0 12.5</location>", ""),
            (">exact<", ">town<"),
        )
    )
    assert answer.status_code == 201, answer.content
    incident = Incident.objects.get()
    assert incident.location is None
    assert incident.time_start.isoformat() == "2014-05-11T00:00:00+00:00"
    assert incident.time_end.isoformat() == "2014-05-17T23:59:59+00:00"


def test_a_time_of_day_has_the_phones_zone(phone):
    phone.post(
        plain_form(
            (">day<", ">minute<"),
            ("</when>", "<occurred_time>14:30:00.000+03:00</occurred_time></when>"),
        )
    )
    assert Incident.objects.get().time_start.isoformat() == "2014-05-11T11:30:00+00:00"


def test_the_phones_accuracy_counts_only_where_it_is_worse_than_what_was_stated(phone):
    phone.post(plain_form((">exact<", ">village<")))
    assert Report.objects.get().uncertainty_m == 1500
