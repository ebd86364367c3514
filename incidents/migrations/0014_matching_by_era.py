from django.db import migrations

# GiST parts its pages by the first column alone: with time in the second, a query read what happened
# around at any time. Here the area says the era as well, 128 days in a room of their own 200 degrees
# high; what spans more than a week, and so may lie in several eras, has one room beside them.
FUNCTIONS = """
    CREATE OR REPLACE FUNCTION incident_era(moment timestamp) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN floor(extract(epoch FROM moment) / (128 * 86400));

    CREATE OR REPLACE FUNCTION incident_reach(
        location geometry, uncertainty_m float8,
        time_start timestamptz, time_end timestamptz, time_precision text)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN incident_span(time_start, time_end, time_precision) > 7
        THEN ST_Translate(incident_area(location, uncertainty_m, 0), 1000, 0)
        ELSE ST_Translate(incident_area(location, uncertainty_m, 0), 0, 200 * incident_era(
            lower(incident_period(time_start, time_end, time_precision, 0))))
    END;
"""
NO_FUNCTIONS = """
    DROP FUNCTION incident_reach(geometry, float8, timestamptz, timestamptz, text);
    DROP FUNCTION incident_era(timestamp);
"""
BY_AREA = """
    CREATE INDEX CONCURRENTLY incident_reach ON incidents_incident USING gist (
        incident_area(location, uncertainty_m, 0),
        incident_period(time_start, time_end, time_precision, 0))
    WHERE merged_into_id IS NULL AND state <> 'withdrawn'
"""
BY_ERA = """
    CREATE INDEX CONCURRENTLY incident_reach_by_era ON incidents_incident USING gist (
        incident_reach(location, uncertainty_m, time_start, time_end, time_precision),
        incident_period(time_start, time_end, time_precision, 0))
    WHERE merged_into_id IS NULL AND state <> 'withdrawn'
"""
# An attempt that was broken off leaves an index that nobody uses.
NO_INDEX = "DROP INDEX CONCURRENTLY IF EXISTS "


class Migration(migrations.Migration):

    atomic = False  # the index is made without stopping those who write

    dependencies = [
        ('incidents', '0013_context_events_held'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(
            [NO_INDEX + "incident_reach_by_era", BY_ERA], [NO_INDEX + "incident_reach_by_era"]
        ),
        migrations.RunSQL([NO_INDEX + "incident_reach"], [NO_INDEX + "incident_reach", BY_AREA]),
    ]
