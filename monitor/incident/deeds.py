"""What is done to an incident from its page. One view for each form; services do the work."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Action
from accounts.selectors import users_who_may
from core.errors import DomainError, NotFound
from core.texts import isolated
from incidents.models import Incident
from incidents.services.assignment import incident_assign, incident_unassign
from incidents.services.comments import comment_add
from incidents.services.embargo import incident_embargo
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.responses import Conceded, ResponseDraft, response_record
from incidents.services.workflow import Step, incident_triage, incident_withdraw
from incidents.vocab import CivilianStatus, Grade, Outcome, Stance
from monitor.incident import forms
from monitor.incident.reading import incident_shown
from monitor.incident.views import OfIncident, PublishPage, conflict_of, incident_url
from monitor.typed import refused_by_service, typed_anew

Typed = dict[str, Any]
_STEPS = {"triage": Step.TRIAGE, "review": Step.REVIEW}


class Deed(OfIncident):
    """One form of the page. What was refused is shown again with all that was typed."""

    action = Action.INCIDENT_ASSESS
    name: ClassVar[str]
    form: ClassVar[type[Form]]

    def get(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Lead to the page: who logs in again in the middle of a form comes back here."""
        return redirect(incident_url(incident_id))

    def post(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Do it, or say why not."""
        form = self.bound(request.POST)
        if not form.is_valid():
            return self.refused(incident_id, form, None)
        try:
            said = self.do(incident_id, form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            return self.refused(incident_id, form, error)
        messages.success(request, said)
        return redirect(self.after(incident_id))

    def after(self, incident_id: UUID) -> str:
        """Return where it goes on."""
        return incident_url(incident_id, self.name)

    def bound(self, typed: Any) -> Form:
        """Return the form with what was typed."""
        return self.form(typed, auto_id=f"{self.name}_%s")

    def refused(self, incident_id: UUID, form: Form, error: DomainError | None) -> HttpResponse:
        """Return the page with the form as it was sent, about the version that there is now."""
        incident = incident_shown(self.actor, incident_id)
        conflict, status = None, 400
        if error is not None:
            status = error.status
            refused_by_service(form, error)
            if "current_version" in error.extra:
                conflict = conflict_of(error, form.data.get("version"))
                typed_anew(form, "version", incident.version)
        if incident.merged_into_id is not None:
            typed = [(field.label, form[name].value()) for name, field in form.fields.items()]
            kept = [(label, value) for label, value in typed if label and value]
            context = {"incident": incident, "kept": kept}
            return self.page("monitor/incident/moved.html", context, 409)
        return self.again(incident, form, conflict=conflict, status=status, refused=self.name)

    def again(self, incident: Incident, form: Form, **more: Any) -> HttpResponse:
        """Return the page that has the form."""
        return self.whole(incident, tried={self.name: form}, **more)

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Do it; return what to say of it."""
        raise NotImplementedError


class GradeDeed(Deed):
    """Grading."""

    name, form = "grade", forms.GradeForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Grade the version that was shown."""
        assessment = incident_assess(
            actor=self.actor,
            incident_id=incident_id,
            version=typed["version"],
            grade=Grade(typed["grade"]),
            reason=typed["reason"],
        )
        if assessment.incident.grade != assessment.grade:
            return _("Your grade is recorded. Confirmed holds once a second person says so.")
        return _("The grade stands: %s.") % Grade(assessment.grade).label


class StepDeed(Deed):
    """Triage and review."""

    name, form = "step", forms.StepForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Take the step."""
        incident = incident_triage(
            actor=self.actor,
            incident_id=incident_id,
            version=typed["version"],
            step=_STEPS[typed["step"]],
            reason=typed["reason"],
        )
        state = incident.get_state_display()
        if "from_queue" not in self.request.POST:
            return _("It is %s now.") % state
        name = incident.title or incident.place_name or str(incident.id)
        return _("%(name)s: %(state)s now.") % {"name": isolated(name), "state": state}

    def after(self, incident_id: UUID) -> str:
        """Return to the queue as it was filtered, for a step that was taken there."""
        queue = self.request.POST.get("from_queue")
        if queue is None:
            return super().after(incident_id)
        query = QueryDict(queue).urlencode()
        return f"{reverse('monitor:queue')}?{query}" if query else reverse("monitor:queue")


class WithdrawDeed(Deed):
    """Withdrawing."""

    action = Action.INCIDENT_PUBLISH
    name, form = "withdraw", forms.WithdrawForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Withdraw it."""
        incident_withdraw(
            actor=self.actor,
            incident_id=incident_id,
            version=typed["version"],
            reason=typed["reason"],
        )
        return _("It is withdrawn.")


class EmbargoDeed(Deed):
    """Holding back, or letting go."""

    action = Action.INCIDENT_EMBARGO
    name, form = "embargo", forms.EmbargoForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Set or lift the embargo."""
        incident = incident_embargo(
            actor=self.actor,
            incident_id=incident_id,
            version=typed["version"],
            until=typed["until"],
            reason=typed["reason"],
        )
        return _("The embargo is set.") if incident.embargo_until else _("The embargo is lifted.")


class AssignDeed(Deed):
    """Giving the work to somebody, or to nobody."""

    name, form = "assign", forms.AssignForm

    def bound(self, typed: Any) -> Form:
        """Return the form with those who may be given it."""
        monitors = users_who_may(Action.INCIDENT_ASSESS)
        return forms.AssignForm(typed, monitors=monitors, auto_id="assign_%s")

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Assign it."""
        user = typed["user"]
        if user is None:
            incident_unassign(actor=self.actor, incident_id=incident_id)
            return _("Nobody has it now.")
        incident_assign(actor=self.actor, incident_id=incident_id, user_id=user.id)
        return _("%s has it now.") % user.name


class CommentDeed(Deed):
    """Saying something to the other monitors."""

    name, form = "comment", forms.CommentForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Add the comment."""
        comment_add(actor=self.actor, incident_id=incident_id, **typed)
        return _("Your comment is there.")


class RespondDeed(Deed):
    """Recording what a party to the conflict answered."""

    name, form = "respond", forms.ResponseForm

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Record the response."""
        draft = ResponseDraft(
            party=typed["party"],
            stance=Stance(typed["stance"]),
            conceded=_conceded(typed),
            quote=typed["quote"],
            url=typed["url"],
            published_on=typed["published_on"],
        )
        response_record(
            actor=self.actor, incident_id=incident_id, version=typed["version"], draft=draft
        )
        return _("The answer is recorded.")


def _conceded(typed: Typed) -> list[Conceded]:
    if not typed["outcome"]:
        return []
    numbers = {name: typed[name] for name in ("minimum", "best", "maximum")}
    status = CivilianStatus(typed["civilian_status"] or CivilianStatus.ANY)
    return [Conceded(outcome=Outcome(typed["outcome"]), civilian_status=status, **numbers)]


class PublishDeed(Deed, PublishPage):
    """Publishing the version that the preview showed."""

    action = Action.INCIDENT_PUBLISH
    name, form, part = "publish", forms.PublishForm, "publish"

    def get(self, request: HttpRequest, incident_id: UUID) -> HttpResponseBase:
        """Show the preview."""
        return OfIncident.get(self, request, incident_id)

    def again(self, incident: Incident, form: Form, **more: Any) -> HttpResponse:
        """Return the preview with the form as it was sent."""
        return self.preview(incident, form, **more)  # type: ignore[arg-type]

    def after(self, incident_id: UUID) -> str:
        """Return the preview: there it is seen to arrive."""
        return reverse("monitor:publish", kwargs={"incident_id": incident_id})

    def do(self, incident_id: UUID, typed: Typed) -> str:
        """Publish it."""
        publication = incident_publish(
            actor=self.actor,
            incident_id=incident_id,
            version=typed["version"],
            reason=typed["reason"],
            public_resolution=typed.get("public_resolution"),
        )
        version = publication.incident_version
        if publication.incident.embargo_until is not None:
            return _("Version %d will be published when the embargo ends.") % version
        return _("Version %d is published.") % version
