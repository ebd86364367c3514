from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # the index is made without stopping those who write

    dependencies = [
        ('incidents', '0010_matching'),
    ]

    operations = [
        migrations.RunSQL(
            [
                # An attempt that was broken off leaves an index that nobody uses.
                "DROP INDEX CONCURRENTLY IF EXISTS incident_reach",
                """
                CREATE INDEX CONCURRENTLY incident_reach ON incidents_incident USING gist (
                    incident_area(location, uncertainty_m, 0),
                    incident_period(time_start, time_end, time_precision, 0))
                WHERE merged_into_id IS NULL AND state <> 'withdrawn'
                """,
            ],
            "DROP INDEX CONCURRENTLY incident_reach",
        ),
    ]
