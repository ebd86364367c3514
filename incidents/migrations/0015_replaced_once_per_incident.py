import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0014_matching_by_era'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='comment',
            name='replaces_own',
        ),
        migrations.AlterField(
            model_name='comment',
            name='replaces',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.comment'),
        ),
        migrations.AlterField(
            model_name='response',
            name='replaces',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.response'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='replaces_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.replaces_id IS NOT NULL)', func="\n            IF NOT EXISTS (\n                WITH RECURSIVE home AS (\n                    SELECT incident_id AS id FROM incidents_comment AS older\n                    WHERE older.id = NEW.replaces_id AND older.written_by_id = NEW.written_by_id\n                    UNION\n                    SELECT merged_into_id FROM incidents_incident AS absorbed\n                    JOIN home ON absorbed.id = home.id WHERE merged_into_id IS NOT NULL\n                )\n                SELECT FROM home WHERE id = NEW.incident_id\n            ) THEN RAISE EXCEPTION 'a comment replaces one of its own author and incident'; END IF;\n            RETURN NEW;", hash='eed2e8bd03d8d5afec4bf1f7f5048f050c22de3b', operation='INSERT', pgid='pgtrigger_replaces_own_9f9b4', table='incidents_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='replaces_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.replaces_id IS NOT NULL)', func="\n            IF NOT EXISTS (\n                WITH RECURSIVE home AS (\n                    SELECT incident_id AS id FROM incidents_response AS older\n                    WHERE older.id = NEW.replaces_id AND TRUE\n                    UNION\n                    SELECT merged_into_id FROM incidents_incident AS absorbed\n                    JOIN home ON absorbed.id = home.id WHERE merged_into_id IS NOT NULL\n                )\n                SELECT FROM home WHERE id = NEW.incident_id\n            ) THEN RAISE EXCEPTION 'a response replaces one to its own incident'; END IF;\n            RETURN NEW;", hash='75a462ddb8f8656225a1b4f7cb2fa0ced0f3ba56', operation='INSERT', pgid='pgtrigger_replaces_own_18c32', table='incidents_response', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('replaces', 'incident'), name='comment_replaced_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('replaces', 'incident'), name='response_replaced_once'),
        ),
    ]
