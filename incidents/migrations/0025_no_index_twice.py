"""No index twice: another index of each table begins with the column."""

import django.db.models.deletion
from django.db import migrations, models

from core.operations import foreign_key_unindexed


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("accounts", "0003_history"), ("incidents", "0024_import_language")]

    operations = [
        foreign_key_unindexed(
            "incidents_boundaryunit",
            "release",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="units",
                to="incidents.boundaryrelease",
            ),
            "incidents_boundaryunit_release_id_4edc793a",
        ),
        foreign_key_unindexed(
            "incidents_comment",
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
        foreign_key_unindexed(
            "incidents_consentchange",
            "report",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consent_changes",
                to="incidents.report",
            ),
            "incidents_consentchange_report_id_0e3b3d89",
        ),
        foreign_key_unindexed(
            "incidents_evidence",
            "report",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="incidents.report",
            ),
            "incidents_evidence_report_id_6bcb8fe1",
        ),
        foreign_key_unindexed(
            "incidents_headermapping",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_headermapping_organisation_id_9720816f",
        ),
        foreign_key_unindexed(
            "incidents_importrun",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_importrun_organisation_id_fc63f1c0",
        ),
        foreign_key_unindexed(
            "incidents_publication",
            "incident",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="incidents.incident",
            ),
            "incidents_publication_incident_id_04390c29",
        ),
        foreign_key_unindexed(
            "incidents_rejectedrow",
            "run",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rejected",
                to="incidents.importrun",
            ),
            "incidents_rejectedrow_run_id_c98ffdd9",
        ),
        foreign_key_unindexed(
            "incidents_report",
            "organisation",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
            "incidents_report_organisation_id_1ae5d93b",
        ),
        foreign_key_unindexed(
            "incidents_response",
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
        foreign_key_unindexed(
            "incidents_source",
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
