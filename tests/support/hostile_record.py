"""A record in which every text that anybody may write would run as script, if a page let it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h3
import numpy as np
import rasterio
import shapely
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from rasterio.transform import Affine

from accounts.actors import actor_of
from accounts.devices import device_issue
from accounts.models import Membership, Organisation, Role
from accounts.services import token_issue
from feed.collections import COLLECTIONS
from feed.models import Kind, WebhookDelivery
from feed.webhooks.services import webhook_create, webhook_ping
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.models import BoundaryUnit, Incident, MatchSuggestion, Report
from incidents.services.amendments import report_withdraw
from incidents.services.assignment import incident_assign
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from incidents.services.comments import comment_add
from incidents.services.embargo import incident_embargo
from incidents.services.evidence import evidence_receive, link_record
from incidents.services.judging import incident_assess
from incidents.services.matching import match_dismiss, matches_refresh
from incidents.services.responses import ResponseDraft, response_record
from incidents.services.workflow import incident_withdraw
from incidents.services.working_copies import working_copy_make
from incidents.vocab import Grade, Stance
from scoring.models import ExposureQuestion
from scoring.services.layers import layer_activate, layer_import
from scoring.services.scoring import exposure_compute
from tests.factories import make_incident, make_member, merge_incidents
from tests.feed.making import hostile_entry, published
from tests.incidents.evidence.making import jpeg
from tests.incidents.imports.files import ROW, imported, table
from tests.monitor.signing_in import signed_in
from tests.scoring.test_risk_api import make_run
from tests.support.payloads import (
    BREAKOUT,
    BREAKOUT_LINK,
    BREAKOUT_PART,
    FILE_NAMES,
    HXL_HEADERS,
    PAYLOADS,
    breakout_report,
    hostile_report,
)

PLACE = (43.25, 33.75)
_AT_PLACE = {
    "location__longitude": PLACE[0],
    "location__latitude": PLACE[1],
}


@dataclass
class HostileRecord:
    """Who looks, and by route parameter what there is to look at."""

    people: dict[Role, Membership]
    ids: dict[str, list[Any]] = field(default_factory=dict)

    def client(self, role: Role) -> Client:
        """Return a client with the session of this role's member; its browser's name is hostile."""
        client = signed_in(self.people[role])
        UserSession.objects.update(user_agent=BREAKOUT)
        return client


def hostile_record_make(folder: Path) -> HostileRecord:
    """Plant everything, with a layer of people and a run of risk. ``folder`` takes the layer."""
    people = {role: _member(role) for role in Role}
    elsewhere = make_member(Role.SUBMITTER)
    elsewhere.user = people[Role.MONITOR].user
    elsewhere.save()
    record = HostileRecord(people)
    actors = SimpleNamespace(**{role.value: actor_of(one) for role, one in people.items()})
    layer = _layer(folder)
    record.ids["unit_id"] = _units()
    _incidents(record, actors)
    make_run(layer)
    record.ids |= {"cell": [h3.latlng_to_cell(PLACE[1], PLACE[0], 6), BREAKOUT_PART]}
    _imports(record, actors)
    _accounts(record, actors)
    _published(record)
    return record


def _member(role: Role) -> Membership:
    organisation = Organisation.objects.create(name=f"{BREAKOUT} {role}")
    return make_member(role, organisation, name=BREAKOUT)


def _layer(folder: Path) -> Any:
    path = folder / "hostile.tif"
    shape: dict[str, Any] = {"width": 60, "height": 60, "count": 1, "dtype": "float32"}
    grid = Affine(1 / 120, 0, 43.0, 0, -1 / 120, 34.0)
    with rasterio.open(path, "w", "GTiff", crs="EPSG:4326", transform=grid, **shape) as dataset:
        dataset.write(np.full((1, 60, 60), 50, "float32"))
    said = dict.fromkeys(("provider", "licence", "attribution"), BREAKOUT)
    made, _new = layer_import(path=path, year=2020, kind="count", **said)  # type: ignore[arg-type]
    return layer_activate(layer_id=made.id)


def _units() -> list[Any]:
    box = shapely.MultiPolygon([shapely.box(42, 32, 45, 35)])
    names = {"en": BREAKOUT, "ar": BREAKOUT}
    for level, pcode in enumerate(("IQ", "IQ01")):
        units = [UnitDraft(pcode, "IQ" * level, names, "IQ", box)]
        draft = LevelDraft(level, "IQ", units, pcode, [], 0)
        about = About(source=BREAKOUT, licence=BREAKOUT, attribution=BREAKOUT)
        boundaries_import(name=BREAKOUT, draft=draft, about=about)
    boundaries_activate(name=BREAKOUT)
    return list(BoundaryUnit.objects.values_list("id", flat=True))


# --- Incidents ------------------------------------------------------------------------------------
def _incidents(record: HostileRecord, actors: Any) -> None:
    yesterday = {"occurred__start": (timezone.now() - timedelta(days=1)).date().isoformat()}
    told = breakout_report(**_AT_PLACE, **yesterday)
    main, again, likely, unlike, held, gone, without = (
        make_incident(actors.submitter, **told) for _ in range(7)
    )
    others = [
        make_incident(actors.submitter, **hostile_report(number, **_AT_PLACE))
        for number in (0, len(PAYLOADS) // 2)
    ]
    _talk(main, actors)
    merge = merge_incidents(main, again, actor=actors.lead_monitor, reason=BREAKOUT)
    matches_refresh(incident_ids=[main.id])
    decided = (
        MatchSuggestion.objects.filter(decision=None).exclude(one=likely).exclude(other=likely)
    )
    match_dismiss(actor=actors.monitor, match_id=decided[0].id, reason=BREAKOUT)
    incident_embargo(
        actor=actors.lead_monitor,
        incident_id=held.id,
        version=1,
        until=timezone.now() + timedelta(days=9),
        reason=BREAKOUT,
    )
    incident_withdraw(actor=actors.monitor, incident_id=gone.id, version=1, reason=BREAKOUT)
    report = without.reports.get()
    report_withdraw(actor=actors.submitter, report_id=report.id, reason=BREAKOUT)
    files = _files(main, actors)
    exposure_compute(incident_ids=[main.id])
    question = ExposureQuestion.objects.create(
        created_by_id=actors.monitor.id,
        organisation_id=actors.monitor.organisation_id,
        expires_at=timezone.now() + timedelta(days=1),
        asked={},
        inputs={},
        parts_total=1,
        error=BREAKOUT,
    )
    shown = [main, likely, unlike, held, gone, without, *others]
    record.ids |= {
        "incident_id": [incident.id for incident in shown],
        "report_id": list(
            Report.objects.filter(incident__in=[main, without]).values_list("id", flat=True)
        ),
        "evidence_id": files,
        "match_id": list(MatchSuggestion.objects.values_list("id", flat=True)),
        "merge_id": [merge.id],
        "question_id": [question.id],
    }


def _talk(incident: Incident, actors: Any) -> None:
    def version() -> int:
        return Incident.objects.get(id=incident.id).version

    of_it: dict[str, Any] = {"actor": actors.lead_monitor, "incident_id": incident.id}
    incident_assess(**of_it, version=version(), grade=Grade.FAIR, reason=BREAKOUT)
    comment_add(**of_it, text=f"{BREAKOUT}\n{PAYLOADS[0]}")
    draft = ResponseDraft(party=BREAKOUT, stance=Stance.DENIED, quote=BREAKOUT, url=BREAKOUT_LINK)
    response_record(**of_it, version=version(), draft=draft)
    incident_assign(**of_it, user_id=actors.monitor.id)


def _files(incident: Incident, actors: Any) -> list[Any]:
    report = incident.reports.order_by("received_at")[0]
    names = (BREAKOUT, *FILE_NAMES)
    made = []
    for number, name in enumerate(names):
        received = evidence_receive(
            actor=actors.submitter,
            report_id=report.id,
            name=name,
            content=ContentFile(jpeg() + b"\0" * number),
        )
        made.append(received.evidence.id)
        working_copy_make(evidence_id=received.evidence.id)
    link_record(
        actor=actors.submitter,
        report_id=report.id,
        url=BREAKOUT_LINK,
        captured_at=None,
        archive_url=BREAKOUT_LINK,
        note=BREAKOUT,
    )
    return made


# --- The rest -------------------------------------------------------------------------------------
def _imports(record: HostileRecord, actors: Any) -> None:
    headers = dict.fromkeys((BREAKOUT, *HXL_HEADERS, *PAYLOADS[:4]), BREAKOUT)
    wrong = dict.fromkeys(("latitude", "date_start", "deaths_a", "where_prec"), BREAKOUT)
    several = table({}, wrong)
    few = {name: ROW[name] for name in ("id", "type_of_violence", "date_end")}
    with_headers = table({}, row=dict.fromkeys(ROW, BREAKOUT) | few | headers)
    runs = [
        imported(actors.submitter, content, name=f"{name}.csv")
        for name, content in ((BREAKOUT, with_headers), (FILE_NAMES[0], several))
    ]
    record.ids["import_id"] = [run.id for run in runs]


def _accounts(record: HostileRecord, actors: Any) -> None:
    submitter, monitor = record.people[Role.SUBMITTER], record.people[Role.MONITOR]
    tokens, devices = [], []
    for member in record.people.values():
        tokens.append(token_issue(actor=None, membership=member, name=BREAKOUT)[0].id)
    for member in (submitter, monitor):
        devices.append(device_issue(actor=None, membership=member, label=BREAKOUT)[0].id)
    webhook, _secret = webhook_create(
        actor=actors.monitor, url=BREAKOUT_LINK, kinds=[Kind.INCIDENT]
    )
    webhook_ping(actor=actors.monitor, webhook_id=webhook.id)
    WebhookDelivery.objects.update(error=BREAKOUT[:30])
    passkey = Authenticator.objects.create(
        user=record.people[Role.LEAD_MONITOR].user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": BREAKOUT, "passwordless": True, "credential": {}},
    )
    RecoveryCodes.activate(record.people[Role.MONITOR].user)
    record.ids |= {
        "token_id": tokens,
        "device_id": devices,
        "webhook_id": [webhook.id],
        "pk": [passkey.pk],
        "membership_id": [submitter.id, record.people[Role.PARTNER].id],
        "organisation_id": [submitter.organisation_id],
    }


def _published(record: HostileRecord) -> None:
    shown = [hostile_entry(BREAKOUT, one.kind) for one in COLLECTIONS.values()]
    published(make_incident(**breakout_report()))
    record.ids["feature_id"] = shown
