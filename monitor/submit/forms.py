"""The form of a report: what is asked and in which words. ``ReportDraft`` judges the answers."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents import vocab
from incidents.countries import country_names

Choices = Iterable[tuple[str, Any]]
CHOOSE = _("choose…")
# Words that the browser keeps nowhere: see drafts.ts.
SEALED: dict[str, Any] = {"autocomplete": "off", "data-unkept": True}
# A language names itself in its own words.
LANGUAGES = (
    *(("en", "English"), ("ar", "العربية"), ("ku", "Kurdî / کوردی"), ("fa", "فارسی")),
    *(("tr", "Türkçe"), ("he", "עברית"), ("fr", "Français"), ("uk", "Українська")),
    *(("ru", "Русский"), ("es", "Español"), ("de", "Deutsch"), ("am", "አማርኛ")),
)


def words(label: Any, hint: Any = "", *, rows: int = 0, longest: int = 300, **attrs: Any) -> Any:
    """Return a field for text that people write, in either direction."""
    attrs = {"dir": "auto", "maxlength": longest} | attrs
    widget = forms.Textarea(attrs | {"rows": rows}) if rows else forms.TextInput(attrs)
    return forms.CharField(label=label, help_text=hint, required=False, widget=widget)


def codes(label: Any, hint: Any = "", **attrs: Any) -> Any:
    """Return a field for numbers, dates and codes, which run from left to right."""
    return words(label, hint, **({"dir": "ltr", "autocomplete": "off"} | attrs))


def one_of(
    label: Any, choices: Choices, hint: Any = "", *, empty: Any = CHOOSE, **attrs: Any
) -> Any:
    """Return a list to choose one of; ``empty`` is what stands for nothing chosen."""
    offered = [("", empty), *choices] if empty else list(choices)
    widget = forms.Select(attrs)
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=offered, widget=widget
    )


def some_of(label: Any, choices: Choices, hint: Any = "") -> Any:
    """Return boxes to tick."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
    )


def yes(label: Any, hint: Any = "") -> Any:
    """Return one box to tick."""
    return forms.BooleanField(label=label, help_text=hint, required=False)


class TypedForm(forms.Form):
    """Shows what was typed and, beside it, what the service found wrong; judges nothing itself."""

    def __init__(self, *, problems: Mapping[str, list[str]] | None = None, **options: Any) -> None:
        self._problems = problems or {}
        super().__init__(**options)

    def full_clean(self) -> None:
        """Take the problems that were found elsewhere for this form's."""
        self.cleaned_data: dict[str, Any] = {}
        self._errors = ErrorDict(
            {
                name: self.error_class(messages, field_id=self[name].auto_id)
                for name, messages in self._problems.items()
            }
        )


class ReportForm(TypedForm):
    """What happened, when, where, and on which terms it may be used."""

    # Kept with the draft: the same words, sent again after a reload, are the same report.
    key = forms.CharField(required=False, widget=forms.HiddenInput({"data-kept": True}))
    title = words(_("In one line"), _("For example: barrel bomb on the market of Sulayman Bek."))
    description = words(
        _("What happened, in your words"),
        _("As it was seen or told. Name nobody here who could be harmed by it."),
        rows=6,
        longest=20_000,
    )
    language = one_of(_("Language of your words"), LANGUAGES, empty=None)
    kind = one_of(_("What it was"), vocab.IncidentKind.choices, empty=None)
    weapon = one_of(
        _("Weapon"),
        vocab.Weapon.choices,
        _("Of a strike. Choose “unclear” where it isn't known."),
        empty=_("none"),
    )
    alleged_actor = words(_("Who is said to have done it"), _("As your sources name them."))
    targets = some_of(_("What was hit"), vocab.Target.choices)
    damage = some_of(_("What became of it"), vocab.Damage.choices)
    time_precision = one_of(
        _("How closely the time is known"), vocab.TimePrecision.choices, empty=None
    )
    first = codes(
        _("Day, or the first possible day"),
        _("2014-06-10 or 10 June 2014; for a month 2014-06, for a year 2014."),
    )
    last = codes(_("Last possible day"), _("Only where it may have been on one of several days."))
    clock = codes(_("Local time"), _("As 14:30. Only where it is known."))
    offset = codes(_("Ahead of UTC"), _("As +03:00 for Iraq and Syria. Only with a time."))
    where = words(
        _("Place"),
        _(
            "Coordinates in any notation (33.3128, 44.3615 or 33°18'46\"N 44°21'41\"E),"
            " a P-code, or a name (“near Fallujah”)."
        ),
    )
    place_name = words(_("Name of the place"), _("Beside coordinates or a P-code."))
    location_precision = one_of(
        _("How closely the place is known"),
        vocab.LocationPrecision.choices,
        **{"data-metres": json.dumps(vocab.DEFAULT_UNCERTAINTY_M)},  # the map's circle
    )
    country = one_of(_("Country"), country_names(), empty=_("not known"))
    licence = one_of(
        _("Licence"),
        vocab.Licence.choices,
        _("On which terms others may use what you send."),
    )
    may_republish = yes(_("Others may publish it again under this licence."))
    basis = one_of(_("On what grounds you may pass it on"), vocab.ConsentBasis.choices)
    store = yes(_("It may be stored here."), _("Without this we can't take the report."))
    share = yes(_("It may be shared with partner organisations."))
    publish = yes(_("It may be published, with the place made coarse."))
    court = yes(_("It may be used in court."))
    reporter_name = words(_("Name of who told you"), **SEALED)
    reporter_contact = words(_("How to reach them"), **SEALED)


class SourceForm(TypedForm):
    """Who says it. ``others`` are the other sources of this report, by ref."""

    kind = one_of(_("Kind of source"), vocab.SourceKind.choices)
    name = words(_("Public name"), _("Of an outlet, a hospital, an organisation."))
    description = words(_("In words"), _("For example: a resident who saw it."))
    url = codes(_("Link"), _("Beginning with https://"), longest=2000, inputmode="url")
    published_on = codes(_("Published on"), _("As 2014-06-10."))
    identity = words(
        _("Who it is (sealed)"),
        _("Encrypted on arrival and never published. Leave it out where it isn't needed."),
        **SEALED,
    )
    relays = some_of(_("Passes on what these said"), ())

    def __init__(self, *, others: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.fields["relays"].choices = others  # type: ignore[attr-defined]


class ClaimForm(TypedForm):
    """One figure of one source. ``sources`` are those of this report, by ref."""

    source = one_of(_("Said by"), (), empty=None)
    outcome = one_of(_("What happened to people"), vocab.Outcome.choices)
    minimum = codes(
        _("At least"), _("Alone, it leaves the upper end open."), inputmode="numeric", longest=12
    )
    best = codes(_("Most likely"), inputmode="numeric", longest=12)
    maximum = codes(_("At most"), inputmode="numeric", longest=12)
    civilian_status = one_of(_("Civilians or fighters"), vocab.CivilianStatus.choices, empty=None)
    sex = one_of(_("Sex"), vocab.Sex.choices, empty=None)
    age_group = one_of(_("Age"), vocab.AgeGroup.choices, empty=None)

    def __init__(self, *, sources: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]


class EvidenceForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Picture, film, recording or PDF"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        most = settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
        self.fields["file"].help_text = gettext("A file has at most %d MB.") % most
