"""Shapes of the record's answers and of monitors' requests. They decide and write nothing."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.texts import hidden_in
from incidents import vocab
from incidents.api.answers import MonitorAnswer, ResponseAnswer, assigned_to
from incidents.api.evidence_shapes import EvidenceAnswer, LinkAnswer, evidence_answer
from incidents.models import (
    Assessment,
    Claim,
    Incident,
    MergeRecord,
    Publication,
    Report,
    Source,
)
from incidents.models.incidents import FINER
from incidents.selectors.casework import responses_of
from incidents.selectors.consent import consent_now
from incidents.selectors.sources import source_nodes_of
from incidents.snapshots import audiences_permitted
from incidents.vocab import weapon_class_of


class StrictSerializer(serializers.Serializer):
    """Refuses fields it doesn't know, since a misspelt name must not pass as an empty value.

    Refuses words with characters that hide or turn around what is read, too: see ``core.texts``.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Check for unknown names, then read as usual."""
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: ["This field is not known."] for name in unknown}, code="unknown_field"
                )
            hidden = {name: hidden_in(text) for name, text in data.items() if isinstance(text, str)}
            if any(hidden.values()):
                message = _("Take out the character %s: it is not seen, or turns the text around.")
                raise serializers.ValidationError(
                    {name: [message % found] for name, found in hidden.items() if found},
                    code="hidden_character",
                )
        return super().to_internal_value(data)


class AssessmentRequest(StrictSerializer):
    """A grade of one version, with a reason."""

    grade = serializers.ChoiceField(vocab.Grade.choices)
    reason = serializers.CharField(max_length=5000)

    def validate_reason(self, reason: str) -> str:
        """Refuse a reason without a single letter or digit."""
        if not any(character.isalnum() for character in reason):
            raise serializers.ValidationError(_("This field may not be blank."), code="blank")
        return reason


class PublishRequest(StrictSerializer):
    """Why a version is published, and for lead monitors how finely."""

    reason = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)
    public_resolution = serializers.IntegerField(
        min_value=FINER[0], max_value=FINER[1], required=False, allow_null=True, default=None
    )


class PublicationAnswer(serializers.Serializer):
    """What was published, and who may see it by licence and consent: perhaps nobody."""

    id = serializers.UUIDField()
    audiences = serializers.SerializerMethodField()
    incident = serializers.UUIDField(source="incident_id")
    version = serializers.IntegerField(source="incident_version")
    published_at = serializers.DateTimeField()

    def get_audiences(self, publication: Publication) -> list[str]:
        """Return the audiences."""
        return audiences_permitted(publication.snapshot)


class SaltAnswer(serializers.Serializer):
    """The salt of one sealed value, to prove later what was sealed."""

    salt = serializers.CharField()


class ReceivedAnswer(serializers.Serializer):
    """What the sender of a report gets back."""

    id = serializers.UUIDField(source="report_id")
    incident = serializers.UUIDField(source="incident_id")
    receipt = serializers.DictField()
    salts = serializers.DictField(child=SaltAnswer())


class PlaceAnswer(serializers.Serializer):
    """Where, with its uncertainty."""

    longitude = serializers.SerializerMethodField()
    latitude = serializers.SerializerMethodField()
    uncertainty_m = serializers.FloatField(allow_null=True)
    precision = serializers.CharField(source="location_precision")
    place_name = serializers.CharField()
    country = serializers.CharField()
    pcode = serializers.CharField()

    def get_longitude(self, row: Report | Incident) -> float | None:
        """Return degrees east."""
        return row.location.x if row.location else None

    def get_latitude(self, row: Report | Incident) -> float | None:
        """Return degrees north."""
        return row.location.y if row.location else None


class OccurredAnswer(serializers.Serializer):
    """When, both ends included."""

    start = serializers.DateTimeField(source="time_start")
    end = serializers.DateTimeField(source="time_end")
    precision = serializers.CharField(source="time_precision")


class SourceAnswer(serializers.ModelSerializer):
    """A source without its sealed identity."""

    relays = serializers.SlugRelatedField("ref", many=True, read_only=True)  # type: ignore[var-annotated]
    has_identity = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = (
            "ref",
            "kind",
            "name",
            "description",
            "url",
            "published_on",
            "relays",
            "has_identity",
        )

    def get_has_identity(self, source: Source) -> bool:
        """Tell whether an identity is sealed with it."""
        return source.identity_sealed is not None


class ClaimAnswer(serializers.ModelSerializer):
    """One figure of one source."""

    source = serializers.CharField(source="source.ref")  # type: ignore[assignment]

    class Meta:
        model = Claim
        fields = (
            "id",
            "source",
            "outcome",
            "civilian_status",
            "sex",
            "age_group",
            "party",
            "minimum",
            "best",
            "maximum",
        )


class ConsentAnswer(serializers.Serializer):
    """What the people concerned agree to now, by purpose."""

    basis = serializers.ChoiceField(vocab.ConsentBasis.choices)
    share = serializers.BooleanField(help_text="with partners")
    publish = serializers.BooleanField()
    court = serializers.BooleanField(help_text="use in court")


class WithdrawnAnswer(serializers.Serializer):
    """That a report was withdrawn by its organisation and counts nowhere."""

    withdrawn_at = serializers.DateTimeField()
    reason = serializers.CharField()


class ReportAnswer(serializers.ModelSerializer):
    """A report as its organisation sees it."""

    occurred = OccurredAnswer(source="*")
    location = PlaceAnswer(source="*")
    sources = SourceAnswer(many=True)
    claims = ClaimAnswer(many=True)
    consent = serializers.SerializerMethodField()
    withdrawn = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    links = LinkAnswer(many=True)

    class Meta:
        model = Report
        fields = (
            "id",
            "incident",
            "corrects",
            "organisation",
            "received_at",
            "title",
            "description",
            "language",
            "kind",
            "occurred",
            "location",
            "weapon",
            "alleged_actor",
            "targets",
            "damage",
            "licence",
            "may_republish",
            "consent",
            "withdrawn",
            "flags",
            "sources",
            "claims",
            "evidence",
            "links",
            "receipt",
        )

    @extend_schema_field(ConsentAnswer)
    def get_consent(self, report: Report) -> Any:
        """Return the consent as it stands now; the receipt has what it was."""
        return ConsentAnswer(consent_now(report)).data

    @extend_schema_field(WithdrawnAnswer(allow_null=True))
    def get_withdrawn(self, report: Report) -> Any:
        """Return the withdrawal, if there is one."""
        withdrawal = getattr(report, "withdrawal", None)
        return WithdrawnAnswer(withdrawal).data if withdrawal else None

    @extend_schema_field(EvidenceAnswer(many=True))
    def get_evidence(self, report: Report) -> list[dict[str, Any]]:
        """Return the files that the report announced, or that came to it without."""
        received = {row.name: row for row in report.evidence.all()}
        names = dict.fromkeys([*report.attachments, *received])
        rows = [evidence_answer(name, received.get(name)) for name in names]
        return list(EvidenceAnswer(rows, many=True).data)


class AssessmentAnswer(serializers.ModelSerializer):
    """One monitor's grade."""

    assessed_by = serializers.CharField(source="assessed_by.name")

    class Meta:
        model = Assessment
        fields = ("id", "incident_version", "grade", "reason", "assessed_by", "assessed_at")


