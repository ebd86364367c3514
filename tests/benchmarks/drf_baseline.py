"""What a plain Django REST framework project would do: a serializer list and ``bulk_create``."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from rest_framework import serializers

from core.copying import Row
from incidents import vocab
from incidents.models import Claim, Incident, Relay, Report, Source
from incidents.services.report_rows import ReportRows
from incidents.services.reports import _audit_entry, _opened_event
from incidents.types import ReportDraft, Submission
from ledger.consumers import consumers_of
from ledger.models import AuditEntry, Delivery, DomainEvent

BATCH = 1000
Plain = serializers.Serializer


class OccurredShape(Plain):
    start = serializers.DateField()
    end = serializers.DateField(required=False)
    precision = serializers.ChoiceField(vocab.TimePrecision.choices, required=False)


class PlaceShape(Plain):
    precision = serializers.ChoiceField(vocab.LocationPrecision.choices)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    uncertainty_m = serializers.FloatField(min_value=0, required=False)
    place_name = serializers.CharField(max_length=300, required=False)
    country = serializers.CharField(max_length=2, required=False)


class SourceShape(Plain):
    ref = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(vocab.SourceKind.choices)
    name = serializers.CharField(max_length=300, required=False)
    description = serializers.CharField(max_length=300, required=False)
    published_on = serializers.DateField(required=False)
    relays = serializers.ListField(child=serializers.CharField(max_length=60), required=False)


class ClaimShape(Plain):
    source = serializers.CharField(max_length=60)
    outcome = serializers.ChoiceField(vocab.Outcome.choices)
    minimum = serializers.IntegerField(min_value=0, required=False)
    best = serializers.IntegerField(min_value=0, required=False)
    maximum = serializers.IntegerField(min_value=0, required=False)
    civilian_status = serializers.ChoiceField(vocab.CivilianStatus.choices, required=False)
    party = serializers.CharField(max_length=300, required=False)


class ConsentShape(Plain):
    basis = serializers.ChoiceField(vocab.ConsentBasis.choices)
    store = serializers.BooleanField()
    share = serializers.BooleanField()
    publish = serializers.BooleanField()


class ReportListShape(serializers.ListSerializer):
    """Writes all rows of a list with ``bulk_create``, in one transaction."""

    @transaction.atomic
    def create(self, validated_data: list[dict[str, Any]]) -> list[Report]:
        actor, now = self.context["actor"], timezone.now()
        batch = [
            ReportRows(actor, submission, now)
            for submission in map(_submission, validated_data, self.context["keys"])
        ]
        Incident.objects.bulk_create(_made(Incident, [rows.incident for rows in batch]), BATCH)
        reports = Report.objects.bulk_create(_made(Report, [rows.report for rows in batch]), BATCH)
        for model, name in ((Source, "sources"), (Relay, "relays"), (Claim, "claims")):
            made = _made(model, [row for rows in batch for row in getattr(rows, name)])
            model.objects.bulk_create(made, BATCH)
        entries = _made(AuditEntry, [_audit_entry(actor, rows) for rows in batch])
        AuditEntry.objects.bulk_create(entries, BATCH)
        events = _made(DomainEvent, [_opened_event(rows.incident) for rows in batch])
        DomainEvent.objects.bulk_create(events, BATCH)
        Delivery.objects.bulk_create(
            [
                Delivery(event=event, consumer=consumer.name, object_id=event.object_id)
                for event in events
                for consumer in consumers_of(event.kind)
            ],
            BATCH,
        )
        return reports


class ReportShape(Plain):
    """A report as ``ReportDraft`` has it."""

    occurred = OccurredShape()
    location = PlaceShape()
    weapon = serializers.ChoiceField(vocab.Weapon.choices)
    sources = SourceShape(many=True)
    licence = serializers.ChoiceField(vocab.Licence.choices)
    consent = ConsentShape()
    title = serializers.CharField(max_length=300, required=False)
    description = serializers.CharField(max_length=20_000, required=False)
    claims = ClaimShape(many=True)
    alleged_actor = serializers.CharField(max_length=300, required=False)
    may_republish = serializers.BooleanField(required=False)

    class Meta:
        list_serializer_class = ReportListShape


def _made(model: type[Model], rows: Iterable[Row]) -> list[Any]:
    return [model(**vars(row)) for row in rows]


def _submission(content: dict[str, Any], key: str) -> Submission:
    draft = msgspec.convert(msgspec.to_builtins(content), ReportDraft)
    return Submission(draft=draft, idempotency_key=key, body_sha256=64 * "0")
