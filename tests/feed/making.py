"""Entries of the publication log: written by hand for reading, or published the whole way."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from accounts.models import Role
from core.ids import uuid7
from feed.models import Audience, Change, Kind, LogEntry
from feed.publishing import publications_write
from feed.sealing import seal
from incidents.models import Incident, Publication
from incidents.services.judging import incident_assess, incident_publish
from incidents.vocab import Grade
from tests.factories import make_actor, make_incident

ITEMS = "/ogc/collections/incidents/items"
DAY = datetime(2014, 5, 11, tzinfo=UTC)


def entry(
    lon: float | None = 43.8,
    lat: float = 33.3,
    *,
    audience: Audience = Audience.PUBLIC,
    object_id: UUID | None = None,
    version: int = 1,
    change: Change = Change.CREATED,
    start: datetime = DAY,
    end: datetime | None = None,
    **columns: Any,
) -> LogEntry:
    """Write one entry, not sealed; withdrawn ones have no feature."""
    object_id = object_id or uuid7()
    point = None if lon is None else Point(lon, lat, srid=4326)
    feature = {
        "type": "Feature",
        "id": str(object_id),
        "geometry": {"type": "Point", "coordinates": [lon, lat]} if point else None,
        "properties": {"version": version},
    }
    return LogEntry.objects.create(
        audience=audience,
        kind=Kind.INCIDENT,
        object_id=object_id,
        object_version=version,
        change=change,
        geometry=point,
        time_start=start,
        time_end=end or start,
        feature="" if change == Change.WITHDRAWN else json.dumps(feature),
        **columns,
    )


def decided(incident: Incident, grade: Grade = Grade.FAIR, **options: Any) -> Publication:
    """Have a lead monitor grade an incident and decide that it be published."""
    beth = make_actor(Role.LEAD_MONITOR)
    incident.refresh_from_db()
    incident_assess(
        actor=beth, incident_id=incident.id, version=incident.version, grade=grade, reason="seen"
    )
    incident.refresh_from_db()
    return incident_publish(
        actor=beth, incident_id=incident.id, version=incident.version, **options
    )


def published(incident: Incident | None = None, **changes: Any) -> Incident:
    """Publish an incident (a new one with these changes) into the log and seal it."""
    incident = incident or make_incident(**changes)
    publications_write([decided(incident)])
    seal()
    return incident


def features(audience: Audience, incident: Incident, *kinds: Kind) -> list[dict[str, Any]]:
    """Return what an audience was shown of an incident (or of the kinds), oldest first."""
    kinds = kinds or (Kind.INCIDENT, Kind.CONTEXT_EVENT)
    entries = LogEntry.objects.filter(audience=audience, object_id=incident.id, kind__in=kinds)
    texts = entries.order_by("object_version").values_list("feature", flat=True)
    return [json.loads(text) for text in texts if text]


def public_feature(incident: Incident) -> dict[str, Any]:
    """Return the newest version that the public is shown."""
    return features(Audience.PUBLIC, incident)[-1]


def exposure_shown(audience: Audience, incident: Incident) -> dict[str, Any]:
    """Return the newest version of its exposure that an audience is shown."""
    return features(audience, incident, Kind.EXPOSURE)[-1]


def hostile_entry(payload: str, kind: Kind = Kind.INCIDENT) -> UUID:
    """Publish an entry every text of which is the payload, property names among them."""
    texts = (
        *("title", "alleged_actor", "place_name", "pcode", "weapon", "weapon_class", "grade"),
        *("country", "place_code", "license", "attribution", "layer", "time_start"),
    )
    properties: dict[str, Any] = dict.fromkeys(texts, payload) | {
        "version": 1,
        "targets": [payload],
        "units": [{"level": 1, "pcode": payload, "names": {"en": payload}, "release": payload}],
        "responses": [{"party": payload, "url": payload, "conceded": [{"outcome": payload}]}],
        "sentences": {"en": payload},
        "explanation": {payload: payload},
        payload: payload,
    }
    id_ = uuid7()
    point = {"type": "Point", "coordinates": [43.8, 33.3]}
    feature = {"type": "Feature", "id": str(id_), "geometry": point, "properties": properties}
    LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=kind,
        object_id=id_,
        object_version=1,
        change=Change.CREATED,
        geometry=Point(43.8, 33.3, srid=4326),
        time_start=DAY,
        time_end=DAY,
        feature=json.dumps(feature),
        incident_version=1 if kind == Kind.EXPOSURE else None,
    )
    seal()
    return id_
