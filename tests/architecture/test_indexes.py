"""What writers keep in order for readers: no index that another already stands for."""

from django.apps import apps
from django.db import connection

OURS = ("accounts", "feed", "incidents", "ledger", "scoring")
# Pairs of plain indexes of one table where the columns of the first begin the second.
TWICE = """
    SELECT one.indrelid::regclass::text, one.indexrelid::regclass::text
    FROM pg_index one JOIN pg_class one_is ON one_is.oid = one.indexrelid
    JOIN pg_index other USING (indrelid) JOIN pg_class other_is ON other_is.oid = other.indexrelid
    WHERE one.indexrelid <> other.indexrelid AND NOT one.indisunique
      AND one_is.relam = other_is.relam
      AND one.indpred IS NULL AND other.indpred IS NULL
      AND one.indexprs IS NULL AND other.indexprs IS NULL
      AND starts_with(other.indkey::text || ' ', one.indkey::text || ' ')
      AND starts_with(other.indclass::text || ' ', one.indclass::text || ' ')
"""


def test_no_index_begins_another(db):
    # Django's own tables between two models index both sides by themselves.
    tables = {
        m._meta.db_table
        for m in apps.get_models()
        if m._meta.app_label in OURS and not m._meta.proxy
    }
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        twice = [(table, index) for table, index in cursor.fetchall() if table in tables]
    assert twice == []
