"""The whole house: web, workers, beat, PostGIS and Redis, each a process of its own but the web."""

from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from django.test import Client
from rasterio.transform import Affine

from accounts.models import Role
from incidents.models import Incident
from scoring.models import Exposure
from scoring.services.layers import layer_activate, layer_import
from tests.factories import bearer, make_member
from tests.incidents.judging import based_on
from tests.support.processes import wait_until


@pytest.fixture
def layer(committed_db, tmp_path, settings, monkeypatch):
    """A hundred people in each 30 arc-seconds around Fallujah."""
    settings.LAYERS_DIR = str(tmp_path / "layers")
    monkeypatch.setenv("LAYERS_DIR", settings.LAYERS_DIR)
    file = tmp_path / "people.tif"
    options = {"driver": "GTiff", "dtype": "float32", "crs": "EPSG:4326", "count": 1}
    grid = Affine(1 / 120, 0, 41, 0, -1 / 120, 36)
    with rasterio.open(file, "w", width=600, height=600, transform=grid, **options) as dataset:
        dataset.write(np.full((1, 600, 600), 100, "float32"))
    made, _ = layer_import(
        path=file, provider="Test", year=2014, kind="count", licence="CC0-1.0", attribution="Test"
    )
    return layer_activate(layer_id=made.id)


@pytest.fixture
def beat(private_redis, start_child, tmp_path):
    return start_child("tests.e2e.beat.run", tmp_path / "beat")


@pytest.fixture
def people(committed_db):
    """The headers of a submitter, two monitors and a partner."""
    roles = {"submitter": Role.SUBMITTER, "monitor": Role.MONITOR, "partner": Role.PARTNER}
    return SimpleNamespace(**{name: bearer(make_member(role)) for name, role in roles.items()})


@pytest.fixture
def web(people):
    """The web as its callers see it."""
    client = Client()

    def call(method, path, who="", body=None, **more):
        headers = (getattr(people, who) if who else {}) | more
        answer = getattr(client, method)(path, body, content_type="application/json", **headers)
        assert answer.status_code < 400, answer.content
        return answer.json()

    return call


def scored(incident_id):
    """Return the incident's exposures once there are some."""
    return wait_until(
        lambda: list(Exposure.objects.filter(incident_id=incident_id)),
        f"exposure of {incident_id}",
    )


def grade_and_publish(web, incident_id):
    path = f"/api/v1/incidents/{incident_id}/"
    grade = {"grade": "fair", "reason": "r"}
    web("post", f"{path}assessments/", "monitor", grade, **based_on(1))
    web("post", f"{path}publish/", "monitor", {}, **based_on(2))
    assert Incident.objects.get(id=incident_id).state == "published"


def features(web, who=""):
    return web("get", "/ogc/collections/incidents/items", who)["features"]
