from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is made without stopping those who write

    dependencies = [
        ('incidents', '0020_embargo'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('embargo_until__isnull', False)), fields=['embargo_until'], name='incident_embargoed'),
        ),
    ]
