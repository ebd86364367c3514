"""Pairs that may be one strike: side by side, merged, told apart, split and undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Action
from core.errors import DomainError, NotFound
from core.texts import isolated
from incidents.api.pagination import keyset_page, limit_parse
from incidents.match_reasons import reason_text
from incidents.models import Incident, MatchSuggestion
from incidents.selectors.matching import match_visible_to, matches_of, matches_to_decide
from incidents.selectors.merging import merge_visible_to
from incidents.services.matching import match_dismiss
from incidents.services.merging import incident_merge, incident_split, merge_undo
from monitor.access import Page
from monitor.incident.deeds import Deed
from monitor.incident.forms import SplitForm, UndoForm
from monitor.incident.reading import incident_shown, spot_of
from monitor.incident.views import OfIncident, conflict_of, incident_url
from monitor.queue.comparing import fields_compared
from monitor.queue.forms import DismissForm, MergeForm
from monitor.sketch import sketch
from monitor.typed import refused_by_service, typed_anew


class PairsPage(Page):
    """All pairs that are likely the same and that nobody decided."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, the newest first."""
        rows = matches_to_decide(self.actor)
        limit = limit_parse(request.GET.get("limit", "50"))
        page, following = keyset_page(rows, "found_at", limit, request.GET.get("cursor"))
        context = {"pairs": [_shown(match) for match in page], "next": following}
        return self.page("monitor/queue/pairs.html", context)


class CandidatesPage(OfIncident):
    """What one incident may be the same as, what was merged into it, and splitting it."""

    part = "matches"

    def shown(self, incident: Incident, **more: Any) -> HttpResponse:
        """Return the page."""
        return self.candidates(incident)

    def candidates(
        self, incident: Incident, split: SplitForm | None = None, **more: Any
    ) -> HttpResponse:
        """Return the page with the form for splitting, new or as it was sent."""
        reports = list(incident.reports.order_by("received_at", "id"))
        initial = {"version": incident.version}
        context = {
            "incident": incident,
            "pairs": [
                _shown(match) | {"other": _other(match, incident)}
                for match in matches_of(self.actor, incident.id)
            ],
            "merges": incident.merges.select_related("merged_by", "undone_by").order_by(
                "merged_at"
            ),
            "undo": UndoForm(initial=initial, auto_id=False),
            "split": split or SplitForm(initial=initial, reports=reports, auto_id="split_%s"),
            "can_split": len(reports) > 1,
        }
        status = more.pop("status", 200)
        return self.page("monitor/queue/candidates.html", context | more, status)


class OfPair(Page):
    """A page about one pair."""

    action = Action.INCIDENT_READ

    def match(self, match_id: UUID) -> MatchSuggestion:
        """Return the pair; ``NotFound`` where the actor may not read it."""
        match = match_visible_to(self.actor).filter(id=match_id).first()
        if match is None:
            raise NotFound()
        return match

    def get(self, request: HttpRequest, match_id: UUID) -> HttpResponse:
        """Show it."""
        return self.pair(self.match(match_id))

    def pair(self, match: MatchSuggestion, status: int = 200, **tried: Any) -> HttpResponse:
        """Return both side by side, with the forms or those that were refused."""
        one, other = match.one, match.other
        initial = {"one_version": one.version, "other_version": other.version, "into": str(one.id)}
        context = _shown(match) | {
            "fields": fields_compared(one, other),
            "map": sketch([*spot_of(one, "1"), *spot_of(other, "2")]),
            "merge": MergeForm(match=match, initial=initial, auto_id="merge_%s"),
            "dismiss": DismissForm(auto_id="dismiss_%s"),
            "is_open": match.decision is None
            and one.merged_into_id is None
            and other.merged_into_id is None,
        }
        return self.page("monitor/queue/pair.html", context | tried, status)


class MergeDeed(OfPair):
    """Merging a pair."""

    action = Action.INCIDENT_MERGE
    form = MergeForm

    def post(self, request: HttpRequest, match_id: UUID) -> HttpResponseBase:
        """Move the reports of one into the other."""
        match = self.match(match_id)
        form = MergeForm(request.POST, match=match, auto_id="merge_%s")
        if not form.is_valid():
            return self.pair(match, 400, merge=form)
        asked = form.cleaned_data
        into = match.one if asked["into"] == str(match.one_id) else match.other
        gone = match.other if into is match.one else match.one
        try:
            record = incident_merge(
                actor=self.actor,
                into_id=into.id,
                from_ids=[gone.id],
                versions={
                    match.one_id: asked["one_version"],
                    match.other_id: asked["other_version"],
                },
                reason=asked["reason"],
            )
        except DomainError as error:
            return self._refused(match, form, error)
        messages.success(request, _("They are one now. It can be undone here."))
        return redirect("monitor:matches", incident_id=record.survivor_id)

    def _refused(self, match: MatchSuggestion, form: MergeForm, error: DomainError) -> HttpResponse:
        refused_by_service(form, error)
        conflict = None
        if "current_version" in error.extra:
            name = "one" if error.extra.get("incident") == str(match.one_id) else "other"
            conflict = conflict_of(error, form.data.get(f"{name}_version"))
            typed_anew(form, f"{name}_version", error.extra["current_version"])
        return self.pair(match, error.status, merge=form, conflict=conflict)


