"""New rows have their model's defaults, and no column that it does not have."""

from uuid import uuid4

import pytest

from core.copying import row_of
from ledger.models import Delivery


def test_a_row_has_the_columns_and_defaults_of_an_object():
    event, object_id = uuid4(), uuid4()
    given = {"event_id": event, "consumer": "one", "object_id": object_id, "not_before": None}
    row, made = row_of(Delivery, **given), Delivery(**given)
    assert vars(row) == {name: value for name, value in vars(made).items() if name != "_state"}


def test_a_column_that_the_model_does_not_have_is_refused():
    with pytest.raises(TypeError, match="evnt_id"):
        row_of(Delivery, evnt_id=uuid4())
