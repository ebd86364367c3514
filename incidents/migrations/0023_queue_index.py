"""The monitors' queue costs what is in it, not what is in the archive."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Index what is to be decided by its arrival, beside writers."""

    atomic = False

    dependencies = [("incidents", "0022_redaction_of_snapshots")]

    operations = [
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                fields=["-created_at", "-id"],
                name="incident_to_decide",
                condition=Q(merged_into__isnull=True)
                & (
                    Q(state__in=["new", "triaged", "in_review"])
                    | Q(state="published", version__gt=F("published_version"))
                ),
            ),
        ),
    ]
