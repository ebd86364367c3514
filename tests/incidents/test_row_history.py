"""What a row was before each change is kept by the database, whatever made the change."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organisation, Role, User
from accounts.services import token_issue, token_revoke, token_touch
from incidents.models import Incident, MergeRecord, Report
from incidents.services.judging import incident_assess
from incidents.services.merging import merge_undo
from ledger.models import AuditEntry
from ledger.roles import acting_as
from tests.factories import make_actor, make_incident, make_member, merge_incidents


def history(row):
    return list(row.history.order_by("pgh_id"))


@pytest.fixture
def incident(db):
    return make_incident()


@pytest.mark.parametrize("how", ["save", "queryset.update", "bulk_update", "raw SQL"])
def test_the_old_row_is_kept_however_it_was_changed(incident, how):
    before = Incident.objects.get(id=incident.id)
    incident.title, incident.location = "Other", Point(44.0, 34.0, srid=4326)
    if how == "save":
        incident.save()
    elif how == "queryset.update":
        Incident.objects.filter(id=incident.id).update(title="Other", location=incident.location)
    elif how == "bulk_update":
        Incident.objects.bulk_update([incident], ["title", "location"])
    else:
        with connection.cursor() as cursor:
            change = "title = 'Other', location = ST_SetSRID(ST_Point(44, 34), 4326)"
            cursor.execute(f"UPDATE incidents_incident SET {change}")
    (old,) = history(incident)
    assert old.pgh_label == "changed"
    for field in Incident._meta.concrete_fields:
        assert getattr(old, field.attname) == getattr(before, field.attname), field.name
    assert Incident.objects.get(id=incident.id).location.coords == (44.0, 34.0)


def test_a_new_row_and_a_change_that_changes_nothing_are_not_recorded(incident):
    incident.save()
    Incident.objects.update(title=incident.title)
    assert history(incident) == []


def test_a_change_that_was_rolled_back_is_not_recorded(incident):
    savepoint = transaction.savepoint()
    Incident.objects.update(title="Other")
    transaction.savepoint_rollback(savepoint)
    assert history(incident) == []


def test_a_deleted_row_is_kept(db):
    organisation = Organisation.objects.create(name="Short-lived")
    id_ = organisation.id
    organisation.delete()
    old = Organisation.history.rel.related_model.objects.get(pgh_obj_id=id_)
    assert (old.pgh_label, old.name, old.id) == ("deleted", "Short-lived", id_)


def test_a_change_is_told_by_the_entries_of_its_transaction(committed_db):
    monitor, incident = make_actor(Role.MONITOR), make_incident()
    for version, grade in ((1, "fair"), (2, "weak")):
        incident_assess(
            actor=monitor, incident_id=incident.id, version=version, grade=grade, reason="r"
        )
    entries = AuditEntry.objects.filter(action="incident.assessed").order_by("id")
    numbers = [entry.transaction for entry in entries]
    assert [old.pgh_transaction for old in history(incident)] == numbers
    assert len(set(numbers)) == 2


def test_nobody_chooses_the_transaction_of_an_entry(incident):
    entry = AuditEntry.objects.first()
    entry.pk, entry.transaction = incident.id, 7
    entry.save(force_insert=True)
    entry.refresh_from_db()
    assert entry.transaction not in {None, 7}


def test_where_a_report_was_before_is_kept_and_nothing_else_of_it(db):
    monitor, one, two = make_actor(Role.MONITOR), make_incident(), make_incident()
    report = one.reports.get()
    record = merge_incidents(two, one, actor=monitor)
    merge_undo(actor=monitor, merge_id=record.id, version=2, reason="r")
    assert [old.incident_id for old in history(report)] == [one.id, two.id]
    kept = {field.name for field in type(history(report)[0])._meta.fields}
    assert {name for name in kept if not name.startswith("pgh_")} == {"incident"}
    assert [old.undone_at for old in history(MergeRecord.objects.get())] == [None]


def test_accounts_keep_who_could_do_what(db):
    member = make_member()
    Membership.objects.filter(id=member.id).update(role=Role.MONITOR)
    Membership.objects.filter(id=member.id).update(ended_at=timezone.now())
    assert [(old.role, old.ended_at) for old in history(member)] == [
        ("submitter", None),
        ("monitor", None),
    ]
    Organisation.objects.filter(id=member.organisation_id).update(name="Renamed")
    assert len(history(member.organisation)) == 1
    User.objects.filter(id=member.user_id).update(is_active=False)
    assert [old.is_active for old in history(member.user)] == [True]


def test_of_tokens_neither_secrets_nor_each_use_is_kept(db):
    token, _ = token_issue(actor=None, membership=make_member(), name="t")
    token_touch(token=token)
    assert history(token) == []
    token_revoke(actor=None, token_id=token.id)
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert [old.revoked_at is None for old in history(token)] == [True, False]
    member = token.membership.user
    member.set_password("x")
    member.save()
    assert history(member) == []
    for row in (token, member):
        names = {field.name for field in row.history.model._meta.fields}
        assert not names & {"secret_hash", "password", "last_used_at"}


def test_the_application_neither_writes_nor_changes_history(incident):
    Incident.objects.update(title="Other")
    table = Incident.history.rel.related_model._meta.db_table
    for statement in (
        f"UPDATE {table} SET title = 'forged'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"INSERT INTO {table} SELECT * FROM {table}",
    ):
        for role in (settings.APP_ROLE, settings.SEALER_ROLE, settings.REDACTOR_ROLE):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                acting_as(role),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_history_is_not_led_astray_by_a_table_of_the_same_name(incident):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incidents_incidenthistory (LIKE incidents_incidenthistory)"
        )
        Incident.objects.update(title="Other")
        cursor.execute("SELECT count(*) FROM pg_temp.incidents_incidenthistory")
        assert cursor.fetchone() == (0,)
        cursor.execute("DROP TABLE pg_temp.incidents_incidenthistory")
    assert len(history(incident)) == 1


def test_its_triggers_cannot_be_hung_on_another_table(incident):
    query = "SELECT tgfoid::regprocedure FROM pg_trigger WHERE tgname LIKE 'pgtrigger_history_%'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        functions = [function for (function,) in cursor.fetchall()]
        cursor.execute("CREATE TEMP TABLE forged (LIKE incidents_incident)")
    assert len(functions) >= 16
    for function in functions:
        trigger = (
            f"CREATE TRIGGER f AFTER DELETE ON forged FOR EACH ROW EXECUTE FUNCTION {function}"
        )
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(trigger)


def test_not_even_the_owner_changes_history(committed_db, superuser):
    make_incident()
    Incident.objects.update(title="Other")
    for table in ("incidents_incidenthistory", "incidents_reporthistory"):
        for statement in (f"UPDATE {table} SET pgh_label = ''", f"DELETE FROM {table}"):
            Report.objects.update(incident=make_incident())
            for execute in (connections["migration"].cursor().execute, superuser.execute):
                with pytest.raises((DatabaseError, psycopg.Error), match="is append-only"):
                    execute(statement)
        with pytest.raises(psycopg.Error, match="is append-only"):
            superuser.execute(f"TRUNCATE {table}")


def test_a_change_past_the_application_names_its_login(committed_db, superuser):
    incident = make_incident()
    superuser.execute("UPDATE incidents_incident SET title = 'by hand'")
    (old,) = history(incident)
    assert old.pgh_login == superuser.info.user
    assert not AuditEntry.objects.filter(transaction=old.pgh_transaction).exists()
