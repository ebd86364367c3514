from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations

STANDING = "WHERE seq IS NOT NULL AND closed_by_seq IS NULL AND feature <> ''"
INDEXES = {
    "log_items_by_place": f"""(audience, kind, feed_square(geometry), time_start DESC, seq DESC)
        INCLUDE (geometry, time_end) {STANDING}""",
    "log_items_by_time": f"""(audience, kind, time_start DESC, seq DESC)
        INCLUDE (geometry, time_end) {STANDING}""",
    "log_span": """(audience, kind, (time_end - time_start))
        WHERE seq IS NOT NULL AND feature <> ''""",
    "log_closed": """(audience, kind, closed_by_seq)
        WHERE closed_by_seq IS NOT NULL AND feature <> ''""",
}
# The squares of the graticule, as feed/squares.py numbers them. Points only.
SQUARE = """
    CREATE OR REPLACE FUNCTION feed_square(point geometry) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT CASE WHEN GeometryType(point) = 'POINT' THEN
            ((floor(ST_Y(point)) + 90) * 361 + floor(ST_X(point)) + 180)::integer END
    $$
"""


def _made(name: str, body: str) -> migrations.RunSQL:
    # An attempt that was broken off leaves an index that nobody uses.
    dropped = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
    return migrations.RunSQL(
        [dropped, f"CREATE INDEX CONCURRENTLY {name} ON feed_logentry {body}"], dropped
    )


class Migration(migrations.Migration):

    atomic = False  # the indexes are made without stopping those who write

    dependencies = [
        ('feed', '0002_merged_into'),
    ]

    operations = [
        migrations.RunSQL(SQUARE, "DROP FUNCTION feed_square(geometry)"),
        *[_made(name, body) for name, body in INDEXES.items()],
        RemoveIndexConcurrently(model_name='logentry', name='log_by_time'),
    ]
