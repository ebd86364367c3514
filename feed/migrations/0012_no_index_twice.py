"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models

from core.operations import foreign_key_unindexed


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("feed", "0011_redact_risk_cells")]

    operations = [
        foreign_key_unindexed(
            "feed_webhook",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "feed_webhook_organisation_id_f4e20293",
        ),
        foreign_key_unindexed(
            "feed_webhookdelivery",
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
