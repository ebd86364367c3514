"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models


def unindexed(model, field, foreign_key, index):
    """Drop the index of a foreign key beside writers; going back makes it anew, beside them too."""
    table = f"feed_{model}"
    dropped = migrations.RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"',
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON "{table}" ("{field}_id")',
    )
    state = migrations.AlterField(model, field, foreign_key)
    return migrations.SeparateDatabaseAndState([dropped], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("feed", "0011_redact_risk_cells")]

    operations = [
        unindexed(
            "webhook",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "feed_webhook_organisation_id_f4e20293",
        ),
        unindexed(
            "webhookdelivery",
            "webhook",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="feed.webhook",
            ),
            "feed_webhookdelivery_webhook_id_b1be1b73",
        ),
    ]
