"""The kinds of tables that are understood, by name."""

from incidents.intake.presets.acled import ACLED
from incidents.intake.presets.airwars import AIRWARS
from incidents.intake.presets.base import Column, Preset
from incidents.intake.presets.harmwatch import HARMWATCH
from incidents.intake.presets.iom_dtm import IOM_DTM
from incidents.intake.presets.reports import REPORTS
from incidents.intake.presets.ucdp_ged import UCDP_GED

__all__ = ["PRESETS", "Column", "Preset"]

PRESETS: dict[str, Preset] = {
    preset.name: preset for preset in (HARMWATCH, REPORTS, UCDP_GED, ACLED, AIRWARS, IOM_DTM)
}
