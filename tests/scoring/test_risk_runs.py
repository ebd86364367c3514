"""Runs of the risk model: what they are made of, when they are due, and who is served meanwhile."""

from datetime import timedelta

import h3
import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from incidents.models import MatchSuggestion
from incidents.vocab import Grade, State
from ledger.models import DomainEvent
from scoring.engine.risk.figures import NAMES
from scoring.models import RiskCell, RiskHistory, RiskRun
from scoring.risk_selectors import risk_history_of, risk_served
from scoring.services import risk
from scoring.services.layers import layer_activate
from scoring.services.risk_inputs import record_inputs
from scoring.services.risk_record import record_run_if_due
from scoring.services.risk_rows import figure_index

PLACE = (43.25, 33.75)
SOURCE = RiskRun.Source.RECORD


@pytest.fixture
def people(db, import_layer):
    cells = np.zeros((60, 60))
    cells[25:35, 25:35] = 500
    return layer_activate(layer_id=import_layer(cells).id)


def people_at(run, floor="all", horizon=30):
    cell = RiskCell.objects.filter(run=run, cell=h3.latlng_to_cell(PLACE[1], PLACE[0], 6)).first()
    return cell.figures[figure_index("people", horizon, floor)] if cell else 0.0


def run_again(now=None):
    """Return a run that is due for its day alone."""
    last = RiskRun.objects.order_by("-started_at").first()
    later = timezone.now() if last is None else timezone.now() + timedelta(days=1)
    return record_run_if_due(now=now or later)


def make_run(layer):
    return risk.run_make(
        SOURCE, layer=layer, inputs=record_inputs(), origin=risk.first_day_ahead(timezone.now())
    )


def test_an_empty_database_is_a_good_run_of_nothing(people):
    run = record_run_if_due()
    assert (run.state, run.cell_count, run.inputs["strikes"]) == ("finished", 0, 0)
    assert risk_served(SOURCE) == run


def test_without_a_layer_there_is_no_run(db, make_strike):
    make_strike()
    assert record_run_if_due() is None


def test_a_run_names_what_it_was_computed_from_and_the_cell_says_why(people, make_strike):
    strike = make_strike(PLACE)
    run = record_run_if_due()
    assert (run.state, run.error) == ("finished", "")
    assert run.layer_sha256 == people.sha256
    assert run.cell_count == run.cells.count() > 0
    cell = run.cells.get(cell=h3.latlng_to_cell(PLACE[1], PLACE[0], 6))
    assert cell.explanation["all"]["incidents"][0][0] == str(strike.id)
    assert cell.explanation["weak"]["incidents"] == []
    assert len(cell.figures) == len(NAMES) * 8
    assert 0 < people_at(run) < people_at(run, horizon=90) <= cell.people
    assert people_at(run, "weak") == 0
    (point,) = risk_history_of(SOURCE, cell.cell)
    assert (point["origin"], point["people"]) == (run.origin, people_at(run))


def test_the_same_inputs_give_the_same_bytes_and_others_do_not(people, make_strike):
    for number in range(5):
        make_strike((43.2 + number / 50, 33.75))
    first, second = make_run(people), make_run(people)
    assert first.results_sha256 == second.results_sha256
    assert first.inputs_sha256 == second.inputs_sha256
    make_strike(PLACE)
    third = make_run(people)
    assert third.inputs_sha256 != first.inputs_sha256
    assert third.results_sha256 != first.results_sha256


@pytest.mark.parametrize(
    "fields", [{"state": State.WITHDRAWN}, {"grade": Grade.DISCOUNTED}], ids=str
)
def test_what_is_withdrawn_or_discounted_leaves_no_trace_in_the_next_run(
    people, make_strike, fields
):
    make_strike((43.3, 33.75))
    before = make_run(people)
    strike = make_strike(PLACE)
    with_it = make_run(people)
    assert people_at(with_it) > people_at(before)
    for name, value in fields.items():
        setattr(strike, name, value)
    strike.save()
    after = make_run(people)
    assert after.results_sha256 == before.results_sha256
    told = [cell.explanation for cell in after.cells.all()]
    assert str(strike.id) not in str(told)


def test_likely_duplicates_count_once_until_a_monitor_decides(people, make_strike):
    one, other = sorted([make_strike(PLACE), make_strike(PLACE)], key=lambda strike: strike.id)
    twice = make_run(people)
    MatchSuggestion.objects.create(
        one=one, other=other, one_version=1, other_version=1, score=0.99,
        verdict="likely_same", reasons=[], formula="x",
    )  # fmt: skip
    once = make_run(people)
    assert once.inputs["likely_duplicate_pairs"] == 1
    other.state = State.WITHDRAWN
    other.save()
    alone = make_run(people)
    assert people_at(alone) == pytest.approx(people_at(once))
    assert people_at(once) < people_at(twice)


def test_floors_count_by_grade(people, make_strike):
    make_strike(PLACE, grade=Grade.FAIR)
    run = make_run(people)
    assert people_at(run, "fair") == people_at(run, "weak") == people_at(run, "all") > 0
    assert people_at(run, "confirmed") == 0


