"""What is shown of cells wherever they are listed. Persons, degrees WGS 84."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import h3
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from incidents.models import BoundaryUnit
from incidents.selectors import incident_visible_to
from incidents.selectors.boundaries import units_at_many
from scoring.api.risk_params import RiskQuery
from scoring.api.risk_shapes import cell_answer
from scoring.models import RiskCell, RiskRun
from scoring.risk_selectors import risk_before
from scoring.risk_sentences import LANGUAGES, significant


def cells_shown(
    actor: Actor, run: RiskRun, query: RiskQuery, cells: Sequence[RiskCell]
) -> list[dict[str, Any]]:
    """Return for each cell its name, figures, sentence, reasons, and the change, as texts."""
    before_run = risk_before(run)
    named = [cell.cell for cell in cells]
    earlier = before_run.cells.filter(cell__in=named) if before_run else []
    before = {cell.cell: cell for cell in earlier}
    reasons = {
        UUID(id_) for cell in cells for id_, _part in cell.explanation[query.floor]["incidents"]
    }
    visible = set(incident_visible_to(actor).filter(id__in=reasons).values_list("id", flat=True))
    names = cell_names(named)
    language = language_of_sentences()
    rows = []
    for cell in cells:
        answer = cell_answer(
            run, cell, query, before_run=before_run, before=before.get(cell.cell), visible=visible
        )
        figures = answer["properties"]
        rows.append(
            {
                "cell": cell.cell,
                "name": names[cell.cell],
                "degrees": degrees_text(*h3.cell_to_latlng(cell.cell)),
                "risk_class": figures["risk_class"],
                "people": persons(figures["people"]),
                "low": persons(figures["people_low"]),
                "high": persons(figures["people_high"]),
                "residents": persons(figures["residents"]),
                "probability": percent(figures["probability"]),
                "sentence": answer["sentences"][language],
                "reasons": answer["explanation"]["incidents"],
                "change": change_text(answer["change"], figures["people"]),
            }
        )
    return rows


def cell_names(cells: Sequence[str]) -> dict[str, str]:
    """Return for each cell the finest two units of its middle, else its degrees."""
    middles = [h3.cell_to_latlng(cell) for cell in cells]
    units = units_at_many([(longitude, latitude) for latitude, longitude in middles])
    return {
        cell: _units_text(of_cell) or degrees_text(latitude, longitude)
        for cell, of_cell, (latitude, longitude) in zip(cells, units, middles, strict=True)
    }


def _units_text(units: Sequence[BoundaryUnit]) -> str:
    return _(", ").join(unit_name(unit.names) for unit in reversed(units[-2:]))


def unit_name(names: dict[str, str]) -> str:
    """Return a unit's name in the reader's language, else in English, else in any."""
    language = (get_language() or "en")[:2]
    return names.get(language) or names.get("en") or next(iter(names.values()), "–")


def degrees_text(latitude: float, longitude: float) -> str:
    """Return a place as degrees with its hemispheres, to some kilometre."""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.2f}° {north} {abs(longitude):.2f}° {east}"


def language_of_sentences() -> str:
    """Return the reader's language if sentences are made in it, else English."""
    language = (get_language() or "en")[:2]
    return language if language in LANGUAGES else "en"


def persons(number: float) -> str:
    """Return a number of persons as sure as it is: two significant digits."""
    if 0 < number < 1:
        return "< 1"
    return number_format(round(significant(number)), force_grouping=True)


def percent(share: float) -> str:
    """Return a probability as whole percent, at the ends as less or more than one."""
    if 0 < share < 0.01:
        return percent_text("< 1")
    if 0.99 < share < 1:
        return percent_text("> 99")
    return percent_text(str(round(100 * share)))


def percent_text(number: str) -> str:
    """Return a number with the reader's sign for percent, on one line."""
    return _("%(number)s %%") % {"number": number}


def change_text(change: dict[str, Any] | None, people: float) -> dict[str, str] | None:
    """Return which way the figure went since the run before, and how; None without one."""
    if change is None:
        return None
    before, now = significant(change["people"]), significant(people)
    text = persons(change["people"])
    if before == now:
        found = ("same", _("hardly changed"))
    elif not change["people"]:
        found = ("rose", _("new"))
    elif now > before:
        found = ("rose", _("rose from %(number)s") % {"number": text})
    else:
        found = ("fell", _("fell from %(number)s") % {"number": text})
    return {"way": found[0], "text": found[1]}


def level_name(level: int) -> str:
    """Return what a level of units is called."""
    return _("Countries") if level == 0 else _("Units of level %(level)d") % {"level": level}
