import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_devices'),
        ('incidents', '0005_relays_are_immutable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='report',
            name='immutable',
        ),
        migrations.AddField(
            model_name='incident',
            name='kind',
            field=models.CharField(choices=[('strike', 'strike'), ('withdrawal', 'withdrawal of a force'), ('desertion', 'desertion of a force'), ('capture', 'capture of a base or a town'), ('displacement', 'displacement of people'), ('ceasefire', 'ceasefire')], db_default='strike', default='strike', max_length=12),
        ),
        migrations.AddField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('strike', 'strike'), ('withdrawal', 'withdrawal of a force'), ('desertion', 'desertion of a force'), ('capture', 'capture of a base or a town'), ('displacement', 'displacement of people'), ('ceasefire', 'ceasefire')], db_default='strike', default='strike', max_length=12),
        ),
        migrations.AlterField(
            model_name='incident',
            name='weapon',
            field=models.CharField(blank=True, choices=[('barrel_bomb', 'barrel bomb'), ('aerial_bomb', 'aerial bomb'), ('air_missile', 'air-launched missile or rocket'), ('drone_strike', 'drone strike'), ('air_strike', 'air strike, munition unknown'), ('cluster_munition_air', 'cluster munition, air-launched'), ('artillery', 'artillery shell'), ('mortar', 'mortar'), ('rocket', 'ground-launched rocket'), ('ground_missile', 'ground-launched missile'), ('tank_shell', 'tank shell'), ('grenade', 'grenade'), ('shelling', 'shelling, munition unknown'), ('cluster_munition_ground', 'cluster munition, ground-launched'), ('naval_shell', 'naval shell or missile'), ('ied', 'improvised explosive device'), ('car_bomb', 'car bomb'), ('suicide_bomb', 'suicide bomb'), ('landmine', 'landmine or unexploded ordnance'), ('multiple', 'several weapons'), ('small_arms', 'small arms'), ('other', 'other, not explosive'), ('unclear', 'unclear')], max_length=30),
        ),
        migrations.AlterField(
            model_name='report',
            name='weapon',
            field=models.CharField(blank=True, choices=[('barrel_bomb', 'barrel bomb'), ('aerial_bomb', 'aerial bomb'), ('air_missile', 'air-launched missile or rocket'), ('drone_strike', 'drone strike'), ('air_strike', 'air strike, munition unknown'), ('cluster_munition_air', 'cluster munition, air-launched'), ('artillery', 'artillery shell'), ('mortar', 'mortar'), ('rocket', 'ground-launched rocket'), ('ground_missile', 'ground-launched missile'), ('tank_shell', 'tank shell'), ('grenade', 'grenade'), ('shelling', 'shelling, munition unknown'), ('cluster_munition_ground', 'cluster munition, ground-launched'), ('naval_shell', 'naval shell or missile'), ('ied', 'improvised explosive device'), ('car_bomb', 'car bomb'), ('suicide_bomb', 'suicide bomb'), ('landmine', 'landmine or unexploded ordnance'), ('multiple', 'several weapons'), ('small_arms', 'small arms'), ('other', 'other, not explosive'), ('unclear', 'unclear')], max_length=30),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."location" IS DISTINCT FROM (NEW."location") OR OLD."uncertainty_m" IS DISTINCT FROM (NEW."uncertainty_m") OR OLD."location_precision" IS DISTINCT FROM (NEW."location_precision") OR OLD."place_name" IS DISTINCT FROM (NEW."place_name") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."pcode" IS DISTINCT FROM (NEW."pcode") OR OLD."time_start" IS DISTINCT FROM (NEW."time_start") OR OLD."time_end" IS DISTINCT FROM (NEW."time_end") OR OLD."time_precision" IS DISTINCT FROM (NEW."time_precision") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."weapon" IS DISTINCT FROM (NEW."weapon") OR OLD."alleged_actor" IS DISTINCT FROM (NEW."alleged_actor") OR OLD."targets" IS DISTINCT FROM (NEW."targets") OR OLD."damage" IS DISTINCT FROM (NEW."damage") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."submitted_by_id" IS DISTINCT FROM (NEW."submitted_by_id") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."idempotency_key" IS DISTINCT FROM (NEW."idempotency_key") OR OLD."content_sha256" IS DISTINCT FROM (NEW."content_sha256") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."licence" IS DISTINCT FROM (NEW."licence") OR OLD."may_republish" IS DISTINCT FROM (NEW."may_republish") OR OLD."consent_basis" IS DISTINCT FROM (NEW."consent_basis") OR OLD."consent_share" IS DISTINCT FROM (NEW."consent_share") OR OLD."consent_publish" IS DISTINCT FROM (NEW."consent_publish") OR OLD."consent_court" IS DISTINCT FROM (NEW."consent_court") OR OLD."flags" IS DISTINCT FROM (NEW."flags") OR OLD."reporter_sealed" IS DISTINCT FROM (NEW."reporter_sealed") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."attachments" IS DISTINCT FROM (NEW."attachments") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6c0192ded87d2aa797b6a22ffed2d44eaef6ff3f', operation='UPDATE', pgid='pgtrigger_immutable_40a3a', table='incidents_report', when='BEFORE')),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'strike'), models.Q(('weapon', ''), _negated=True)), models.Q(models.Q(('kind', 'strike'), _negated=True), ('weapon', '')), _connector='OR'), name='incident_strike_has_weapon'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['strike', 'withdrawal', 'desertion', 'capture', 'displacement', 'ceasefire'])), name='incident_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'strike'), models.Q(('weapon', ''), _negated=True)), models.Q(models.Q(('kind', 'strike'), _negated=True), ('weapon', '')), _connector='OR'), name='report_strike_has_weapon'),
        ),
        AddConstraintNotValid(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['strike', 'withdrawal', 'desertion', 'capture', 'displacement', 'ceasefire'])), name='report_kind_is_known'),
        ),
    ]
