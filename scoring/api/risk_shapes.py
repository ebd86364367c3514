"""What is answered about risk. Persons, strikes, degrees WGS 84, UTC."""

import json
from typing import Any
from uuid import UUID

from rest_framework import serializers

from scoring.api.risk_params import RiskQuery
from scoring.api.serializers import LayerAnswer
from scoring.engine.risk.figures import CLASS_DAYS, NAMES
from scoring.models import RiskCell, RiskRun
from scoring.risk_sentences import Facts, sentences
from scoring.services.risk_rows import figure_index


class RiskRunAnswer(serializers.Serializer):
    """One run and what it was computed from."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    origin = serializers.DateField(help_text="the first day forecast")
    model_version = serializers.CharField()
    parameters = serializers.JSONField()
    seed = serializers.IntegerField(help_text="0: nothing is drawn at random")
    at_seq = serializers.IntegerField(help_text="the newest event known to it")
    inputs = serializers.JSONField(help_text="strikes that count, and those left out by reason")
    inputs_sha256 = serializers.CharField()
    layer = LayerAnswer()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    results_sha256 = serializers.CharField(allow_blank=True)
    cell_count = serializers.IntegerField(allow_null=True)
    has_cells = serializers.BooleanField(help_text="old runs keep none")
    error = serializers.CharField(allow_blank=True)


class RiskProperties(serializers.Serializer):
    """The figures of one cell for one horizon and floor."""

    horizon_days = serializers.IntegerField()
    evidence_floor = serializers.CharField()
    residents = serializers.FloatField(help_text="persons living in the cell")
    risk_class = serializers.IntegerField(
        allow_null=True, help_text="0 to 10, of 30 days at resolution 6; else null"
    )
    strikes = serializers.FloatField(help_text="expected in the cell")
    probability = serializers.FloatField(
        help_text="of at least one within 5 km, as people-weighted mean"
    )
    probability_low = serializers.FloatField()
    probability_high = serializers.FloatField()
    people = serializers.FloatField(help_text="persons expected to be exposed, each once")
    people_low = serializers.FloatField()
    people_high = serializers.FloatField()
    person_strikes = serializers.FloatField()
    person_strikes_low = serializers.FloatField()
    person_strikes_high = serializers.FloatField()


class RiskFeature(serializers.Serializer):
    """One cell as a GeoJSON feature."""

    type = serializers.CharField()
    id = serializers.CharField(help_text="H3 cell")
    geometry = serializers.JSONField()
    properties = RiskProperties()


class RiskCollection(serializers.Serializer):
    """A page of cells."""

    type = serializers.CharField()
    features = RiskFeature(many=True)
    run = RiskRunAnswer()
    next = serializers.URLField(allow_null=True)


class RiskReason(serializers.Serializer):
    """One incident that adds to a cell's risk."""

    incident = serializers.UUIDField()
    strikes = serializers.FloatField(help_text="expected in 30 days because of it")
    is_new = serializers.BooleanField(help_text="no reason in the run before")


class RiskExplanation(serializers.Serializer):
    """Why the figures of 30 days are what they are."""

    background = serializers.FloatField(help_text="strikes expected whatever happened lately")
    incidents = RiskReason(many=True)


class RiskChange(serializers.Serializer):
    """The same figures in the run before."""

    run = serializers.UUIDField()
    people = serializers.FloatField()
    risk_class = serializers.IntegerField(allow_null=True)
    same_layer = serializers.BooleanField()
    same_model = serializers.BooleanField()


class RiskPoint(serializers.Serializer):
    """One day of a cell's history: 30 days, floor ``all``."""

    origin = serializers.DateField()
    people = serializers.FloatField()
    risk_class = serializers.IntegerField(allow_null=True)


class RiskCellAnswer(RiskFeature):
    """One cell with its reasons, what changed, and its history."""

    run = RiskRunAnswer()
    explanation = RiskExplanation()
    change = RiskChange(allow_null=True)
    sentences = serializers.DictField(child=serializers.CharField(), help_text="by language")
    history = RiskPoint(many=True)


class RiskUnit(serializers.Serializer):
    """Sums over an administrative unit."""

    pcode = serializers.CharField()
    level = serializers.IntegerField()
    names = serializers.DictField(child=serializers.CharField())
    release = serializers.CharField()
    residents = serializers.FloatField(help_text="persons in cells with risk")
    people = serializers.FloatField(help_text="persons expected to be exposed")
    person_strikes = serializers.FloatField()
    residents_by_class = serializers.DictField(child=serializers.FloatField())


class RiskUnits(serializers.Serializer):
    """A page of units."""

    results = RiskUnit(many=True)
    run = RiskRunAnswer()
    horizon_days = serializers.IntegerField()
    evidence_floor = serializers.CharField()
    next = serializers.URLField(allow_null=True)


def cell_feature(cell: RiskCell, query: RiskQuery) -> dict[str, Any]:
    """Return a cell as a GeoJSON feature."""
    figures = {name: _figure(cell, name, query) for name in NAMES}
    return {
        "type": "Feature",
        "id": cell.cell,
        "geometry": json.loads(cell.geometry.geojson),
        "properties": {
            "horizon_days": query.horizon,
            "evidence_floor": query.floor,
            "residents": cell.people,
            "risk_class": _class(cell, query),
            **figures,
        },
    }


def cell_answer(
    run: RiskRun,
    cell: RiskCell,
    query: RiskQuery,
    *,
    before_run: RiskRun | None,
    before: RiskCell | None,
    visible: set[UUID],
) -> dict[str, Any]:
    """Return a cell with its reasons; ``visible`` are the incidents that may be named."""
    told = cell.explanation[query.floor]
    earlier = before.explanation[query.floor]["incidents"] if before else []
    known = {id_ for id_, _part in earlier}
    reasons = [
        {"incident": id_, "strikes": part, "is_new": before_run is not None and id_ not in known}
        for id_, part in told["incidents"]
        if UUID(id_) in visible
    ]
    people_before = _figure(before, "people", query) if before else None
    change = before_run and {
        "run": before_run.id,
        "people": people_before or 0.0,
        "risk_class": _class(before, query) if before else None,
        "same_layer": before_run.layer_sha256 == run.layer_sha256,
        "same_model": before_run.model_version == run.model_version,
    }
    explains = query.horizon == CLASS_DAYS
    facts = Facts(
        origin=run.origin,
        horizon_days=query.horizon,
        people=_figure(cell, "people", query),
        people_low=_figure(cell, "people_low", query),
        people_high=_figure(cell, "people_high", query),
        residents=cell.people,
        risk_class=_class(cell, query),
        strikes=_figure(cell, "strikes", query),
        background=told["background"] if explains else None,
        incidents=len(reasons),
        people_before=people_before,
        new_incidents=sum(reason["is_new"] for reason in reasons),
    )
    return cell_feature(cell, query) | {
        "explanation": {"background": told["background"], "incidents": reasons},
        "change": change,
        "sentences": sentences(facts, with_change=before_run is not None),
    }


def _figure(cell: RiskCell, name: str, query: RiskQuery) -> float:
    return float(cell.figures[figure_index(name, query.horizon, query.floor)])


def _class(cell: RiskCell, query: RiskQuery) -> int | None:
    return cell.risk_class[query.floor_at] if query.horizon == CLASS_DAYS else None
