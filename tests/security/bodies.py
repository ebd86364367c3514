"""A good request for every address that writes: what its rightful caller would send."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.permissions import Action
from incidents.models import Incident
from tests.factories import report_body
from tests.incidents.imports.files import table
from tests.incidents.openrosa.sending import MP4
from tests.incidents.test_kobo_intake import SENT
from tests.security.access import MONITOR, OWNER, filled

Ids = dict[str, Any]
LEAD = "lead monitor"
READ, ASSESS = Action.INCIDENT_READ, Action.INCIDENT_ASSESS
MERGE, PUBLISH, SUBMIT = Action.INCIDENT_MERGE, Action.INCIDENT_PUBLISH, Action.REPORT_SUBMIT
_REASON = {"reason": "Because."}
_OF_INCIDENTS = "api/v1/incidents/<uuid:incident_id>/"
_OF_REPORTS = "api/v1/reports/<uuid:report_id>/"


@dataclass(frozen=True)
class Write:
    """One way to write: by whom, what their token must have for it, and with which body."""

    by: str
    needs: frozenset[Action]
    body: Callable[[Ids], Any]
    is_multipart: bool = False


def _submitting(body: Callable[[Ids], Any], is_multipart: bool = False) -> Write:
    return Write(OWNER, frozenset({SUBMIT}), body, is_multipart)


def _monitoring(action: Action, body: Callable[[Ids], Any]) -> Write:
    return Write(MONITOR, frozenset({READ, action}), body)


def _grade(ids: Ids) -> dict[str, Any]:
    return {"grade": "fair"} | _REASON


def _merge(ids: Ids) -> dict[str, Any]:
    survivor = Incident.objects.get(id=ids["survivor_id"])
    return {"incidents": [{"id": str(survivor.id), "version": survivor.version}]} | _REASON


def _import(ids: Ids) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("ged.csv", table(numbers=1)), "preset": "ucdp-ged"}


WRITES: dict[tuple[str, str], Write] = {
    ("POST", "api/v1/reports/"): _submitting(lambda ids: report_body()),
    ("POST", "api/v1/intake/kobo/"): _submitting(lambda ids: SENT),
    ("POST", "api/v1/imports/"): Write(OWNER, frozenset({Action.REPORT_IMPORT}), _import, True),
    ("POST", _OF_REPORTS + "corrections/"): _submitting(lambda ids: report_body(title="Newer")),
    ("POST", _OF_REPORTS + "withdraw/"): _submitting(lambda ids: _REASON),
    ("POST", _OF_REPORTS + "consent/"): _submitting(lambda ids: {"publish": False} | _REASON),
    ("POST", _OF_REPORTS + "links/"): _submitting(lambda ids: {"url": "https://a.example/"}),
    ("POST", _OF_REPORTS + "evidence/"): _submitting(
        lambda ids: {
            "file": SimpleUploadedFile("b.mp4", MP4),
            "sha256": hashlib.sha256(MP4).hexdigest(),
        },
        True,
    ),
    ("POST", _OF_REPORTS + "sealed/"): Write(
        OWNER, frozenset({Action.SEALED_READ_OWN}), lambda ids: _REASON
    ),
    ("POST", _OF_INCIDENTS + "assessments/"): _monitoring(ASSESS, _grade),
    ("PUT", _OF_INCIDENTS + "assignment/"): _monitoring(ASSESS, lambda ids: {"user": ids["user"]}),
    ("DELETE", _OF_INCIDENTS + "assignment/"): _monitoring(ASSESS, lambda ids: {}),
    ("POST", _OF_INCIDENTS + "comments/"): _monitoring(ASSESS, lambda ids: {"text": "Look."}),
    ("PUT", _OF_INCIDENTS + "looking/"): Write(MONITOR, frozenset({READ}), lambda ids: {}),
    ("DELETE", _OF_INCIDENTS + "looking/"): Write(MONITOR, frozenset({READ}), lambda ids: {}),
    ("POST", _OF_INCIDENTS + "merge/"): _monitoring(MERGE, _merge),
    ("POST", _OF_INCIDENTS + "split/"): _monitoring(
        MERGE, lambda ids: {"reports": [str(ids["report_id"])]} | _REASON
    ),
    ("POST", _OF_INCIDENTS + "publish/"): _monitoring(PUBLISH, lambda ids: {}),
    ("POST", _OF_INCIDENTS + "responses/"): _monitoring(
        ASSESS, lambda ids: {"party": "Army", "stance": "denied", "quote": "No."}
    ),
    ("POST", _OF_INCIDENTS + "triage/"): _monitoring(ASSESS, lambda ids: {"step": "triage"}),
    ("POST", _OF_INCIDENTS + "withdraw/"): _monitoring(PUBLISH, lambda ids: _REASON),
    ("POST", "api/v1/incidents/bulk/"): _monitoring(
        ASSESS, lambda ids: {"action": "grade", "filter": {"state": "new"}} | _grade(ids)
    ),
    ("POST", _OF_INCIDENTS + "redact/"): Write(
        LEAD, frozenset({Action.INCIDENT_REDACT}), lambda ids: _REASON
    ),
    ("POST", "api/v1/releases/"): Write(
        LEAD,
        frozenset({Action.RELEASE_MAKE}),
        lambda ids: {"name": "2014-06", "audience": "public"},
    ),
    ("POST", "api/v1/exposure/"): Write(
        MONITOR,
        frozenset({Action.EXPOSURE_ASK}),
        lambda ids: {"points": [[43.8, 33.3]]},
    ),
    ("POST", "api/v1/matches/<uuid:match_id>/dismiss/"): _monitoring(MERGE, lambda ids: _REASON),
    ("POST", "api/v1/merges/<uuid:merge_id>/undo/"): _monitoring(MERGE, lambda ids: _REASON),
}


def send(client: Client, method: str, route: str, ids: Ids) -> int:
    """Return the status of a good request, with the version of its incident as it is now."""
    write = WRITES[method, route]
    if route.endswith("/publish/"):
        ids = ids | {"incident_id": ids["graded_id"]}
    body = write.body(ids)
    options = {} if write.is_multipart else {"content_type": "application/json"}
    incident = ids["survivor_id"] if "merge_id" in route else ids["incident_id"]
    version = Incident.objects.get(id=incident).version
    call = getattr(client, method.lower())
    answer = call(filled(route, ids), body, headers={"If-Match": f'"{version}"'}, **options)
    return answer.status_code
