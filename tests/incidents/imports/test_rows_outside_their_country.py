"""A row is held against its country's outline as a single report is."""

import pytest

from incidents.models import Report
from incidents.selectors.imports import rejected_errors
from tests.factories import make_actor
from tests.incidents.boundaries.conftest import boundary_file, load, square, unit  # noqa: F401
from tests.incidents.imports.files import ALL_OR_NOTHING, carry_out, counts, imported, start, table

SOUTH = {"latitude": "21.355813"}  # 1,000 km south of Iraq
SWAPPED = {"latitude": "43.786124", "longitude": "33.355813"}


@pytest.fixture
def iraq(load):  # noqa: F811
    def put_in_force():
        load("Test countries", unit("IQ", square(39, 29, 48.5, 37.5), name="Iraq", country="IQ"))

    return put_in_force


@pytest.fixture
def actor(db):
    return make_actor()


@pytest.mark.parametrize("asked", [{}, {"mode": ALL_OR_NOTHING}, {"dry_run": True}])
def test_a_row_far_outside_its_country_is_refused_under_its_header(iraq, actor, asked):
    iraq()
    run = imported(actor, table({}, SOUTH), **asked)
    assert run.refused == 1
    ((number, (error,)),) = rejected_errors(run)
    assert (number, error.row, error.field, error.code) == (2, 2, "latitude", "outside_country")
    assert "km outside IQ" in error.message


def test_without_an_outline_only_what_looks_swapped_is_refused(actor):
    assert counts(imported(actor, table(SOUTH, SWAPPED))) == (1, 0, 1)


def test_a_row_that_was_taken_before_is_known_and_not_judged_anew(iraq, actor):
    assert counts(imported(actor, table(SOUTH))) == (1, 0, 0)
    iraq()
    run = start(actor, table(SOUTH, SOUTH | {"id": "2"}))
    assert counts(carry_out(run)) == (0, 1, 1)
    assert Report.objects.count() == 1


def test_a_row_that_is_refused_makes_none_after_it_known(iraq, actor):
    iraq()
    assert counts(imported(actor, table(SOUTH, SOUTH | {"id": "1"}))) == (0, 0, 2)
