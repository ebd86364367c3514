

import core.ids
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('consumer', models.CharField(max_length=60)),
                ('object_id', models.UUIDField(help_text="the event's, here for the order within one object")),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('claimed', 'Claimed'), ('done', 'Done'), ('parked', 'Parked')], default='pending', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='DomainEvent',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('seq', models.BigIntegerField(editable=False, null=True)),
                ('sealed_at', models.DateTimeField(editable=False, null=True)),
                ('kind', models.CharField(max_length=60)),
                ('object_type', models.CharField(max_length=40)),
                ('object_id', models.UUIDField()),
                ('payload', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('list', models.CharField(choices=[('audit', 'Audit'), ('events', 'Events')], max_length=10)),
                ('number', models.BigIntegerField(help_text='1, 2, 3 … within the list')),
                ('first_seq', models.BigIntegerField()),
                ('last_seq', models.BigIntegerField()),
                ('root', models.CharField(help_text='RFC 6962 tree hash of the batch, hex', max_length=64)),
                ('leaves', models.BinaryField(help_text="the batch's leaf hashes, 32 bytes each, in order")),
                ('previous', models.CharField(blank=True, help_text='hash of the head before', max_length=64)),
                ('sealed_at', models.DateTimeField()),
                ('hash', models.CharField(help_text='SHA-256 of the canonical head, hex', max_length=64)),
                ('key_id', models.CharField(max_length=43)),
                ('signature', models.CharField(max_length=86)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('seq', models.BigIntegerField(editable=False, null=True)),
                ('sealed_at', models.DateTimeField(editable=False, null=True)),
                ('actor_id', models.UUIDField(null=True)),
                ('actor_label', models.TextField()),
                ('action', models.CharField(max_length=60)),
                ('object_type', models.CharField(max_length=40)),
                ('object_id', models.UUIDField()),
                ('object_label', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'indexes': [models.Index(fields=['object_id', 'id'], name='audit_by_object'), models.Index(condition=models.Q(('seq__isnull', True)), fields=['id'], name='audit_unsealed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('seq__isnull', False)), fields=('seq',), name='audit_seq_unique')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept record;', func="IF current_user = 'harmwatch_sealer' AND (OLD.seq IS NULL OR NEW.seq = OLD.seq) AND (OLD.sealed_at IS NULL OR NEW.sealed_at = OLD.sealed_at) THEN kept := NEW; kept.seq := OLD.seq; kept.sealed_at := OLD.sealed_at; IF kept *= OLD THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '% is append-only: UPDATE refused', TG_TABLE_NAME;", hash='00f85ca2f416f4eaf2e833b03302b403c35138d6', operation='UPDATE', pgid='pgtrigger_append_only_update_3bcb1', table='ledger_auditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: DELETE refused', TG_TABLE_NAME;", hash='7da85c02b65e6743704f19a6d63475a457124f31', operation='DELETE', pgid='pgtrigger_append_only_delete_88a86', table='ledger_auditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME;", hash='a2eeed4837e71e860a5a1b22beae0a746ee8dca5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_truncate_f9422', table='ledger_auditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.seq IS NOT NULL OR NEW.sealed_at IS NOT NULL)', func="RAISE EXCEPTION '% is append-only: INSERT of a sealed row refused', TG_TABLE_NAME;", hash='87a5256f5686725a0aa745a45fa65e92c8178ac7', operation='INSERT', pgid='pgtrigger_append_only_insert_7de09', table='ledger_auditentry', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='domainevent',
            index=models.Index(condition=models.Q(('seq__isnull', True)), fields=['id'], name='event_unsealed'),
        ),
        migrations.AddConstraint(
            model_name='domainevent',
            constraint=models.UniqueConstraint(condition=models.Q(('seq__isnull', False)), fields=('seq',), name='event_seq_unique'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='ledger.domainevent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domainevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept record;', func="IF current_user = 'harmwatch_sealer' AND (OLD.seq IS NULL OR NEW.seq = OLD.seq) AND (OLD.sealed_at IS NULL OR NEW.sealed_at = OLD.sealed_at) THEN kept := NEW; kept.seq := OLD.seq; kept.sealed_at := OLD.sealed_at; IF kept *= OLD THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '% is append-only: UPDATE refused', TG_TABLE_NAME;", hash='96ab84e390ffe9afd41c91c2712451825241c8ce', operation='UPDATE', pgid='pgtrigger_append_only_update_e2f7d', table='ledger_domainevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domainevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: DELETE refused', TG_TABLE_NAME;", hash='3418eeef98b7119fcf517f0293f1528ee76835ef', operation='DELETE', pgid='pgtrigger_append_only_delete_1ff7d', table='ledger_domainevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domainevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME;", hash='1f88c916988b49ce205e1bf75c12e36f6df15ac6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_truncate_9b5c4', table='ledger_domainevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='domainevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.seq IS NOT NULL OR NEW.sealed_at IS NOT NULL)', func="RAISE EXCEPTION '% is append-only: INSERT of a sealed row refused', TG_TABLE_NAME;", hash='be250d885c6e0c3e2ecef804c2688105faeea7d0', operation='INSERT', pgid='pgtrigger_append_only_insert_9372b', table='ledger_domainevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='head',
            constraint=models.UniqueConstraint(fields=('list', 'number'), name='head_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='head',
            constraint=models.CheckConstraint(condition=models.Q(('last_seq__gte', models.F('first_seq'))), name='head_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='head',
            trigger=pgtrigger.compiler.Trigger(name='append_only_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept record;', func="RAISE EXCEPTION '% is append-only: UPDATE refused', TG_TABLE_NAME;", hash='2fec100af7df98fe255fd42671b4fb6cc130c509', operation='UPDATE', pgid='pgtrigger_append_only_update_976a5', table='ledger_head', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='head',
            trigger=pgtrigger.compiler.Trigger(name='append_only_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: DELETE refused', TG_TABLE_NAME;", hash='5771e8310d74bf429af7747a08af65f1d5e9b4fb', operation='DELETE', pgid='pgtrigger_append_only_delete_dd0d5', table='ledger_head', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='head',
            trigger=pgtrigger.compiler.Trigger(name='append_only_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME;", hash='34537e98b0f45536002363351e43fe9f951d16ab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_truncate_c2d83', table='ledger_head', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('attempts', 0), ('state', 'pending')), fields=['consumer', 'id'], name='delivery_fresh'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('attempts__gt', 0), ('state__in', ['pending', 'claimed'])), fields=['consumer', 'id'], name='delivery_retry'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['consumer', 'object_id', 'id'], name='delivery_order'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('event', 'consumer'), name='delivery_once'),
        ),
    ]
