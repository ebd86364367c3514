from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made without stopping those who write

    dependencies = [
        ('feed', '0004_salted_chain'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='logentry',
            index=models.Index(condition=models.Q(('seq__isnull', False)), fields=['audience', 'sealed_at', 'seq'], name='log_by_sealing'),
        ),
    ]
