import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# As in 0019, and what was published of the incident is emptied with the rest.
REDACT = """
    DROP FUNCTION record_redact(uuid, integer);
    CREATE FUNCTION record_redact(object uuid, by_version integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE blanked bigint;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM ledger_auditentry
            WHERE action = 'incident.redacted' AND object_id = object
            AND data ->> 'version' = by_version::text
        ) THEN
            RAISE EXCEPTION 'the ledger knows of no such redaction'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE incidents_incidenthistory SET
            title = '', alleged_actor = '', place_name = '', pcode = '', location = NULL,
            units = '[]'
        WHERE id = object;
        GET DIAGNOSTICS blanked = ROW_COUNT;
        %s
        RETURN blanked;
    END $$;
    REVOKE EXECUTE ON FUNCTION record_redact(uuid, integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION record_redact(uuid, integer) TO harmwatch_app;
    GRANT CREATE ON SCHEMA public TO harmwatch_redactor;
    ALTER FUNCTION record_redact(uuid, integer) OWNER TO harmwatch_redactor;
    REVOKE CREATE ON SCHEMA public FROM harmwatch_redactor
"""
SNAPSHOTS = """
        UPDATE incidents_publication SET snapshot = '{}'
        WHERE incident_id = object AND incident_version < by_version;"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0021_embargo_index'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='publication',
            name='immutable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='publication',
            name='stays',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='append_only_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept record;', func="IF current_user = 'harmwatch_redactor' THEN kept := NEW; kept.snapshot := OLD.snapshot; IF kept *= OLD THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '% is append-only: UPDATE refused', TG_TABLE_NAME;", hash='19116c05ae163fdaeed0574a18c6418a8e520457', operation='UPDATE', pgid='pgtrigger_append_only_update_6640c', table='incidents_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='append_only_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: DELETE refused', TG_TABLE_NAME;", hash='d63de4a43efb74a311dc58e144224d04eb6b85f7', operation='DELETE', pgid='pgtrigger_append_only_delete_95be9', table='incidents_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='append_only_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME;", hash='3ea00990c44d579504f2b039f54eff52174df2c5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_truncate_7226b', table='incidents_publication', when='BEFORE')),
        ),
        migrations.RunSQL(REDACT % SNAPSHOTS, REDACT % ""),
    ]
