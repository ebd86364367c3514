"""What is decided from the queue: pairs, and many incidents at once."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import vocab
from incidents.models import MatchSuggestion
from incidents.services.bulk import BulkAction
from monitor.typed import Reason


class MergeForm(forms.Form):
    """Which of two incidents the other's reports move into; the versions are those shown."""

    into = forms.ChoiceField(
        label=gettext_lazy("Place, time and grade stand as they are in"), widget=forms.RadioSelect
    )
    one_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    other_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = Reason(label=gettext_lazy("Why they are the same"), rows=2)

    def __init__(self, *values: Any, match: MatchSuggestion, **options: Any) -> None:
        super().__init__(*values, **options)
        field: Any = self.fields["into"]
        pair = (match.one, _("the first")), (match.other, _("the second"))
        field.choices = [
            (str(incident.id), f"{name}: {incident.title or incident.place_name or incident.id}")
            for incident, name in pair
        ]


class DismissForm(forms.Form):
    """Why two incidents are not the same."""

    reason = Reason(label=gettext_lazy("Why they are different"), rows=2)


class BulkForm(forms.Form):
    """What to do to all that fit the filter; with token and count it is done."""

    action = forms.ChoiceField(
        label=gettext_lazy("Do"),
        choices=[
            (BulkAction.GRADE, gettext_lazy("grade them")),
            (BulkAction.PUBLISH, gettext_lazy("publish them")),
        ],
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"),
        choices=[("", gettext_lazy("none (to publish)")), *vocab.Grade.choices],
        required=False,
    )
    reason = Reason(label=gettext_lazy("Reason"), rows=2)
    token = forms.CharField(max_length=100_000, required=False, widget=forms.HiddenInput)
    confirm_count = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Demand a grade for grading, and for nothing else."""
        asked: dict[str, Any] = super().clean() or {}
        if (asked.get("action") == BulkAction.GRADE) != bool(asked.get("grade")):
            self.add_error("grade", _("A grade is given for grading, and for nothing else."))
        return asked


class FilterForm(forms.Form):
    """The queue's filters, named as the API names them. Reading them is the API's."""

    needs_decision = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[("true", gettext_lazy("what needs a decision")), ("", gettext_lazy("everything"))],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *vocab.State.choices],
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            ("ungraded", gettext_lazy("none yet")),
            *vocab.Grade.choices,
        ],
    )
    weapon = forms.ChoiceField(
        label=gettext_lazy("Weapon"),
        required=False,
        choices=[("", gettext_lazy("any")), *vocab.Weapon.choices],
    )
    assigned_to = forms.ChoiceField(
        label=gettext_lazy("Assigned to"),
        required=False,
        choices=[
            ("", gettext_lazy("anybody")),
            ("me", gettext_lazy("me")),
            ("none", gettext_lazy("nobody")),
        ],
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        widget=forms.TextInput(
            {"maxlength": 2, "placeholder": "SY", "autocapitalize": "characters"}
        ),
    )
    time_from = forms.CharField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.TextInput({"placeholder": "2014-05-01"}),
    )
    time_until = forms.CharField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.TextInput({"placeholder": "2014-05-31"}),
    )
    q = forms.CharField(
        label=gettext_lazy("In title or place"),
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("newest", gettext_lazy("newest first")),
            ("oldest", gettext_lazy("oldest first")),
        ],
    )

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        for name, field in self.fields.items():
            asked = self.data.get(name)
            if asked and isinstance(field, forms.ChoiceField) and not field.valid_value(asked):
                # The API takes more than one word; what is in the address stays in the form.
                field.choices = [*cast(list[Any], field.choices), (asked, asked)]

    def told(self) -> list[tuple[str, str]]:
        """Return what is asked for, in words: each filter with what it lets through."""
        return [(self._label(name), self._words(name, value)) for name, value in self.data.items()]

    def _label(self, name: str) -> str:
        return str(self.fields[name].label) if name in self.fields else name

    def _words(self, name: str, value: str) -> str:
        words: Any = dict(getattr(self.fields.get(name), "choices", ()))
        return _(", ").join(str(words.get(one, one)) for one in value.split(","))
