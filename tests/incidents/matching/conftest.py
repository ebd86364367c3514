from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.geos import Point

from incidents.models import Incident, MatchSuggestion
from incidents.services.matching import matches_refresh

PLACE, DAY = (43.78, 33.35), datetime(2014, 5, 11, tzinfo=UTC)


@pytest.fixture
def make_told(db):
    """Return a function that stores an incident as it would be compared, without its report."""

    def make(place=PLACE, start=DAY, **changes):
        fields = {
            "location": Point(*place) if place else None,
            "uncertainty_m": 1000.0,
            "location_precision": "within_1km",
            "time_start": start,
            "time_end": start + timedelta(days=1, seconds=-1),
            "time_precision": "day",
            "weapon": "barrel_bomb",
            "country": "IQ",
            "place_name": "Fallujah",
            "title": "Barrel bombs",
        }
        return Incident.objects.create(**fields | changes)

    return make


@pytest.fixture
def refresh(db):
    """Return a function that matches incidents and returns all suggestions, best first."""

    def do(*incidents):
        matches_refresh(incident_ids=[incident.id for incident in incidents])
        return list(MatchSuggestion.objects.order_by("-score", "id"))

    return do
