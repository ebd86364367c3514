"""People exposed within a polygon: counted by scoring's questions, each asker's own."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from scoring.models import ExposureQuestion
from scoring.services.layers import layer_activate
from tests.factories import make_member
from tests.monitor.signing_in import signed_in

RING = [[43.1, 33.6], [43.4, 33.6], [43.4, 33.9], [43.1, 33.9], [43.1, 33.6]]
MAY = {"start": "2014-05-01", "end": "2014-05-31"}


@pytest.fixture
def bob(db):
    return make_member(Role.MONITOR)


@pytest.fixture
def desk(bob):
    return signed_in(bob)


@pytest.fixture
def struck(db, import_layer, make_strike):
    layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    when = datetime(2014, 5, 11, tzinfo=UTC)
    make_strike((43.25, 33.75), time_start=when, time_end=when)
    make_strike((43.25, 33.75), time_start=when, time_end=when)


def ask(desk, ring=RING, **fields):
    return desk.post("/map/people/", {"polygon": json.dumps(ring)} | fields)


def test_each_is_counted_once_and_as_often_as_struck(desk, struck, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        answer = ask(desk, **MAY)
    assert answer.status_code == 200
    assert answer.context["residents"] == "65,000"
    figures = [one for one in answer.context["figures"] if one["radius_m"] == 5000]
    assert figures[0]["strikes"] == 2
    once, often = (int(figures[0][name].replace(",", "")) for name in ("unique", "person_strikes"))
    assert often == pytest.approx(2 * once, rel=0.05)
    assert "<html" in answer.content.decode()


def test_the_map_gets_only_the_answer(desk, struck):
    answer = desk.post(
        "/map/people/", {"polygon": json.dumps(RING)}, headers={"hx-request": "true"}
    )
    assert "<html" not in answer.content.decode()
    assert answer.context["residents"] == "65,000"


@pytest.mark.parametrize(
    ("ring", "fields"),
    [
        ([], {}), ("x", {}), ([[1, 2]], {}), ([[0, 0], [60, 0], [60, 60], [0, 0]], {}),
        (RING, {"polygon": "{"}), (RING, {"polygon": ""}), (RING, {"polygon": "[" * 100_000}),
        (RING, {"polygon": "[1e999]"}), (RING, {"polygon": "\x00"}),
        (RING, {"start": "x", "end": "y"}),
        (RING, {"start": "2014-05-02", "end": "2014-05-01"}), (RING, {"start": "2014-05-02"}),
        ([["<b>", 1]] * 4, {}), ([[float("1e300"), 2]] * 4, {}),
    ],
)  # fmt: skip
def test_rubbish_is_refused_by_name(desk, struck, ring, fields):
    answer = ask(desk, ring, **fields)
    assert answer.status_code == 400
    assert answer.context["errors"]
    assert "<b>" not in answer.content.decode()


def test_without_a_layer_it_says_so(desk):
    assert ask(desk).status_code == 409


def question_of(member):
    now = timezone.now()
    return ExposureQuestion.objects.create(
        created_by_id=member.user_id, organisation_id=member.organisation_id,
        expires_at=now + timedelta(days=1), asked={}, inputs={}, parts_total=3,
    )  # fmt: skip


def test_an_answer_that_takes_a_while_is_the_asker_s_own(desk, bob):
    path = f"/map/people/{question_of(bob).id}/"
    assert "0 of 3 parts" in desk.get(path).content.decode()
    assert signed_in(make_member(Role.MONITOR)).get(path).status_code == 404
    assert desk.get(f"/map/people/{uuid4()}/").status_code == 404


def test_outsiders_are_turned_away(db):
    for path in ("/map/people/", f"/map/people/{uuid4()}/"):
        assert Client().post(path)["Location"].startswith("/account/login/")
        for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
            assert signed_in(make_member(role)).post(path).status_code == 403
