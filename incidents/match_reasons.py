"""What matching found, said in words for the monitor who decides."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.vocab import Weapon, WeaponClass

Values = Mapping[str, Any]


def reason_text(reason: Values) -> str:
    """Return one reason of a match as a sentence, in the reader's language."""
    return _TEXTS[reason["code"]](reason)


def _distance(values: Values) -> str:
    return _(
        "The places are %(metres)s apart; as vague as they are, %(spread)s would be usual."
    ) % {
        "metres": _length(values["metres"]),
        "spread": _length(values["spread_m"]),
    }


def _time(values: Values) -> str:
    days = values["days"]
    if days == 0:
        return _("The times agree, as far as they are known.")
    if days < 1:
        return _("The times are less than a day apart.")
    whole = round(days)
    return ngettext(
        "The times are %(days)d day apart.", "The times are %(days)d days apart.", whole
    ) % {"days": whole}


def _place_name(values: Values) -> str:
    return _alike(
        values,
        _("The place names are the same but for their spelling."),
        _("The place names are alike (%(percent)d %%)."),
        _("The place names are not alike (%(percent)d %%)."),
    )


def _title(values: Values) -> str:
    return _alike(
        values,
        _("Titles and alleged actors use the same words."),
        _("Titles and alleged actors are alike (%(percent)d %%)."),
        _("Titles and alleged actors are not alike (%(percent)d %%)."),
    )


def _figures(values: Values) -> str:
    return _("Of %(compared)d numbers of the same people, %(agreeing)d agree.") % values


def _same_weapon(values: Values) -> str:
    return _("The same weapon: %(weapon)s.") % {"weapon": Weapon(values["weapon"]).label}


def _same_weapon_class(values: Values) -> str:
    (label,) = _classes(values)
    return _("Weapons of the same class: %(weapon_class)s.") % {"weapon_class": label}


def _other_weapon_class(values: Values) -> str:
    one, other = _classes(values)
    return _("Weapons of different classes: %(one)s, %(other)s.") % {"one": one, "other": other}


def _other_country(values: Values) -> str:
    one, other = values["countries"]
    return _("In different countries: %(one)s, %(other)s.") % {"one": one, "other": other}


def _same_data_set(values: Values) -> str:
    names = ", ".join(values["data_sets"])
    return _("The same data set lists both under different ids (%(names)s).") % {"names": names}


_TEXTS: Mapping[str, Callable[[Values], str]] = {
    "distance": _distance,
    "time": _time,
    "place_name": _place_name,
    "title": _title,
    "figures": _figures,
    "same_weapon": _same_weapon,
    "same_weapon_class": _same_weapon_class,
    "other_weapon_class": _other_weapon_class,
    "other_country": _other_country,
    "same_data_set": _same_data_set,
}


def _alike(values: Values, same: str, alike: str, unlike: str) -> str:
    similarity = values["similarity"]
    if similarity >= 1:
        return same
    return (alike if similarity >= 0.7 else unlike) % {"percent": round(similarity * 100)}


def _length(metres: float) -> str:
    if metres < 1000:
        return _("%(metres)d m") % {"metres": metres}
    return _("%(kilometres).1f km") % {"kilometres": metres / 1000}


def _classes(values: Values) -> list[str]:
    return [str(WeaponClass(value).label) for value in values["weapon_classes"]]
