"""What people type into the pages' forms: the same rules as for the API's bodies."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.texts import hidden_in


class Words(forms.CharField):
    """A text that a person typed; one with characters that hide or turn what is read is refused.

    ``sealed`` words are never kept by the browser, neither as a draft nor to be offered again.
    """

    def __init__(self, *, rows: int = 0, sealed: bool = False, **options: Any) -> None:
        plain: dict[str, Any] = {"dir": "auto"}
        if sealed:
            plain |= {"data-unkept": True, "autocomplete": "off"}
        if rows:
            options["widget"] = forms.Textarea(plain | {"rows": rows})
        else:
            options["widget"] = forms.TextInput(plain)
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Return the text; refuse hidden characters."""
        text: str = super().clean(value)
        if found := hidden_in(text):
            message = _("Take out the character %s: it is not seen, or turns the text around.")
            raise ValidationError(message % found, code="hidden_character")
        return text


class Reason(Words):
    """Why somebody decides so: with a letter or a digit at least."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"rows": 3, "max_length": 5000} | options)

    def clean(self, value: Any) -> str:
        """Return the reason; refuse one that says nothing."""
        text = super().clean(value)
        if text and not any(character.isalnum() for character in text):
            raise ValidationError(_("Say why in words."), code="blank")
        return text


Asked = dict[str, tuple[str, forms.Field]]  # by a field's name: its label, and itself


def asked_by(fields: Mapping[str, forms.Field]) -> Asked:
    """Return the fields of a form that have a label."""
    return {name: (str(field.label), field) for name, field in fields.items() if field.label}


def said_by(field: forms.Field, text: str) -> str:
    """Return what a field holds in the words that its page shows: of a choice its label."""
    if isinstance(field, forms.BooleanField):
        return _("yes")
    groups = [choice for choice in getattr(field, "choices", ()) if str(choice[0]) == text]
    return str(groups[0][1]) if groups else text


def typed_anew(form: forms.Form, name: str, value: object) -> None:
    """Let a form that is shown again hold another value in one field than was sent."""
    data = cast(QueryDict, form.data).copy()
    data[name] = str(value)
    form.data = data


def refused_by_service(form: forms.Form, error: DomainError) -> None:
    """Put a service's refusal where it belongs: at its fields, or above the form."""
    for one in error.errors:
        field = one.field.split(".")[0].split("[")[0]
        form.add_error(field if field in form.fields else None, str(one.message))
    if not error.errors:
        form.add_error(None, " ".join(filter(None, (str(error.title) + ".", str(error.detail)))))
