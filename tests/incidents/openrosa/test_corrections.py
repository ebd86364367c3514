"""``deprecatedID`` makes a newer report that corrects the first, on the same incident."""

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Incident, Report
from incidents.services.judging import incident_assess
from incidents.snapshots import snapshot_of
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_member
from tests.incidents.openrosa.sending import Phone, message, plain_form

FIRST, SECOND, THIRD = "uuid:first", "uuid:second", "uuid:third"
OTHER_TITLE = ("Barrel bombs on Fallujah", "Barrel bombs on the market")
FEWER = ("<minimum>4</minimum><best>5</best><maximum>7</maximum>", "<best>3</best>")


def correction(*changes, instance=SECOND, corrects=FIRST):
    return plain_form(*(changes or (OTHER_TITLE, FEWER)), instance=instance, corrects=corrects)


def killed(incident):
    wanted = ("killed", "civilian")
    (figure,) = (
        row for row in incident.casualties if (row["outcome"], row["civilian_status"]) == wanted
    )
    return figure["best"]


@pytest.fixture
def corrected(phone):
    assert phone.post(plain_form(instance=FIRST)).status_code == 201
    answer = phone.post(correction())
    assert answer.status_code == 201, answer.content
    return Incident.objects.get()


def test_both_reports_stay_on_the_one_incident(corrected):
    first, second = Report.objects.order_by("id")
    assert first.incident == second.incident == corrected
    assert second.corrects == first
    assert first.title == "Barrel bombs on Fallujah"


def test_the_receipt_and_the_audit_entry_name_what_is_corrected(corrected):
    first, second = Report.objects.order_by("id")
    assert second.receipt["corrects"] == str(first.id)
    assert "corrects" not in first.receipt
    assert AuditEntry.objects.get(object_id=second.id).data["corrects"] == str(first.id)


def test_the_incident_follows_where_no_monitor_has_judged_it(corrected):
    assert corrected.title == "Barrel bombs on the market"
    assert corrected.version == 2
    assert killed(corrected) == 3
    event = DomainEvent.objects.get(kind="incident.changed")
    assert (event.object_id, event.payload) == (corrected.id, {"version": 2})


def test_what_a_monitor_judged_keeps_its_words_and_takes_the_figures(phone):
    phone.post(plain_form(instance=FIRST))
    incident = Incident.objects.get()
    monitor = make_actor(Role.MONITOR)
    incident_assess(actor=monitor, incident_id=incident.id, version=1, grade="fair", reason="r")
    assert phone.post(correction()).status_code == 201
    incident.refresh_from_db()
    assert incident.title == "Barrel bombs on Fallujah"
    assert (killed(incident), incident.grade, incident.version) == (3, "fair", 3)


def test_only_what_stands_counts_and_binds_what_is_published(phone):
    phone.post(plain_form(("<publish>yes<", "<publish>no<"), instance=FIRST))
    assert snapshot_of(Incident.objects.get())["consent_publish"] is False
    phone.post(correction())
    snapshot = snapshot_of(Incident.objects.get())
    assert (snapshot["report_count"], snapshot["consent_publish"]) == (1, True)


def test_a_correction_is_corrected_in_its_turn(corrected, phone):
    third = correction(("<best>5</best>", "<best>6</best>"), instance=THIRD, corrects=SECOND)
    assert phone.post(third).status_code == 201
    corrected.refresh_from_db()
    assert (killed(corrected), corrected.version) == (6, 3)
    assert Report.objects.count() == 3


def test_a_correction_sent_again_is_202(corrected, phone):
    assert phone.post(correction()).status_code == 202
    corrected.refresh_from_db()
    assert corrected.version == 2


def test_a_second_correction_of_the_same_report_is_409(corrected, phone):
    answer = phone.post(correction(instance=THIRD, corrects=FIRST))
    assert answer.status_code == 409
    assert "corrected before" in message(answer)[0]
    assert Report.objects.count() == 2


def test_a_correction_of_what_never_came_is_refused(phone):
    answer = phone.post(correction())
    assert answer.status_code == 400
    assert "deprecatedID" in message(answer)[0]
    assert not Report.objects.exists()


def test_another_organisation_corrects_nothing_of_ours(phone, other_phone):
    phone.post(plain_form(instance=FIRST))
    assert other_phone.post(correction()).status_code == 400
    assert Report.objects.count() == 1


def test_a_colleague_of_the_same_organisation_may_correct(phone):
    phone.post(plain_form(instance=FIRST))
    colleague = Phone(make_member(organisation=phone.membership.organisation))
    assert colleague.post(correction()).status_code == 201
    second = Report.objects.get(corrects__isnull=False)
    assert second.submitted_by_id == actor_of(colleague.membership).id
