import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Compares two arrays number by number, which a check cannot do by itself.
_NONE_ABOVE = """
    CREATE FUNCTION scoring_none_above(lower double precision[], upper double precision[])
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT coalesce(bool_and(a <= b), true) FROM unnest($1, $2) AS pair(a, b)'"""

# What was computed before is kept: the rows of each radius become one row.
_KEEP = """
    CREATE TABLE scoring_exposure_kept AS
    SELECT incident_id, incident_version, layer_id, layer_sha256, formula_version,
           (array_agg(unscored_reason ORDER BY radius_m))[1] AS unscored_reason,
           (array_agg(parameters ORDER BY radius_m))[1] AS parameters,
           max(computed_at) AS computed_at,
           array_agg(radius_m ORDER BY radius_m) AS radii_m,
           array_agg(low ORDER BY radius_m) AS low, array_agg(best ORDER BY radius_m) AS best,
           array_agg(high ORDER BY radius_m) AS high,
           array_agg(expected ORDER BY radius_m) AS expected,
           array_agg(data_fraction ORDER BY radius_m) AS data_fraction
    FROM scoring_exposure
    GROUP BY incident_id, incident_version, layer_id, layer_sha256, formula_version"""
_NUMBERS = ("low", "best", "high", "expected", "data_fraction")
_FILL = f"""
    INSERT INTO scoring_exposure
        (incident_id, incident_version, layer_id, layer_sha256, formula_version, profiles_version,
         unscored_reason, weapon, uncertainty_m, parameters, computed_at, radii_m, reaches,
         {", ".join(_NUMBERS)})
    SELECT DISTINCT ON (incident_id, layer_id, formula_version)
        incident_id, incident_version, layer_id, layer_sha256, formula_version, '',
        unscored_reason, '', (parameters->>'uncertainty_m')::float8, parameters - 'uncertainty_m',
        computed_at, radii_m, array_fill('acled'::varchar, ARRAY[cardinality(radii_m)]),
        {", ".join(f"CASE WHEN unscored_reason = '' THEN {name} END" for name in _NUMBERS)}
    FROM scoring_exposure_kept
    ORDER BY incident_id, layer_id, formula_version, incident_version DESC"""
_DROP = "DROP TABLE scoring_exposure_kept"
_KEEP_BACKWARDS = f"""
    CREATE TABLE scoring_exposure_kept AS
    SELECT gen_random_uuid() AS id, incident_id, incident_version, layer_id, layer_sha256,
           formula_version, unscored_reason,
           parameters || jsonb_build_object('uncertainty_m', uncertainty_m) AS parameters,
           computed_at, radius_m,
           {", ".join(f"{name}[place] AS {name}" for name in _NUMBERS)}
    FROM scoring_exposure, unnest(radii_m, reaches) WITH ORDINALITY AS r(radius_m, reach, place)
    WHERE reach = 'acled'"""
