"""What properties and their values are called in plain words, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import TextChoices
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from feed.blur import Basis
from feed.towns import towns
from incidents import vocab
from incidents.countries import country_names
from scoring.models.exposure import Unscored
from scoring.weapon_profiles import Reach

TITLES: dict[str, Any] = {
    "version": gettext_lazy("Version"),
    "grade": gettext_lazy("Grade"),
    "kind": gettext_lazy("What happened"),
    "weapon": gettext_lazy("Weapon"),
    "weapon_class": gettext_lazy("Class of weapon"),
    "targets": gettext_lazy("What was hit"),
    "damage": gettext_lazy("Damage"),
    "report_count": gettext_lazy("Reports"),
    "independent_sources": gettext_lazy("Independent sources"),
    "responses": gettext_lazy("Answers of parties"),
    "party": gettext_lazy("Party"),
    "stance": gettext_lazy("What it says"),
    "url": gettext_lazy("Where"),
    "conceded": gettext_lazy("Harm conceded"),
    "outcome": gettext_lazy("Harm"),
    "civilian_status": gettext_lazy("To whom"),
    "sex": gettext_lazy("Sex"),
    "age_group": gettext_lazy("Age"),
    "minimum": gettext_lazy("At least"),
    "best": gettext_lazy("Best figure"),
    "maximum": gettext_lazy("At most"),
    "title": gettext_lazy("Title"),
    "alleged_actor": gettext_lazy("Alleged actor"),
    "place_name": gettext_lazy("Name of the place"),
    "pcode": gettext_lazy("P-code"),
    "pcodes": gettext_lazy("P-codes"),
    "location_precision": gettext_lazy("How exact the place is"),
    "flags": gettext_lazy("What is odd"),
    "time_start": gettext_lazy("From"),
    "time_end": gettext_lazy("Until"),
    "time_precision": gettext_lazy("How exact the time is"),
    "datetime": gettext_lazy("Time"),
    "geometry": gettext_lazy("Place on the map"),
    "country": gettext_lazy("Country"),
    "units": gettext_lazy("Administrative units"),
    "level": gettext_lazy("Level"),
    "names": gettext_lazy("Name"),
    "release": gettext_lazy("Boundary release"),
    "parent_pcode": gettext_lazy("P-code of the unit above"),
    "place_basis": gettext_lazy("What the point is"),
    "place_code": gettext_lazy("Code of the area"),
    "uncertainty_m": gettext_lazy("Within so many metres"),
    "killed_min": gettext_lazy("Killed, at least"),
    "killed_best": gettext_lazy("Killed"),
    "killed_max": gettext_lazy("Killed, at most"),
    "civilians_killed_min": gettext_lazy("Civilians killed, at least"),
    "civilians_killed_best": gettext_lazy("Civilians killed"),
    "civilians_killed_max": gettext_lazy("Civilians killed, at most"),
    "injured_min": gettext_lazy("Injured, at least"),
    "injured_best": gettext_lazy("Injured"),
    "injured_max": gettext_lazy("Injured, at most"),
    "casualties": gettext_lazy("All figures of harm"),
    "exposure_1km": gettext_lazy("People living within 1 km"),
    "exposure_2km": gettext_lazy("People living within 2 km"),
    "exposure_5km": gettext_lazy("People living within 5 km"),
    "exposure": gettext_lazy("People living nearby"),
    "incident_version": gettext_lazy("Version of the incident"),
    "radius_m": gettext_lazy("Within metres"),
    "reach": gettext_lazy("What the radius stands for"),
    "low": gettext_lazy("10th percentile"),
    "high": gettext_lazy("90th percentile"),
    "expected": gettext_lazy("Expected"),
    "data_fraction": gettext_lazy("Share with data"),
    "unscored_reason": gettext_lazy("Why there is no exposure"),
    "formula_version": gettext_lazy("Formula"),
    "profiles_version": gettext_lazy("Version of the weapons' radii"),
    "cell": gettext_lazy("H3 cell"),
    "origin": gettext_lazy("First day forecast"),
    "residents": gettext_lazy("Residents"),
    "risk_class": gettext_lazy("Risk class, 0 to 10"),
    "figures": gettext_lazy("Forecasts"),
    "horizon_days": gettext_lazy("Days ahead"),
    "evidence_floor": gettext_lazy("Evidence floor"),
    "strikes": gettext_lazy("Strikes expected"),
    "probability": gettext_lazy("Probability of a strike within 5 km"),
    "probability_low": gettext_lazy("Probability, low"),
    "probability_high": gettext_lazy("Probability, high"),
    "people": gettext_lazy("People expected to be exposed"),
    "people_low": gettext_lazy("People, low"),
    "people_high": gettext_lazy("People, high"),
    "person_strikes": gettext_lazy("Person-strikes"),
    "person_strikes_low": gettext_lazy("Person-strikes, low"),
    "person_strikes_high": gettext_lazy("Person-strikes, high"),
    "explanation": gettext_lazy("Where the strikes expected come from"),
    "sentences": gettext_lazy("In words"),
    "at_seq": gettext_lazy("Newest entry of the log known to it"),
    "model_version": gettext_lazy("Model"),
    "inputs_sha256": gettext_lazy("Checksum of the inputs"),
    "layer": gettext_lazy("Population layer"),
    "layer_year": gettext_lazy("Year of its population"),
    "layer_sha256": gettext_lazy("Checksum of the layer"),
    "layer_license": gettext_lazy("Licence of the layer"),
    "is_demonstration": gettext_lazy("Population modelled for a demonstration"),
    "license": gettext_lazy("Licence"),
    "attribution": gettext_lazy("Whom to name"),
}
_CODES: dict[str, type[TextChoices]] = {
    "grade": vocab.Grade,
    "kind": vocab.IncidentKind,
    "weapon": vocab.Weapon,
    "weapon_class": vocab.WeaponClass,
    "targets": vocab.Target,
    "damage": vocab.Damage,
    "stance": vocab.Stance,
    "outcome": vocab.Outcome,
    "civilian_status": vocab.CivilianStatus,
    "sex": vocab.Sex,
    "age_group": vocab.AgeGroup,
    "location_precision": vocab.LocationPrecision,
    "flags": vocab.ReportFlag,
    "time_precision": vocab.TimePrecision,
    "place_basis": Basis,
    "reach": Reach,
    "unscored_reason": Unscored,
}
# Beyond this a place is in a region, near no town.
_MOST_METRES = 30_000.0
# These hold one text in several languages, by their codes.
_BY_LANGUAGE = frozenset({"names", "sentences"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it: a text, a table with its header, or pairs; else nothing."""

    text: str = ""
    is_number: bool = False
    columns: list[str] = field(default_factory=list)
    rows: list[list["Shown"]] = field(default_factory=list)
    pairs: list[tuple[str, "Shown"]] = field(default_factory=list)


