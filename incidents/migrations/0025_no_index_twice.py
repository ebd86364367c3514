"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models


def unindexed(model, field, foreign_key, index):
    """Drop the index of a foreign key beside writers; going back makes it anew, beside them too."""
    table = f"incidents_{model}"
    dropped = migrations.RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"',
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON "{table}" ("{field}_id")',
    )
    state = migrations.AlterField(model, field, foreign_key)
    return migrations.SeparateDatabaseAndState([dropped], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("accounts", "0003_history"), ("incidents", "0024_import_language")]

    operations = [
        unindexed(
            "boundaryunit",
            "release",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="units",
                to="incidents.boundaryrelease",
            ),
            "incidents_boundaryunit_release_id_4edc793a",
        ),
        unindexed(
            "comment",
            "replaces",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.comment",
            ),
            "incidents_comment_replaces_id_37555606",
        ),
        unindexed(
            "consentchange",
            "report",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consent_changes",
                to="incidents.report",
            ),
            "incidents_consentchange_report_id_0e3b3d89",
        ),
        unindexed(
            "evidence",
            "report",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="incidents.report",
            ),
            "incidents_evidence_report_id_6bcb8fe1",
        ),
        unindexed(
            "headermapping",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_headermapping_organisation_id_9720816f",
        ),
        unindexed(
            "importrun",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_importrun_organisation_id_fc63f1c0",
        ),
        unindexed(
            "publication",
            "incident",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="incidents.incident",
            ),
            "incidents_publication_incident_id_04390c29",
        ),
        unindexed(
            "rejectedrow",
            "run",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rejected",
                to="incidents.importrun",
            ),
            "incidents_rejectedrow_run_id_c98ffdd9",
        ),
        unindexed(
            "report",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_report_organisation_id_1ae5d93b",
        ),
        unindexed(
            "response",
            "replaces",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.response",
            ),
            "incidents_response_replaces_id_546aede0",
        ),
        unindexed(
            "source",
            "report",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="incidents.report",
            ),
            "incidents_source_report_id_c1782d61",
        ),
    ]
