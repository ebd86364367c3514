from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Checks the rows that are there, under a lock that lets others read and write."""

    dependencies = [
        ('ledger', '0004_states_are_known'),
    ]

    operations = [
        ValidateConstraint(model_name='auditentry', name='audit_sealed_whole'),
        ValidateConstraint(model_name='delivery', name='delivery_finished_has_time'),
        ValidateConstraint(model_name='domainevent', name='event_sealed_whole'),
        ValidateConstraint(model_name='head', name='head_list_is_known'),
        ValidateConstraint(model_name='head', name='head_counted_from_1'),
    ]
