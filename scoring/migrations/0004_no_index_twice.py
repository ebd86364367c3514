"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models


def unindexed(model, field, foreign_key, index):
    """Drop the index of a foreign key beside writers; going back makes it anew, beside them too."""
    table = f"scoring_{model}"
    dropped = migrations.RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"',
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON "{table}" ("{field}_id")',
    )
    state = migrations.AlterField(model, field, foreign_key)
    return migrations.SeparateDatabaseAndState([dropped], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("scoring", "0003_risk")]

    operations = [
        unindexed(
            "populationgroup",
            "layer",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="scoring.populationlayer",
            ),
            "scoring_populationgroup_layer_id_8b03ddff",
        ),
    ]
