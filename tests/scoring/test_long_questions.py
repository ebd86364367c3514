"""Questions that take a worker: asked, followed, answered, forgotten."""

from datetime import timedelta

import numpy as np
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from ledger.dispatch import dispatch
from ledger.models import AuditEntry, Delivery, DomainEvent
from scoring.models import ExposureQuestion
from scoring.services import questions
from scoring.services.layer_files import LayerDamaged
from scoring.services.layers import layer_activate
from scoring.tasks import questions_expire
from tests.factories import bearer, make_member
from tests.scoring.asking import PERIOD, SQUARE, ask, asked

pytestmark = pytest.mark.django_db
POINTS = {"points": [[43.2, 33.7], [43.21, 33.7], [43.3, 33.8]], "radii_m": [500, 1000]}


@pytest.fixture(autouse=True)
def layer(import_layer):
    layer = import_layer(np.random.default_rng(3).gamma(0.2, 300, (60, 60)).astype(np.float32))
    layer_activate(layer_id=layer.id)
    return layer


@pytest.fixture
def long(monkeypatch):
    """Nothing is answered at once."""
    monkeypatch.setattr(questions, "AT_ONCE", -1)


def follow(answer, membership):
    path = answer["Location"].removeprefix("http://testserver")
    return Client(**bearer(membership)).get(path)


@pytest.mark.parametrize("body", [POINTS, {"polygon": SQUARE, "period": PERIOD}])
def test_workers_give_the_answer_that_is_given_at_once(body, make_strike, monkeypatch):
    for place in ((43.2, 33.7), (43.25, 33.71)):
        make_strike(place, time_start="2014-05-11T00:00Z", time_end="2014-05-11T00:00Z")
    bob = make_member(Role.MONITOR)
    at_once = asked(body, bob)
    monkeypatch.setattr(questions, "AT_ONCE", -1)
    answer = ask(body, bob)
    assert answer.status_code == 202
    waiting = answer.json()
    assert (waiting["state"], waiting["result"]) == ("waiting", None)
    total = waiting["progress"]["total"]
    assert waiting["progress"] == {"done": 0, "total": total}
    assert dispatch("scoring.questions") == total
    done = follow(answer, bob).json()
    assert (done["state"], done["progress"]) == ("done", {"done": total, "total": total})
    assert done["result"] == at_once


def test_what_happens_after_it_was_asked_does_not_change_the_answer(
    long, layer, import_layer, make_strike
):
    strike = make_strike((43.2, 33.7), time_start="2014-05-11T00:00Z", time_end="2014-05-11T00:00Z")
    bob = make_member(Role.MONITOR)
    answer = ask({"polygon": SQUARE, "period": PERIOD}, bob)
    type(strike).objects.update(grade="discounted", version=2)
    layer_activate(layer_id=import_layer(np.full((60, 60), 9.0), name="new.tif").id)
    dispatch("scoring.questions")
    result = follow(answer, bob).json()["result"]
    assert result["layer"]["sha256"] == layer.sha256
    assert result["figures"][0]["strikes"] == 1


def test_only_who_asked_sees_it(long):
    bob = make_member(Role.MONITOR)
    answer = ask(POINTS, bob)
    assert follow(answer, bob).status_code == 200
    for other in (make_member(Role.MONITOR), make_member(Role.LEAD_MONITOR)):
        assert follow(answer, other).status_code == 404
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert follow(answer, make_member(role)).status_code == 403
        assert ask(POINTS, make_member(role)).status_code == 403


def test_a_part_done_twice_counts_once(long):
    bob = make_member(Role.MONITOR)
    answer = ask(POINTS, bob)
    question = ExposureQuestion.objects.get()
    for _ in range(2):
        questions.part_answer(question_id=question.id, name="500")
    assert follow(answer, bob).json()["progress"] == {"done": 1, "total": 2}
    assert follow(answer, bob).json()["state"] == "running"


def test_a_damaged_layer_is_tried_again_and_then_told(long, layer, layers_dir):
    bob = make_member(Role.MONITOR)
    answer = ask(POINTS, bob)
    (layers_dir / layer.file_name).write_bytes(b"rubbish")
    part = DomainEvent.objects.filter(kind="exposure.asked").first()
    with pytest.raises(LayerDamaged):
        questions.part_answer(question_id=part.payload["question"], name="500")
    given_up = {"state": "parked", "finished_at": timezone.now()}
    Delivery.objects.filter(consumer="scoring.questions").update(**given_up)
    told = follow(answer, bob).json()
    assert (told["state"], told["result"]) == ("failed", None)
    assert told["error"]


def test_it_expires_and_is_deleted_with_its_answer(long):
    bob = make_member(Role.MONITOR)
    answer = ask(POINTS, bob)
    with time_machine.travel(timezone.now() + questions.KEPT + timedelta(seconds=1)):
        assert follow(answer, bob).status_code == 404
        questions_expire()
        assert not ExposureQuestion.objects.exists()
        dispatch("scoring.questions")  # its parts have nothing to do


def test_the_ledger_knows_that_somebody_asked_and_not_where(long):
    ask({"polygon": SQUARE, "period": PERIOD})
    kept = [AuditEntry.objects.get(action="exposure.asked").data]
    kept += DomainEvent.objects.filter(kind="exposure.asked").values_list("payload", flat=True)
    assert "43.1" not in str(kept)


def test_too_many_unfinished_questions_are_refused(long, monkeypatch):
    monkeypatch.setattr(questions, "MOST_UNFINISHED", 1)
    bob = make_member(Role.MONITOR)
    assert ask(POINTS, bob).status_code == 202
    answer = ask(POINTS, bob)
    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert ask(POINTS, make_member(Role.MONITOR)).status_code == 202


def test_what_can_never_be_answered_says_so(long):
    bob = make_member(Role.MONITOR)
    answer = ask(POINTS, bob)
    ExposureQuestion.objects.update(inputs={"radii_m": [500, 1000], "points": [[43.2, 933.0]]})
    dispatch("scoring.questions")
    told = follow(answer, bob).json()
    assert told["state"] == "failed"
    assert "latitudes" in told["error"]
