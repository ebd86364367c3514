"""The steps of the map's time slider."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import Role
from incidents.models import Incident
from monitor.overview.timeline import MOST_STEPS, day_of, steps
from tests.factories import make_incident, make_member
from tests.monitor.signing_in import signed_in

DAYS = some.dates().map(lambda day: day.toordinal() - date(1970, 1, 1).toordinal())


@given(DAYS, DAYS)
def test_steps_hold_every_day_and_are_few(one, other):
    first, last = sorted((one, other))
    days = steps(first, last)
    assert days == sorted(set(days))
    assert days[0] <= first < days[1]
    assert days[-2] <= last < days[-1]
    assert len(days) <= MOST_STEPS + 1


@pytest.mark.parametrize(
    ("first", "last", "begin", "second"),
    [
        ("2014-05-11", "2014-05-11", "2014-05-11", "2014-05-12"),
        ("2014-05-11", "2014-06-20", "2014-05-11", "2014-05-12"),
        ("2014-05-11", "2014-08-20", "2014-05-05", "2014-05-12"),
        ("2014-05-11", "2016-08-20", "2014-05-01", "2014-06-01"),
        ("2012-05-11", "2021-08-20", "2012-04-01", "2012-07-01"),
        ("1990-05-11", "2021-08-20", "1990-01-01", "1991-01-01"),
    ],
)
def test_they_are_days_weeks_months_quarters_or_years(first, last, begin, second):
    epoch = date(1970, 1, 1)
    days = steps(*((date.fromisoformat(one) - epoch).days for one in (first, last)))
    assert [epoch + timedelta(days=day) for day in days[:2]] == [
        date.fromisoformat(begin),
        date.fromisoformat(second),
    ]


@pytest.fixture
def desk(db):
    for month in (1, 5, 9):
        when = datetime(2014, month, 10, 23, 30, tzinfo=UTC)
        incident = make_incident(title="Strike")
        Incident.objects.filter(id=incident.id).update(time_start=when, time_end=when)
    return signed_in(make_member(Role.MONITOR))


def test_the_slider_goes_over_the_whole_record_whatever_is_shown(desk):
    timeline = desk.get("/map/").context["timeline"]
    assert (timeline.start, timeline.end) == (0, len(timeline.days) - 1)
    asked = "?time_from=2014-05-10&time_until=2014-05-10&bbox=0,0,1,1"
    narrow = desk.get(f"/map/{asked}").context["timeline"]
    assert {*timeline.days} <= {*narrow.days}
    chosen = day_of(datetime(2014, 5, 10, tzinfo=UTC))
    assert [narrow.days[narrow.start], narrow.days[narrow.end]] == [chosen, chosen + 1]


def test_without_incidents_there_is_no_slider(db):
    answer = signed_in(make_member(Role.MONITOR)).get("/map/")
    assert answer.context["timeline"] is None
    assert "data-timeline" not in answer.content.decode()
