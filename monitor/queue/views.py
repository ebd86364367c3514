"""The queue: what needs a decision, why, and deciding it for one or for many."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Action, may
from core.errors import DomainError, FieldError, InvalidInput
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out, bulk_propose
from incidents.vocab import Grade
from monitor.access import Page
from monitor.queue.forms import BulkForm, FilterForm
from monitor.queue.listing import filter_of, page_of, query_cleaned
from monitor.typed import refused_by_service

_NOT_FILTERS = ("cursor", "order", "limit")


class QueuePage(Page):
    """The queue."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of what fits; an address can be shared."""
        query = query_cleaned(request.GET)
        try:
            listed, status = page_of(query, self.actor), 200
        except InvalidInput as error:
            listed, status = {"rows": [], "errors": error.errors}, 400
        filters = query.copy()
        for name in _NOT_FILTERS:
            filters.pop(name, None)
        form = FilterForm(query, auto_id="filter_%s")
        context = listed | {
            "filter": form,
            "errors": _not_of(form, listed.get("errors", [])),
            "is_refused": status != 200,
            "here": request.GET.urlencode(),
            "is_chosen": bool(request.GET),
            "query": filters.urlencode(),
            "views": _views(filters),
            "is_filtered": bool(filters),
            "bulk": BulkForm(auto_id="bulk_%s"),
            "may_assess": may(self.actor, Action.INCIDENT_ASSESS),
        }
        return self.page("monitor/queue/queue.html", context, status)


def _not_of(form: FilterForm, errors: Sequence[FieldError]) -> list[FieldError]:
    """Put what is wrong with a filter at its field; return what is wrong with the rest."""
    for one in errors:
        if one.field in form.fields:
            form.add_error(one.field, str(one.message))
    return [one for one in errors if one.field not in form.fields]


def _views(filters: QueryDict) -> list[dict[str, Any]]:
    views = (
        (_("To decide"), {"needs_decision": "true"}),
        (_("New"), {"needs_decision": "true", "state": "new"}),
        (
            _("To grade"),
            {"needs_decision": "true", "state": "triaged,in_review", "grade": "ungraded"},
        ),
        (_("Mine"), {"needs_decision": "true", "assigned_to": "me"}),
        (_("Nobody's"), {"needs_decision": "true", "assigned_to": "none"}),
    )
    shown = []
    for title, chosen in views:
        query = QueryDict(mutable=True)
        query.update(chosen)
        shown.append({"title": title, "query": query.urlencode(), "current": filters == query})
    return shown


class BulkPage(Page):
    """Grading or publishing all that fit the filter: first the count, then, confirmed, the deed."""

    action = Action.INCIDENT_ASSESS
    form = BulkForm

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Lead to the queue."""
        return redirect(f"{reverse('monitor:queue')}?{request.GET.urlencode()}")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Tell how many; with the count confirmed, do it."""
        filters = query_cleaned(request.GET)
        form = BulkForm(request.POST, auto_id="bulk_%s")
        if form.is_valid() and not set(filters) - set(_NOT_FILTERS):
            form.add_error(None, _("Choose a filter first: nobody means the whole archive."))
        if not form.is_valid():
            return self._answer_with(filters, form, 400)
        try:
            return self._ordered(filters, form)
        except DomainError as error:
            refused_by_service(form, error)
            return self._answer_with(filters, form, error.status)

    def _ordered(self, filters: QueryDict, form: BulkForm) -> HttpResponseBase:
        asked = form.cleaned_data
        order = BulkOrder(
            action=BulkAction(asked["action"]),
            wanted=filter_of(filters, self.actor)[0],
            reason=asked["reason"],
            grade=Grade(asked["grade"]) if asked["grade"] else None,
        )
        if not asked["token"] or asked["confirm_count"] is None:
            proposal = bulk_propose(actor=self.actor, order=order)
            return self._answer_with(filters, form, 200, proposal=proposal)
        outcome = bulk_carry_out(
            actor=self.actor,
            order=order,
            token=asked["token"],
            confirm_count=asked["confirm_count"],
        )
        if outcome.refused:
            return self._answer_with(filters, form, 200, outcome=outcome)
        count = len(outcome.done)
        done = ngettext("%d incident is done.", "%d incidents are done.", count) % count
        messages.success(self.request, done)
        return redirect("monitor:queue")

    def _answer_with(
        self, filters: QueryDict, form: BulkForm, status: int, **more: Any
    ) -> HttpResponse:
        context = {
            "form": form,
            "query": filters.urlencode(),
            "filters": FilterForm(filters).told(),
            "grade": dict(Grade.choices).get(form["grade"].value(), ""),
        }
        context |= more
        return self.page("monitor/queue/bulk.html", context, status)
