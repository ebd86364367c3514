"""A question whose worker dies: answered by the next one, each part once."""

import os
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Role
from ledger.models import Delivery
from scoring.models import ExposureQuestion
from scoring.services import questions
from scoring.services.layers import layer_activate
from tests.factories import make_member
from tests.scoring.asking import PERIOD, SQUARE, ask, asked
from tests.support.processes import wait_until

BODY = {"polygon": SQUARE, "period": PERIOD, "radii_m": [500, 1000]}
PARTS = {"residents", "500", "1000"}


@pytest.fixture
def layer(committed_db, import_layer, make_strike, layers_dir, monkeypatch):
    monkeypatch.setenv("LAYERS_DIR", str(layers_dir))
    for place in ((43.2, 33.7), (43.25, 33.71)):
        make_strike(place, time_start="2014-05-11T00:00Z", time_end="2014-05-11T00:00Z")
    cells = np.random.default_rng(3).gamma(0.2, 300, (60, 60)).astype(np.float32)
    return layer_activate(layer_id=import_layer(cells).id)


@pytest.fixture
def expected(layer, monkeypatch):
    """The answer that is given at once; later ones take a worker."""
    document = asked(BODY)
    monkeypatch.setattr(questions, "AT_ONCE", -1)
    return document


def _answer(question):
    question.refresh_from_db()
    assert question.finished_at
    assert set(question.answers) == PARTS
    return questions.question_answer(question).document()


def test_a_process_killed_before_it_stores_a_part_leaves_it_to_the_next(
    expected, start_child: Callable[..., object]
):
    assert ask(BODY, make_member(Role.MONITOR)).status_code == 202
    assert start_child("tests.support.scoring.answer_and_die", "2").died()
    question = ExposureQuestion.objects.get()
    assert (question.parts_done, question.finished_at) == (1, None)
    start_child("tests.support.children.dispatch_soon_again", "scoring.questions").result()
    assert _answer(question)["figures"] == expected["figures"]
    assert set(Delivery.objects.filter(consumer="scoring.questions").values_list("state")) == {
        ("done",)
    }


@pytest.mark.celery
def test_a_worker_killed_in_the_middle_loses_nothing(expected, layer, layers_dir, celery_worker):
    stored = layers_dir / layer.file_name
    content = stored.read_bytes()
    stored.unlink()
    os.mkfifo(stored)  # who reads the layer waits until somebody writes
    worker = celery_worker("scoring")
    assert ask(BODY, make_member(Role.MONITOR)).status_code == 202
    deliveries = Delivery.objects.filter(consumer="scoring.questions")
    wait_until(deliveries.filter(state="claimed").exists, "a worker at a part")
    worker.kill()
    stored.unlink()
    stored.write_bytes(content)
    question = ExposureQuestion.objects.get()
    assert question.answers == {}
    long_ago = timezone.now() - timedelta(minutes=1)
    deliveries.update(claimed_at=long_ago)  # instead of waiting until they count as abandoned
    celery_worker("default,scoring", beat=True)
    wait_until(lambda: not deliveries.exclude(state="done").exists(), "another worker is done")
    assert _answer(question)["residents"] == expected["residents"]
    assert _answer(question)["figures"] == expected["figures"]