_FILL_BACKWARDS = f"""
    INSERT INTO scoring_exposure
        (id, incident_id, incident_version, layer_id, layer_sha256, formula_version,
         unscored_reason, parameters, computed_at, radius_m, {", ".join(_NUMBERS)})
    SELECT DISTINCT ON (incident_id, layer_sha256, radius_m, formula_version)
        id, incident_id, incident_version, layer_id, layer_sha256, formula_version,
        unscored_reason, parameters, computed_at, radius_m, {", ".join(_NUMBERS)}
    FROM scoring_exposure_kept
    ORDER BY incident_id, layer_sha256, radius_m, formula_version, incident_version DESC"""


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0001_initial'),
        ('accounts', '0003_history'),
        ('incidents', '0013_context_events_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='populationlayer',
            name='groups_total',
            field=models.FloatField(help_text='persons in all its groups; null where it has none', null=True),
        ),
        migrations.AddField(
            model_name='populationlayer',
            name='is_beside',
            field=models.BooleanField(db_default=False, default=False, help_text='incidents are scored by it too, to compare'),
        ),
        migrations.AddConstraint(
            model_name='populationlayer',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), ('is_beside', False), _connector='OR'), name='layer_active_or_beside'),
        ),
        migrations.RunSQL(_NONE_ABOVE, "DROP FUNCTION scoring_none_above"),
        migrations.RunSQL(_KEEP, _FILL_BACKWARDS + ";" + _DROP),
        migrations.DeleteModel(name='Exposure'),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('incident_version', models.PositiveIntegerField()),
                ('layer_sha256', models.CharField(blank=True, help_text='empty without a layer', max_length=64)),
                ('radii_m', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('reaches', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), help_text='what each radius stands for', size=None)),
                ('low', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None)),
                ('best', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None)),
                ('high', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None)),
                ('expected', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None)),
                ('data_fraction', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), help_text='share of each disc that has data', null=True, size=None)),
                ('groups', models.JSONField(help_text='the same by sex and age group; null where the layer has none', null=True)),
                ('unscored_reason', models.CharField(blank=True, choices=[('no_place', 'no coordinates are known'), ('too_vague', 'the place is known to no better than 100 km, or not how well'), ('no_layer', 'no population layer is active'), ('outside_layer', 'the place lies outside the population layer')], max_length=20)),
                ('formula_version', models.CharField(max_length=40)),
                ('profiles_version', models.CharField(max_length=40)),
                ('weapon', models.CharField(help_text='of that version, whose radii they are', max_length=30)),
                ('uncertainty_m', models.FloatField(help_text='of that version; null where unknown', null=True)),
                ('parameters', models.JSONField(default=dict)),
                ('computed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='incidents.incident')),
                ('layer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exposures', to='scoring.populationlayer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'layer', 'formula_version', 'profiles_version'), name='exposure_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('layer__isnull', True), ('layer_sha256', '')), models.Q(('layer__isnull', False), models.Q(('layer_sha256', ''), _negated=True)), _connector='OR'), name='exposure_layer_has_checksum'), models.CheckConstraint(condition=models.Q(models.Q(('best__isnull', False), ('data_fraction__isnull', False), ('expected__isnull', False), ('high__isnull', False), ('low__isnull', False), ('unscored_reason', '')), models.Q(('best__isnull', True), ('data_fraction__isnull', True), ('expected__isnull', True), ('groups__isnull', True), ('high__isnull', True), ('low__isnull', True), ('unscored_reason__in', ['no_place', 'too_vague', 'no_layer', 'outside_layer'])), _connector='OR'), name='exposure_figures_or_reason'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(models.Func('radii_m', function='cardinality', output_field=models.IntegerField()), 1), django.db.models.lookups.Exact(models.Func('reaches', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField())), django.db.models.lookups.Exact(models.Func('radii_m', output_field=models.BooleanField(), template='(0 < ALL(%(expressions)s))'), True)), name='exposure_radii'), models.CheckConstraint(condition=models.Q(('low__isnull', True), models.Q(django.db.models.lookups.Exact(models.Func('low', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField())), django.db.models.lookups.Exact(models.Func('best', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField())), django.db.models.lookups.Exact(models.Func('high', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField())), django.db.models.lookups.Exact(models.Func('expected', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField())), django.db.models.lookups.Exact(models.Func('data_fraction', function='cardinality', output_field=models.IntegerField()), models.Func('radii_m', function='cardinality', output_field=models.IntegerField()))), _connector='OR'), name='exposure_figure_for_each_radius'), models.CheckConstraint(condition=models.Q(('low__isnull', True), models.Q(django.db.models.lookups.Exact(models.Func('low', output_field=models.BooleanField(), template='(0 <= ALL(%(expressions)s))'), True), django.db.models.lookups.Exact(models.Func('expected', output_field=models.BooleanField(), template='(0 <= ALL(%(expressions)s))'), True), models.Q(('low', models.F('best')), django.db.models.lookups.Exact(models.Func('low', 'best', function='scoring_none_above', output_field=models.BooleanField()), True), _connector='OR'), models.Q(('best', models.F('high')), django.db.models.lookups.Exact(models.Func('best', 'high', function='scoring_none_above', output_field=models.BooleanField()), True), _connector='OR')), _connector='OR'), name='exposure_in_order'), models.CheckConstraint(condition=models.Q(('data_fraction__isnull', True), models.Q(django.db.models.lookups.Exact(models.Func('data_fraction', output_field=models.BooleanField(), template='(0 <= ALL(%(expressions)s))'), True), django.db.models.lookups.Exact(models.Func('data_fraction', output_field=models.BooleanField(), template='(1 >= ALL(%(expressions)s))'), True)), _connector='OR'), name='exposure_fraction')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exposure',
            trigger=pgtrigger.compiler.Trigger(name='newer_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."incident_version" < (OLD."incident_version"))', func='RETURN NULL;', hash='c07b8b2006bfaaf34c7228156050e509689b6c0a', operation='UPDATE', pgid='pgtrigger_newer_version_stays_5a500', table='scoring_exposure', when='BEFORE')),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_DROP, _KEEP_BACKWARDS),
        migrations.CreateModel(
            name='Rescoring',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('formula_version', models.CharField(max_length=40)),
                ('profiles_version', models.CharField(max_length=40)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('layer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rescorings', to='scoring.populationlayer')),
            ],
        ),
        migrations.CreateModel(
            name='ScoringBlock',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('incident_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), help_text='emptied once it is done', size=None)),
                ('size', models.PositiveIntegerField(help_text='how many incidents')),
                ('outcome', models.CharField(blank=True, choices=[('scored', 'Scored'), ('left_out', 'Left Out')], max_length=8)),
                ('done_at', models.DateTimeField(null=True)),
                ('layer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.populationlayer')),
                ('run', models.ForeignKey(help_text='null for incidents that changed', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='scoring.rescoring')),
            ],
        ),
        migrations.AddConstraint(
            model_name='scoringblock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', '')), models.Q(('done_at__isnull', False), ('outcome__in', ['scored', 'left_out'])), _connector='OR'), name='scoring_block_done'),
        ),
        migrations.AddConstraint(
            model_name='scoringblock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), _negated=True), ('size', models.Func(models.F('incident_ids'), function='cardinality', output_field=models.IntegerField())), _connector='OR'), name='scoring_block_size'),
        ),
        migrations.CreateModel(
            name='ExposureQuestion',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked', models.JSONField(help_text='as it was sent')),
                ('inputs', models.JSONField(help_text='scoring.services.questions.Inputs, frozen when asked')),
                ('parts_total', models.PositiveSmallIntegerField()),
                ('parts_done', models.PositiveSmallIntegerField(default=0)),
                ('answers', models.JSONField(default=dict, help_text='of each part that is done')),
                ('error', models.TextField(blank=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('parts_done__lte', models.F('parts_total'))), name='question_parts')],
            },
        ),
        migrations.CreateModel(
            name='PopulationGroup',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sex', models.CharField(choices=[('any', 'any'), ('female', 'female'), ('male', 'male'), ('unknown', 'unknown')], max_length=7)),
                ('age_group', models.CharField(choices=[('any', 'any'), ('child', 'child (under 18)'), ('adult', 'adult'), ('unknown', 'unknown')], max_length=7)),
                ('sha256', models.CharField(help_text='of the stored copy', max_length=64)),
                ('file_name', models.CharField(help_text='within LAYERS_DIR', max_length=100)),
                ('source_sha256', models.CharField(help_text='of the file imported', max_length=64)),
                ('source_band', models.PositiveSmallIntegerField(default=1)),
                ('total', models.FloatField(help_text='persons, read from the stored copy')),
                ('layer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='scoring.populationlayer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('layer', 'sex', 'age_group'), name='group_once'), models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='group_total')],
            },
        ),
    ]
