"""What monitors may do to one incident. Services decide; these only read what was typed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents import vocab
from incidents.models.incidents import FINER
from monitor.typed import Reason, Words

_MOST_PERSONS = 100_000_000


class OfVersion(forms.Form):
    """A form about one exact version, the one that was shown beside it."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class GradeForm(OfVersion):
    """A grade with its reason."""

    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("Choose…")), *vocab.Grade.choices])
    reason = Reason(label=_("Reason"))


class StepForm(OfVersion):
    """A step of the monitors' work."""

    step = forms.ChoiceField(choices=[("triage", ""), ("review", "")], widget=forms.HiddenInput)
    reason = Reason(label=_("Reason (may be left out)"), required=False, rows=2)


class WithdrawForm(OfVersion):
    """Taking an incident out of the count and out of the feed."""

    reason = Reason(label=_("Reason"))


class EmbargoForm(OfVersion):
    """Until when nothing is published; nothing lifts it."""

    until = forms.DateTimeField(
        label=_("Publish nothing before (UTC)"),
        help_text=_("Leave it empty to lift the embargo."),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = Reason(label=_("Reason"), rows=2)


class AssignForm(forms.Form):
    """Who is to work on it; nobody is a choice too."""

    user = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody"),
    )

    def __init__(self, *values: Any, monitors: QuerySet[User], **options: Any) -> None:
        super().__init__(*values, **options)
        field: Any = self.fields["user"]
        field.queryset = monitors
        field.label_from_instance = lambda user: user.name


class CommentForm(forms.Form):
    """What one monitor says to the others."""

    text = Words(label=_("Comment"), rows=3, max_length=20_000)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _persons(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=_MOST_PERSONS, required=False)


class ResponseForm(OfVersion):
    """What a party to the conflict answered, with at most one figure that it concedes."""

    party = Words(label=_("Party"), max_length=300)
    stance = forms.ChoiceField(label=_("What it answers"), choices=vocab.Stance.choices)
    quote = Words(label=_("Its words"), rows=3, max_length=20_000, required=False)
    url = forms.RegexField(
        r"^https?://[^\s\x00]+\Z",
        label=_("Where it says so (https://…)"),
        max_length=2000,
        required=False,
    )
    published_on = forms.DateField(
        label=_("When it said so"), required=False, widget=forms.DateInput({"type": "date"})
    )
    outcome = forms.ChoiceField(
        label=_("It concedes"), choices=[("", _("no figure")), *vocab.Outcome.choices],
        required=False,
    )  # fmt: skip
    civilian_status = forms.ChoiceField(
        label=_("Of whom"), choices=vocab.CivilianStatus.choices, required=False
    )
    minimum, best, maximum = _persons(_("At least")), _persons(_("Best")), _persons(_("At most"))

    def clean(self) -> dict[str, Any]:
        """Demand an outcome for a figure."""
        asked: dict[str, Any] = super().clean() or {}
        numbers = [asked.get(name) for name in ("minimum", "best", "maximum")]
        if any(number is not None for number in numbers) and not asked.get("outcome"):
            self.add_error("outcome", _("Say what the figure counts."))
        return asked


class PublishForm(OfVersion):
    """Publishing one exact version; lead monitors may choose a finer public place."""

    reason = Reason(label=_("Reason (may be left out)"), required=False, rows=2)
    # Chosen beside the preview, so that what is published is what was looked at.
    public_resolution = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((number, "") for number in range(FINER[0], FINER[1] + 1))],
    )


class SplitForm(OfVersion):
    """Which reports speak of another strike."""

    reports = forms.TypedMultipleChoiceField(
        label=_("Reports that speak of another strike"),
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    reason = Reason(label=_("Reason"), rows=2)

    def __init__(self, *values: Any, reports: Any = (), **options: Any) -> None:
        super().__init__(*values, **options)
        field: Any = self.fields["reports"]
        field.choices = [(str(one.id), one.title or str(one.id)) for one in reports]


class UndoForm(OfVersion):
    """Why a merge is undone."""

    reason = Reason(label=_("Reason"), rows=2)


class SealedForm(forms.Form):
    """Why somebody has to know who is behind a report."""

    reason = Reason(label=_("Reason, entered in the ledger with your name"), rows=2, sealed=True)
