from django.db import migrations

_BLANK = """
    UPDATE feed_logentry SET
        salt = NULL, feature = '', geometry = NULL, time_start = NULL, time_end = NULL,
        uncertainty_m = NULL, country = '', pcodes = '{}', weapon = '', weapon_class = '',
        targets = '{}', grade = '',
        killed_min = NULL, killed_best = NULL, killed_max = NULL,
        civilians_killed_min = NULL, civilians_killed_best = NULL, civilians_killed_max = NULL,
        injured_min = NULL, injured_best = NULL, injured_max = NULL,
        exposure_1km = NULL, exposure_2km = NULL, exposure_5km = NULL
"""
_REDACT = """
    CREATE OR REPLACE FUNCTION feed_redact(object uuid, before_version integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        blanked bigint;
        told record;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM ledger_auditentry
            WHERE action = 'incident.redacted' AND object_id = object
            AND data ->> 'version' = before_version::text
        ) THEN
            RAISE EXCEPTION 'the ledger knows of no such redaction'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
""" + _BLANK + """
        WHERE object_id = object AND coalesce(incident_version, object_version) < before_version
            AND (salt IS NOT NULL OR feature <> '')
            -- All there are, so that the index on versions is used.
            AND audience IN ('public', 'partner')
            AND kind IN ('incident', 'exposure', 'risk_cell', 'context_event');
        GET DIAGNOSTICS blanked = ROW_COUNT;
"""
# Nobody could name the incident before it was told; where it was told again since, this redaction
# was done before, and those cells may name it.
_CELLS = """
        FOR told IN
            SELECT audience, min(seq) AS first FROM feed_logentry
            WHERE object_id = object AND kind = 'incident' AND audience IN ('public', 'partner')
            GROUP BY audience HAVING max(object_version) < before_version AND min(seq) > 0
        LOOP
""" + _BLANK + """
            WHERE audience = told.audience AND kind = 'risk_cell' AND feature <> ''
                AND (seq > told.first OR seq IS NULL)
                AND position(object::text IN feature) > 0;
        END LOOP;
"""
_END = """
        RETURN blanked;
    END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0010_exposure'),
    ]

    operations = [
        migrations.RunSQL(_REDACT + _CELLS + _END, _REDACT + _END),
    ]
