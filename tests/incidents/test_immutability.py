import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from incidents.models import Claim, Relay, Report, Source
from tests.factories import make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported():
    """A report with a source that relays another."""
    return make_incident(sources__0__relays=["w"])


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Report, {"title": "other"}),
        (Source, {"name": "other"}),
        (Claim, {"party": "other"}),
        (Relay, {"to_source_id": F("from_source_id")}),
    ],
)
def test_what_was_reported_is_never_changed(reported, model, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.parametrize("model", [Report, Source, Claim, Relay])
def test_what_was_reported_is_never_deleted(reported, model):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
