"""Pages of one incident: the whole of it, its story, and what others would see of it."""

import json
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.permissions import Action, may
from accounts.selectors import users_who_may
from core.errors import DomainError, StaleVersion
from feed.pages.one import place_words
from feed.pages.words import title_of, value_shown
from feed.preview import Preview, incident_preview
from incidents.models import Incident
from incidents.models.incidents import FINER
from incidents.selectors.merging import survivor_id_of
from incidents.selectors.timeline import timeline_of
from incidents.services.looking import looking_note
from incidents.services.workflow import Step, is_possible
from incidents.vocab import State
from monitor.access import Page
from monitor.incident import forms
from monitor.incident.conflicts import fields_that_differ
from monitor.incident.reading import incident_shown, whole_of


class OfIncident(Page):
    """A page about one incident. An id that was merged leads to the one that it lives on in."""

    action = Action.INCIDENT_READ
    part = "incident"

    def get(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Show it, or lead to where it lives on."""
        incident = incident_shown(self.actor, incident_id)
        if incident.merged_into_id is not None:
            survivor = survivor_id_of(incident)
            return redirect(f"monitor:{self.part}", incident_id=survivor, permanent=False)
        return self.shown(incident)

    def shown(self, incident: Incident, **more: Any) -> HttpResponse:
        """Return the page."""
        raise NotImplementedError

    def whole(
        self,
        incident: Incident,
        *,
        status: int = 200,
        tried: dict[str, Form] | None = None,
        conflict: dict[str, Any] | None = None,
        refused: str = "",
    ) -> HttpResponse:
        """Return the whole incident; ``tried`` has the form that was ``refused``, by its name."""
        context = whole_of(self.actor, incident) | {
            "forms": self._forms(incident) | (tried or {}),
            "conflict": conflict,
            "refused": refused,
            "may": self._may(incident),
        }
        return self.page("monitor/incident/incident.html", context, status)

    def _may(self, incident: Incident) -> dict[str, bool]:
        def can(action: Action) -> bool:
            return may(self.actor, action)

        return {
            "assess": can(Action.INCIDENT_ASSESS),
            "merge": can(Action.INCIDENT_MERGE),
            "embargo": can(Action.INCIDENT_EMBARGO),
            "publish": can(Action.INCIDENT_PUBLISH),
            "triage": can(Action.INCIDENT_ASSESS) and is_possible(incident, Step.TRIAGE),
            "review": can(Action.INCIDENT_ASSESS) and is_possible(incident, Step.REVIEW),
            "withdraw": can(Action.INCIDENT_PUBLISH) and is_possible(incident, Step.WITHDRAW),
        }

    def _forms(self, incident: Incident) -> dict[str, Form]:
        version = {"version": incident.version}
        monitors = users_who_may(Action.INCIDENT_ASSESS).order_by("name", "id")
        assignment = getattr(incident, "assignment", None)
        embargo = version | {"until": incident.embargo_until}
        return {
            "grade": forms.GradeForm(initial=version, auto_id="grade_%s"),
            "step": forms.StepForm(initial=version, auto_id="step_%s"),
            "withdraw": forms.WithdrawForm(initial=version, auto_id="withdraw_%s"),
            "embargo": forms.EmbargoForm(initial=embargo, auto_id="embargo_%s"),
            "assign": forms.AssignForm(
                initial={"user": assignment and assignment.user_id},
                monitors=monitors,
                auto_id="assign_%s",
            ),
            "comment": forms.CommentForm(auto_id="comment_%s"),
            "respond": forms.ResponseForm(initial=version, auto_id="respond_%s"),
            "sealed": forms.SealedForm(auto_id="sealed_%s"),
        }


class IncidentPage(OfIncident):
    """Everything that is known of one incident, and what may be done about it."""

    def shown(self, incident: Incident, **more: Any) -> HttpResponse:
        """Return the page."""
        return self.whole(incident)


class TimelinePage(OfIncident):
    """What was done to it, by whom, when and why."""

    part = "timeline"

    def shown(self, incident: Incident, **more: Any) -> HttpResponse:
        """Return the story, oldest first; for htmx without the page around it."""
        lines = [
            {"line": line, "changes": fields_that_differ([line.as_json()])}
            for line in timeline_of(incident.id)
        ]
        name = "_timeline" if self.request.headers.get("HX-Request") else "timeline"
        return self.page(f"monitor/incident/{name}.html", {"incident": incident, "lines": lines})


class LookingPart(OfIncident):
    """Who looks at it now; asked for again and again by the page while it is open."""

    part = "incident"

    def get(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Lead to the page: this part is none by itself."""
        return redirect("monitor:incident", incident_id=incident_id)

    def post(self, request: HttpRequest, incident_id: UUID) -> HttpResponse:
        """Note that the reader looks, and list who does."""
        looking = looking_note(actor=self.actor, incident_id=incident_id)
        incident = incident_shown(self.actor, incident_id)
        return self.page(
            "monitor/incident/_looking.html", {"looking": looking, "incident": incident}
        )


class PublishPage(OfIncident):
    """Exactly what each audience would see, and publishing that."""

    action = Action.INCIDENT_PUBLISH
    part = "publish"

    def shown(self, incident: Incident, **more: Any) -> HttpResponse:
        """Return the preview of the present version."""
        return self.preview(incident)

    def preview(
        self, incident: Incident, form: forms.PublishForm | None = None, **more: Any
    ) -> HttpResponse:
        """Return the preview with the form, by the place that it or the address names."""
        resolution = self._resolution(form)
        previews = incident_preview(incident, public_resolution=resolution)
        initial = {"version": incident.version, "public_resolution": resolution}
        form = form or forms.PublishForm(initial=initial, auto_id="publish_%s")
        if not may(self.actor, Action.INCIDENT_PUBLISH_FINER):
            form.fields.pop("public_resolution", None)
        context = {
            "incident": incident,
            "form": form,
            "previews": [_as_shown(one) for one in previews],
            "resolution": resolution,
            "resolutions": self._choices(resolution),
            "may_publish": is_possible(incident, Step.PUBLISH),
            "is_published": incident.state == State.PUBLISHED
            and incident.published_version == incident.version,
        }
        status = more.pop("status", 200)
        return self.page("monitor/incident/publish.html", context | more, status)

    def _resolution(self, form: forms.PublishForm | None) -> int | None:
        if not may(self.actor, Action.INCIDENT_PUBLISH_FINER):
            return None
        asked = form["public_resolution"].value() if form else self.request.GET.get("resolution")
        known = {str(number): number for number in range(FINER[0], FINER[1] + 1)}
        return known.get(str(asked))

    def _choices(self, chosen: int | None) -> list[dict[str, Any]]:
        if not may(self.actor, Action.INCIDENT_PUBLISH_FINER):
            return []
        every = [None, *range(FINER[0], FINER[1] + 1)]
        return [{"resolution": number, "chosen": number == chosen} for number in every]


def _as_shown(preview: Preview) -> dict[str, Any]:
    """Return a preview as the page shows it."""
    return {
        "audience": preview.audience,
        "label": preview.audience.label,
        "permitted": preview.permitted,
        "was_shown": bool(preview.now),
        "is_same": preview.now == preview.then,
        "features": [
            _feature(now, then)
            for now, then in (
                (preview.now, preview.then),
                (preview.exposure_now, preview.exposure_then),
            )
            if then
        ],
    }


def _feature(now: str, then: str) -> dict[str, Any]:
    """Return one feature property by property, in words, what changes marked, and its bytes."""
    content = json.loads(then)
    before = json.loads(now)["properties"] if now else {}
    return {
        "place": place_words(content["geometry"]),
        "rows": [
            {
                "title": title_of(name),
                "value": value_shown(name, value),
                "changed": bool(now) and before.get(name) != value,
            }
            for name, value in content["properties"].items()
        ],
        "bytes": then,
    }


def conflict_of(error: DomainError, version: Any) -> dict[str, Any]:
    """Return what a page shows of a refusal because of another version."""
    lines = error.extra.get("changes", [])
    return {
        "seen": version,
        "current": error.extra.get("current_version"),
        "fields": fields_that_differ(lines),
        "lines": lines,
        "is_stale": isinstance(error, StaleVersion),
    }


def incident_url(incident_id: UUID, anchor: str = "") -> str:
    """Return the address of an incident's page, or of a part of it."""
    url = reverse("monitor:incident", kwargs={"incident_id": incident_id})
    return f"{url}#{anchor}" if anchor else url
