"""What a view of the map asks for, read from its address; the address is all there is to share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from core.geo import BBox
from core.problems import invalid_input
from incidents import vocab
from incidents.api.queue import QueueParameters, filter_of
from incidents.selectors.queue import IncidentFilter
from scoring.floors import EvidenceFloor, floors_of

_OF_INCIDENTS = ("weapon", "grade", "time_from", "time_until", "bbox")
_SEVERAL = ("weapon", "grade")
_UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class View:
    """Which incidents, which floor's risk, and whether with the population layer.

    ``query`` is the address without the cursor.
    """

    wanted: IncidentFilter
    floor: str
    with_people: bool
    query: str
    cursor: str

    @property
    def bbox(self) -> BBox | None:
        """The extent; None for everywhere."""
        return self.wanted.bbox


class FilterForm(forms.Form):
    """The filters, named as in the address. Reading them is ``view_parse``."""

    weapon = forms.MultipleChoiceField(
        label=gettext_lazy("Weapon"), choices=vocab.Weapon.choices, required=False
    )
    grade = forms.MultipleChoiceField(
        label=gettext_lazy("Grade"),
        choices=[*vocab.Grade.choices, (_UNGRADED, gettext_lazy("not graded"))],
        required=False,
    )
    floor = forms.ChoiceField(
        label=gettext_lazy("Evidence"), choices=EvidenceFloor.choices, required=False
    )
    time_from = forms.CharField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2014-05-11", "dir": "ltr"}),
    )
    time_until = forms.CharField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2014-05-31", "dir": "ltr"}),
    )
    bbox = forms.CharField(
        label=gettext_lazy("Extent"),
        required=False,
        help_text=gettext_lazy("west,south,east,north in degrees"),
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "38,29,49,38"}),
    )


def filter_form(given: QueryDict) -> FilterForm:
    """Return the form as it was filled in."""
    values: dict[str, Any] = {
        name: _words(given, name) if name in _SEVERAL else given.get(name, "")
        for name in FilterForm.base_fields
    }
    values["floor"] = values["floor"] or EvidenceFloor.ALL
    return FilterForm(initial=values)


def errors_mark(form: FilterForm, errors: Sequence[FieldError]) -> None:
    """Tie each field that was refused to the words that stand beneath it."""
    for one in errors:
        if one.field in form.fields:
            told = {"aria-invalid": "true", "aria-describedby": f"{one.field}-error"}
            form.fields[one.field].widget.attrs |= told


def view_parse(given: QueryDict, actor: Actor) -> View:
    """Read an address; ``InvalidInput`` names the parameters that are none or cannot be."""
    asked = {name: ",".join(_words(given, name)) for name in _SEVERAL}
    asked |= {name: given.get(name, "") for name in ("time_from", "time_until", "bbox")}
    asked = {name: value for name, value in asked.items() if value}
    unknown = sorted(set(given) - {*_OF_INCIDENTS, "floor", "people", "cursor"})
    if unknown:
        message = _("There is no such parameter.")
        raise InvalidInput(errors=[FieldError(name, message, "unknown") for name in unknown])
    floor = given.get("floor") or EvidenceFloor.ALL.value
    if floor not in EvidenceFloor.values:
        message = _("floor is one of %(ones)s.") % {"ones": ", ".join(EvidenceFloor.values)}
        raise InvalidInput(errors=[FieldError("floor", message, "choice")])
    people = given.get("people", "")
    if people not in {"", "1"}:
        message = _("people is 1, or left out.")
        raise InvalidInput(errors=[FieldError("people", message, "choice")])
    checked = QueueParameters(data=asked | {"grade": _grades(asked.get("grade"), floor)})
    try:
        checked.is_valid(raise_exception=True)
    except ValidationError as error:
        raise invalid_input(error) from None
    query = QueryDict(mutable=True)
    query.update(asked | ({"floor": floor} if floor != EvidenceFloor.ALL else {}))
    query.update({"people": people} if people else {})
    return View(
        wanted=filter_of(checked.validated_data, actor),
        floor=floor,
        with_people=bool(people),
        query=query.urlencode(safe=","),
        cursor=given.get("cursor", ""),
    )


def _words(given: QueryDict, name: str) -> list[str]:
    return [word for value in given.getlist(name) for word in value.split(",") if word]


def _grades(chosen: str | None, floor: str) -> str:
    """Return the grades that are chosen, or else those that stand on the floor.

    A grade that is chosen is shown whatever the floor, but above the lowest only if it stands.
    """
    standing = [
        grade or _UNGRADED
        for grade in ("", *vocab.Grade.values)
        if floor in floors_of(grade) and grade != vocab.Grade.DISCOUNTED
    ]
    if not chosen:
        return ",".join(standing)
    if floor == EvidenceFloor.ALL:
        return chosen
    kept = [word for word in chosen.split(",") if word in standing]
    if not kept:
        message = _("No grade that is chosen is enough for this evidence.")
        raise InvalidInput(errors=[FieldError("grade", message, "choice")])
    return ",".join(kept)
