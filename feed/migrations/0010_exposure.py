import django.contrib.postgres.operations
from django.db import migrations, models

# As in migration 0006, but that an exposure goes by the version of the incident: its own may be
# higher, since it is computed anew without the incident.
_REDACT = """
    CREATE OR REPLACE FUNCTION feed_redact(object uuid, before_version integer) RETURNS bigint
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
            uncertainty_m = NULL, country = '', pcodes = '{{}}', weapon = '', weapon_class = '',
            targets = '{{}}', grade = '',
            killed_min = NULL, killed_best = NULL, killed_max = NULL,
            civilians_killed_min = NULL, civilians_killed_best = NULL, civilians_killed_max = NULL,
            injured_min = NULL, injured_best = NULL, injured_max = NULL,
            exposure_1km = NULL, exposure_2km = NULL, exposure_5km = NULL
        WHERE object_id = object AND {version} < before_version
            AND (salt IS NOT NULL OR feature <> '')
            -- All there are, so that the index on versions is used.
            AND audience IN ('public', 'partner')
            AND kind IN ('incident', 'exposure', 'risk_cell', 'context_event');
        GET DIAGNOSTICS blanked = ROW_COUNT;
        RETURN blanked;
    END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0009_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExposureSweep',
            fields=[
                ('audience', models.CharField(choices=[('public', 'public'), ('partner', 'partner')], max_length=7, primary_key=True, serialize=False)),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('last_seq', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('audience__in', ['public', 'partner'])), name='exposure_sweep_audience_is_known'),
                    models.CheckConstraint(condition=models.Q(('last_seq__gte', 0)), name='exposure_sweep_seq_not_negative'),
                ],
            },
        ),
        migrations.AddField(
            model_name='logentry',
            name='incident_version',
            field=models.IntegerField(help_text='of an exposure: the version of the incident that it goes with', null=True),
        ),
        # Not held against what is there: nothing of this kind was ever written, and the check alone
        # would read a large log while nobody may write to it.
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='logentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('incident_version__isnull', False), ('kind', 'exposure')), models.Q(models.Q(('kind', 'exposure'), _negated=True), ('incident_version__isnull', True)), _connector='OR'), name='log_exposure_names_version'),
        ),
        migrations.RunSQL(
            _REDACT.format(version='coalesce(incident_version, object_version)'),
            _REDACT.format(version='object_version'),
        ),
    ]