class DismissDeed(OfPair):
    """Telling a pair apart."""

    action = Action.INCIDENT_MERGE
    form = DismissForm

    def post(self, request: HttpRequest, match_id: UUID) -> HttpResponseBase:
        """Say that they are not the same."""
        match = self.match(match_id)
        form = DismissForm(request.POST, auto_id="dismiss_%s")
        if not form.is_valid():
            return self.pair(match, 400, dismiss=form)
        try:
            match_dismiss(actor=self.actor, match_id=match_id, reason=form.cleaned_data["reason"])
        except DomainError as error:
            refused_by_service(form, error)
            return self.pair(match, error.status, dismiss=form)
        messages.success(request, _("They stay two."))
        return redirect("monitor:pairs")


class SplitDeed(Deed, CandidatesPage):
    """Splitting an incident that is several."""

    action = Action.INCIDENT_MERGE
    name, form, part = "split", SplitForm, "matches"

    def get(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Lead to the page that has the form."""
        return redirect("monitor:matches", incident_id=incident_id)

    def bound(self, typed: Any) -> SplitForm:
        """Return the form with the reports that there are."""
        incident = incident_shown(self.actor, self.kwargs["incident_id"])
        reports = incident.reports.order_by("received_at", "id")
        return SplitForm(typed, reports=reports, auto_id="split_%s")

    def again(self, incident: Incident, form: Any, **more: Any) -> HttpResponse:
        """Return the page with the form as it was sent."""
        return self.candidates(incident, form, **more)

    def do(self, incident_id: UUID, typed: dict[str, Any]) -> str:
        """Move the reports into a new incident."""
        new = incident_split(
            actor=self.actor,
            incident_id=incident_id,
            report_ids=[UUID(id_) for id_ in typed["reports"]],
            version=typed["version"],
            reason=typed["reason"],
        )
        return _("The reports have an incident of their own now: %s") % (new.title or new.id)


class UndoDeed(CandidatesPage):
    """Undoing a merge."""

    action = Action.INCIDENT_MERGE
    form = UndoForm

    def get(self, request: HttpRequest, merge_id: UUID) -> HttpResponseBase:
        """Lead to the page that has the form."""
        return redirect("monitor:matches", incident_id=self._survivor(merge_id))

    def post(self, request: HttpRequest, merge_id: UUID) -> HttpResponseBase:
        """Give the reports back."""
        survivor = self._survivor(merge_id)
        form = UndoForm(request.POST, auto_id=False)
        if not form.is_valid():
            return self._again(merge_id, form, 400)
        try:
            merge_undo(actor=self.actor, merge_id=merge_id, **form.cleaned_data)
        except DomainError as error:
            refused_by_service(form, error)
            is_stale = "current_version" in error.extra
            conflict = conflict_of(error, form.data.get("version")) if is_stale else None
            return self._again(merge_id, form, error.status, conflict)
        messages.success(request, _("They are two again."))
        return redirect(incident_url(survivor))

    def _survivor(self, merge_id: UUID) -> UUID:
        record = merge_visible_to(self.actor).filter(id=merge_id).first()
        if record is None:
            raise NotFound()
        return record.survivor_id

    def _again(self, merge_id: UUID, form: UndoForm, status: int, conflict: Any = None) -> Any:
        incident = incident_shown(self.actor, self._survivor(merge_id))
        tried = {"undo_tried": form, "undo_of": merge_id, "conflict": conflict}
        return self.candidates(incident, status=status, **tried)


def _shown(match: MatchSuggestion) -> dict[str, Any]:
    return {
        "match": match,
        "likely": isolated(_("%d %%") % round(match.score * 100)),
        "reasons": [
            {"text": reason_text(reason), "speaks_for": reason["weight"] > 0}
            for reason in sorted(match.reasons, key=lambda reason: -abs(reason["weight"]))
        ],
    }


def _other(match: MatchSuggestion, incident: Incident) -> Incident:
    return match.other if match.one_id == incident.id else match.one
