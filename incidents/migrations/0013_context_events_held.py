from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Checks the rows that were there before 0006, under a lock that lets others read and write."""

    dependencies = [
        ('incidents', '0012_import_runs'),
    ]

    operations = [
        ValidateConstraint(model_name='incident', name='incident_strike_has_weapon'),
        ValidateConstraint(model_name='incident', name='incident_kind_is_known'),
        ValidateConstraint(model_name='report', name='report_strike_has_weapon'),
        ValidateConstraint(model_name='report', name='report_kind_is_known'),
    ]