def test_what_has_no_place_or_day_is_left_out_and_counted(people, make_strike):
    make_strike(None, uncertainty_m=None)
    make_strike(PLACE, uncertainty_m=None, location_precision="village")
    make_strike(PLACE, uncertainty_m=150_000.0)
    make_strike(PLACE, time_precision="year")
    run = make_run(people)
    counted = {name: n for name, n in run.inputs.items() if name.startswith("left_out")}
    assert counted == {"left_out_no_place": 1, "left_out_too_vague": 2, "left_out_no_day": 1}
    assert run.inputs["strikes"] == 0


def test_one_run_a_day_and_one_after_changes_came_to_rest(people, make_strike, monkeypatch):
    assert record_run_if_due() is not None
    assert record_run_if_due() is None
    make_strike(PLACE)
    now = timezone.now()
    changes = (now, now)
    monkeypatch.setattr("scoring.services.risk_record._changes_since", lambda seq: changes)
    assert record_run_if_due(now=now) is None
    assert risk._is_due(SOURCE, people, lambda seq: changes, now + risk.QUIET)
    busy = (now - risk.LONGEST_WAIT, now)
    assert risk._is_due(SOURCE, people, lambda seq: busy, now)
    assert risk._is_due(SOURCE, people, lambda seq: None, now + timedelta(days=1))


def test_changes_are_seen_by_their_events(people, make_strike):
    from scoring.services.risk_record import _changes_since

    assert _changes_since(0) is None
    DomainEvent.objects.create(
        kind="incident.opened", object_type="incident", object_id=make_strike().id
    )
    assert _changes_since(0) is None  # seen once it is sealed
    from ledger.sealing import seal

    seal()
    assert _changes_since(0) is not None
    assert _changes_since(DomainEvent.objects.latest("seq").seq) is None


def test_another_layer_is_a_reason_for_a_run_which_names_the_one_it_began_with(
    people, make_strike, import_layer, monkeypatch
):
    make_strike(PLACE)
    first = record_run_if_due()
    other = import_layer(np.full((60, 60), 9.0), name="other.tif")
    computed = risk.risk_computed

    def switching(*args, **kwargs):
        layer_activate(layer_id=people.id)
        return computed(*args, **kwargs)

    layer_activate(layer_id=other.id)
    monkeypatch.setattr(risk, "risk_computed", switching)
    second = record_run_if_due()
    assert (first.layer_id, second.layer_id) == (people.id, other.id)
    assert {cell.people for cell in second.cells.all()} != {
        cell.people for cell in first.cells.all()
    }
    # Switched while it was computing: the next sweep makes another.
    monkeypatch.setattr(risk, "risk_computed", computed)
    assert record_run_if_due().layer_id == people.id


def test_a_run_that_fails_leaves_the_last_good_one_served_and_is_not_tried_for_ever(
    people, make_strike, layers_dir
):
    make_strike(PLACE)
    good = record_run_if_due()
    stored = layers_dir / people.file_name
    content = stored.read_bytes()
    stored.write_bytes(b"rubbish")
    tomorrow = timezone.now() + timedelta(days=1)
    failed = [record_run_if_due(now=tomorrow) for _ in range(risk.MOST_FAILURES)]
    assert {run.state for run in failed} == {"failed"}
    assert "checksum" in failed[0].error
    assert not RiskCell.objects.filter(run__in=failed).exists()
    assert risk_served(SOURCE) == good
    stored.write_bytes(content)


def test_a_run_whose_worker_died_is_buried_and_begun_anew(people, make_strike):
    make_strike(PLACE)
    dead = RiskRun.objects.create(
        source=SOURCE, at_seq=0, origin=timezone.now().date(), model_version="x", parameters={},
        inputs={}, inputs_sha256="", layer=people, layer_sha256=people.sha256,
    )  # fmt: skip
    assert risk_served(SOURCE) is None
    run = record_run_if_due()
    dead.refresh_from_db()
    assert (dead.state, dead.error) == ("failed", "its worker died")
    assert risk_served(SOURCE) == run


def test_runs_that_ended_never_change_and_cells_never(people, make_strike):
    make_strike(PLACE)
    run = record_run_if_due()
    for change in (
        lambda: RiskRun.objects.filter(id=run.id).update(error="x"),
        lambda: RiskRun.objects.filter(id=run.id).delete(),
        lambda: RiskCell.objects.filter(run=run).update(people=1.0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_old_runs_keep_their_name_and_each_cell_its_history(people, make_strike, monkeypatch):
    monkeypatch.setattr(risk, "RUNS_KEPT", 2)
    make_strike(PLACE)
    now = timezone.now()
    runs = [
        risk.run_make(SOURCE, layer=people, inputs=record_inputs(), origin=day)
        for day in (risk.first_day_ahead(now + timedelta(days=n)) for n in (0, 0, 1, 2))
    ]
    assert [run.cells.exists() for run in runs] == [False, False, True, True]
    assert RiskRun.objects.count() == 4
    history = RiskHistory.objects.filter(source=SOURCE).first()
    assert history.days == [run.origin for run in runs[1:]]
    assert len(history.people) == len(history.risk_class) == 3
