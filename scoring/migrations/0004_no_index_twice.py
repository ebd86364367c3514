"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models

from core.operations import foreign_key_unindexed


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("scoring", "0003_risk")]

    operations = [
        foreign_key_unindexed(
            "scoring_populationgroup",
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
