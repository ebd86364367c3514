"""Operations of migrations that several apps share."""

from django.db.migrations import AlterField, RunSQL, SeparateDatabaseAndState
from django.db.models import ForeignKey


def foreign_key_unindexed(
    table: str, field: str, foreign_key: ForeignKey, index: str
) -> SeparateDatabaseAndState:
    """Drop the index of a foreign key beside writers; going back makes it anew, beside them too.

    ``table`` is named as Django does, by app and model. The migration is not atomic.
    """
    dropped = RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"',
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON "{table}" ("{field}_id")',
    )
    state = AlterField(table.partition("_")[2], field, foreign_key)
    return SeparateDatabaseAndState([dropped], [state])
