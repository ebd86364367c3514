"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models


def unindexed(model, field, foreign_key, index):
    """Drop the index of a foreign key beside writers; going back makes it anew, beside them too."""
    table = f"ledger_{model}"
    dropped = migrations.RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"',
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON "{table}" ("{field}_id")',
    )
    state = migrations.AlterField(model, field, foreign_key)
    return migrations.SeparateDatabaseAndState([dropped], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("ledger", "0005_states_held")]

    operations = [
        unindexed(
            "delivery",
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
