import secrets

import feed.models.log
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from core.canonical import canonical_json, sha256_hex

BATCH = 2_000


def chain_what_is_sealed(apps, schema_editor):
    """Give salt, hash and chain, as feed/sealing.py now makes them, to entries of before.

    Their hashes of before were shown to nobody. The trigger that would refuse is away until the end
    of this migration.
    """
    for audience in ("public", "partner"):
        _chain(apps.get_model("feed", "LogEntry").objects.using(schema_editor.connection.alias), audience)


def _chain(entries, audience):
    chain, after = "0" * 64, 0
    sealed = entries.filter(audience=audience, seq__isnull=False).order_by("seq")
    while rows := list(sealed.filter(seq__gt=after)[:BATCH]):
        for row in rows:
            row.salt = secrets.token_hex(16)
            members = {
                "audience": audience,
                "seq": row.seq,
                "sealed_at": row.sealed_at,
                "kind": row.kind,
                "id": row.object_id,
                "version": row.object_version,
                "change": row.change,
                "reason": row.reason,
                "merged_into": row.merged_into,
                "salt": row.salt,
                "feature": row.feature or None,
            }
            given = {name: value for name, value in members.items() if value is not None}
            row.hash = sha256_hex(canonical_json(given))
            row.chain = chain = sha256_hex(bytes.fromhex(chain) + bytes.fromhex(row.hash))
        entries.bulk_update(rows, ["salt", "hash", "chain"], batch_size=BATCH)
        after = rows[-1].seq


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0003_items_indexes'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='logentry',
            name='append_only_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='logentry',
            name='append_only_insert',
        ),
        migrations.AddField(
            model_name='logentry',
            name='chain',
            field=models.CharField(editable=False, help_text='SHA-256, hex', max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='logentry',
            name='salt',
            field=models.CharField(default=feed.models.log.new_salt, editable=False, max_length=32, null=True),
        ),
        migrations.RunPython(chain_what_is_sealed, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE kept record;', func="IF current_user = 'harmwatch_sealer' AND (OLD.seq IS NULL OR NEW.seq = OLD.seq) AND (OLD.sealed_at IS NULL OR NEW.sealed_at = OLD.sealed_at) AND (OLD.hash IS NULL OR NEW.hash = OLD.hash) AND (OLD.chain IS NULL OR NEW.chain = OLD.chain) AND (OLD.closed_by_seq IS NULL OR NEW.closed_by_seq = OLD.closed_by_seq) THEN kept := NEW; kept.seq := OLD.seq; kept.sealed_at := OLD.sealed_at; kept.hash := OLD.hash; kept.chain := OLD.chain; kept.closed_by_seq := OLD.closed_by_seq; IF kept *= OLD THEN RETURN NEW; END IF; END IF; IF current_user = 'harmwatch_redactor' THEN kept := NEW; kept.salt := OLD.salt; kept.feature := OLD.feature; kept.geometry := OLD.geometry; kept.time_start := OLD.time_start; kept.time_end := OLD.time_end; kept.uncertainty_m := OLD.uncertainty_m; kept.country := OLD.country; kept.pcodes := OLD.pcodes; kept.weapon := OLD.weapon; kept.weapon_class := OLD.weapon_class; kept.targets := OLD.targets; kept.grade := OLD.grade; kept.killed_min := OLD.killed_min; kept.killed_best := OLD.killed_best; kept.killed_max := OLD.killed_max; kept.civilians_killed_min := OLD.civilians_killed_min; kept.civilians_killed_best := OLD.civilians_killed_best; kept.civilians_killed_max := OLD.civilians_killed_max; kept.injured_min := OLD.injured_min; kept.injured_best := OLD.injured_best; kept.injured_max := OLD.injured_max; kept.exposure_1km := OLD.exposure_1km; kept.exposure_2km := OLD.exposure_2km; kept.exposure_5km := OLD.exposure_5km; IF kept *= OLD THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '% is append-only: UPDATE refused', TG_TABLE_NAME;", hash='53610521dbbbe3003573b2829746a9d8ac012f30', operation='UPDATE', pgid='pgtrigger_append_only_update_4c77e', table='feed_logentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.seq IS NOT NULL OR NEW.sealed_at IS NOT NULL OR NEW.hash IS NOT NULL OR NEW.chain IS NOT NULL OR NEW.closed_by_seq IS NOT NULL)', func="RAISE EXCEPTION '% is append-only: INSERT of a sealed row refused', TG_TABLE_NAME;", hash='ed2731e75c790f07192a0fe15562ddc0ac1391bd', operation='INSERT', pgid='pgtrigger_append_only_insert_31892', table='feed_logentry', when='BEFORE')),
        ),
    ]
