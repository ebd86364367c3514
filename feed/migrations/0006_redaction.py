from django.db import migrations

# Owned by the redactor, whom the trigger of the log lets blank it. The application may not become the
# redactor; it may call this, which blanks and does nothing else, and only what the ledger says is to
# be redacted.
REDACT = """
    CREATE FUNCTION feed_redact(object uuid, before_version integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE blanked bigint;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM ledger_auditentry
            WHERE action = 'incident.redacted' AND object_id = object
            AND data ->> 'version' = before_version::text
        ) THEN
            RAISE EXCEPTION 'the ledger knows of no such redaction'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE feed_logentry SET
            salt = NULL, feature = '', geometry = NULL, time_start = NULL, time_end = NULL,
            uncertainty_m = NULL, country = '', pcodes = '{}', weapon = '', weapon_class = '',
            targets = '{}', grade = '',
            killed_min = NULL, killed_best = NULL, killed_max = NULL,
            civilians_killed_min = NULL, civilians_killed_best = NULL, civilians_killed_max = NULL,
            injured_min = NULL, injured_best = NULL, injured_max = NULL,
            exposure_1km = NULL, exposure_2km = NULL, exposure_5km = NULL
        WHERE object_id = object AND object_version < before_version
            AND (salt IS NOT NULL OR feature <> '')
            -- All there are, so that the index on versions is used.
            AND audience IN ('public', 'partner')
            AND kind IN ('incident', 'exposure', 'risk_cell', 'context_event');
        GET DIAGNOSTICS blanked = ROW_COUNT;
        RETURN blanked;
    END $$;
    REVOKE EXECUTE ON FUNCTION feed_redact(uuid, integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION feed_redact(uuid, integer) TO harmwatch_app;
    GRANT CREATE ON SCHEMA public TO harmwatch_redactor;
    ALTER FUNCTION feed_redact(uuid, integer) OWNER TO harmwatch_redactor;
    REVOKE CREATE ON SCHEMA public FROM harmwatch_redactor
"""


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0005_log_by_sealing'),
        ('ledger', '0003_head_by_seq'),
    ]

    operations = [
        migrations.RunSQL(REDACT, "DROP FUNCTION feed_redact(uuid, integer)"),
    ]