def title_of(name: str) -> str:
    """Return what a property is called."""
    return str(TITLES.get(name) or name.replace("_", " "))


def code_words(name: str, code: str) -> str:
    """Return the words of a code of a property, or the text itself where it is none."""
    if name == "country":
        return _countries().get(code, code)
    labels = dict(_CODES[name].choices) if name in _CODES else {}
    return str(labels.get(code, code))


@cache
def _countries() -> dict[str, str]:
    return dict(country_names())


def value_shown(name: str, value: Any) -> Shown:
    """Return a property's value in plain words; what is not stated has neither text nor parts."""
    match value:
        case bool():
            return Shown(_("yes") if value else _("no"))
        case int() if name.endswith("year"):
            return Shown(str(value), is_number=True)
        case int() | float():
            whole = isinstance(value, float) and value.is_integer()
            return Shown(intcomma(int(value) if whole else value), is_number=True)
        case str():
            return Shown(code_words(name, value))
        case [{}, *_rest]:
            return _table(value)
        case list():
            return Shown(", ".join(code_words(name, str(one)) for one in value))
        case dict() if name in _BY_LANGUAGE:
            return Shown(in_language(value))
        case dict():
            pairs = [(title_of(key), value_shown(key, inner)) for key, inner in value.items()]
            return Shown(pairs=pairs)
    return Shown()


def _table(rows: list[dict[str, Any]]) -> Shown:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[value_shown(name, row.get(name)) for name in names] for row in rows]
    return Shown(columns=[title_of(name) for name in names], rows=cells)


def in_language(texts: Mapping[str, str]) -> str:
    """Return the text in the reader's language, else in English, else in any."""
    for code in (get_language() or "en", "en", *texts):
        if texts.get(code):
            return texts[code]
    return ""


def units_words(units: Iterable[Mapping[str, Any]]) -> str:
    """Return the names of administrative units, the smallest first."""
    finest_first = sorted(units, key=lambda unit: -unit["level"])
    return ", ".join(in_language(unit["names"]) or unit["pcode"] for unit in finest_first)


def summary(feature: Mapping[str, Any]) -> str:
    """Return a feature in a few words: when, what, where, how sure, or which."""
    properties = feature["properties"]
    near = near_words(feature)
    said = [
        properties.get("time_start") or properties.get("origin") or "",
        *(code_words(name, properties.get(name) or "") for name in ("weapon", "kind")),
        _("near %(town)s") % {"town": near} if near else "",
        code_words("grade", properties.get("grade") or ""),
        in_language(properties.get("names") or {}),
        properties.get("cell") or properties.get("pcode") or "",
    ]
    return " · ".join(filter(None, said))


def near_words(feature: Mapping[str, Any]) -> str:
    """Return the town that a feature's place is near, by what is told of the place; "" for none."""
    geometry, properties = feature["geometry"], feature["properties"]
    if geometry is None or "names" in properties:
        return ""
    if geometry["type"] == "Point":
        (longitude, latitude), metres = geometry["coordinates"][:2], _metres_of(properties)
    elif geometry["type"] == "Polygon":  # a cell
        ring = geometry["coordinates"][0][:-1]
        longitude, latitude = (sum(axis) / len(ring) for axis in zip(*ring, strict=True))
        metres = 0.0
    else:
        return ""
    known = towns()
    at = known.near(longitude, latitude, metres) if metres <= _MOST_METRES else None
    return "" if at is None else known.name(at, get_language() or "")


def _metres_of(properties: Mapping[str, Any]) -> float:
    return float(properties.get("uncertainty_m") or 0.0)
