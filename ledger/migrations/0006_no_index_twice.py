"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models

from core.operations import foreign_key_unindexed


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("ledger", "0005_states_held")]

    operations = [
        foreign_key_unindexed(
            "ledger_delivery",
            "event",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="ledger.domainevent",
            ),
            "ledger_delivery_event_id_cf5115eb",
        ),
    ]