class MovedAnswer(serializers.Serializer):
    """Where a merged incident lives on."""

    merged_into = serializers.UUIDField()


class MergeAnswer(serializers.ModelSerializer):
    """One merge: whose reports went into which incident, and whether it was undone."""

    into = serializers.UUIDField(source="survivor_id")
    moved = serializers.DictField(child=serializers.ListField(child=serializers.UUIDField()))
    merged_by = serializers.CharField(source="merged_by.name")

    class Meta:
        model = MergeRecord
        fields = ("id", "into", "moved", "reason", "merged_by", "merged_at", "undone_at")


class IncidentSummary(serializers.ModelSerializer):
    """An incident in a list."""

    occurred = OccurredAnswer(source="*")
    location = PlaceAnswer(source="*")
    weapon_class = serializers.SerializerMethodField()
    casualties = serializers.ListField(child=serializers.DictField())
    units = serializers.ListField(child=serializers.DictField())
    assigned_to = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields: tuple[str, ...] = (
            "id",
            "version",
            "state",
            "grade",
            "published_version",
            "embargo_until",
            "assigned_to",
            "created_at",
            "changed_at",
            "kind",
            "title",
            "occurred",
            "location",
            "units",
            "weapon",
            "weapon_class",
            "alleged_actor",
            "targets",
            "damage",
            "casualties",
            "independent_sources",
        )

    @extend_schema_field(MonitorAnswer(allow_null=True))
    def get_assigned_to(self, incident: Incident) -> Any:
        """Return who works on it; null for nobody."""
        return assigned_to(incident)

    def get_weapon_class(self, incident: Incident) -> str:
        """Return the AOAV class of the weapon; empty for a context event, which has none."""
        return weapon_class_of(incident.weapon)


class SourceRef(serializers.Serializer):
    """One source of one report."""

    report = serializers.UUIDField()
    ref = serializers.CharField()


class SourceNode(serializers.Serializer):
    """One node of who relays whom: all sources that are the same one."""

    node = serializers.IntegerField(help_text="its number here, from 0")
    kind = serializers.ChoiceField(vocab.SourceKind.choices)
    name = serializers.CharField()
    description = serializers.CharField()
    sources = SourceRef(many=True)
    relays = serializers.ListField(child=serializers.IntegerField(), help_text="nodes")
    roots = serializers.ListField(
        child=serializers.IntegerField(), help_text="the roots it goes back to, numbered from 0"
    )
    is_root = serializers.BooleanField()


class IncidentAnswer(IncidentSummary):
    """One incident with its reports, its sources and who relays whom, and its assessments."""

    reports = serializers.PrimaryKeyRelatedField(many=True, read_only=True)  # type: ignore[var-annotated]
    sources = serializers.SerializerMethodField()
    assessments = AssessmentAnswer(many=True)
    merges = MergeAnswer(many=True)
    responses = serializers.SerializerMethodField()

    class Meta(IncidentSummary.Meta):
        fields = (
            *IncidentSummary.Meta.fields,
            "reports",
            "sources",
            "assessments",
            "merges",
            "responses",
        )

    @extend_schema_field(SourceNode(many=True))
    def get_sources(self, incident: Incident) -> Any:
        """Return the graph of who relays whom."""
        return SourceNode(source_nodes_of(incident.id), many=True).data

    @extend_schema_field(ResponseAnswer(many=True))
    def get_responses(self, incident: Incident) -> Any:
        """Return what parties answered, with the responses to incidents merged into this one."""
        return ResponseAnswer(responses_of(incident), many=True).data
