from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """For rows to come; those that are there are checked by the next, without keeping others out."""

    dependencies = [
        ('ledger', '0003_head_by_seq'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sealed_at__isnull', True), ('seq__isnull', True)), models.Q(('sealed_at__isnull', False), ('seq__isnull', False)), _connector='OR'), name='audit_sealed_whole'),
        ),
        AddConstraintNotValid(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['pending', 'claimed'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'parked'])), _connector='OR'), name='delivery_finished_has_time'),
        ),
        AddConstraintNotValid(
            model_name='domainevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sealed_at__isnull', True), ('seq__isnull', True)), models.Q(('sealed_at__isnull', False), ('seq__isnull', False)), _connector='OR'), name='event_sealed_whole'),
        ),
        AddConstraintNotValid(
            model_name='head',
            constraint=models.CheckConstraint(condition=models.Q(('list__in', ['audit', 'events'])), name='head_list_is_known'),
        ),
        AddConstraintNotValid(
            model_name='head',
            constraint=models.CheckConstraint(condition=models.Q(('first_seq__gte', 1), ('number__gte', 1)), name='head_counted_from_1'),
        ),
    ]
