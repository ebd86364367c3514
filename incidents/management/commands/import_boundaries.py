"""``manage.py import_boundaries FILE --release NAME --level N``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from incidents.boundary_fields import FieldChoice
from incidents.boundary_files import LevelDraft, boundary_file_read
from incidents.models.boundaries import MAX_LEVEL
from incidents.services.boundaries import (
    About,
    Imported,
    boundaries_activate,
    boundaries_import,
)

LISTED = 20  # names in a summary line


class Command(BaseCommand):
    help = (
        "Load one level of administrative boundaries with P-codes (GeoJSON, GeoPackage, Shapefile, "
        "TopoJSON) into a release. Importing the same again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--release", required=True, help="its name, e.g. syr-cod-2016")
        parser.add_argument(
            "--level", type=int, required=True, help=f"0 (countries) to {MAX_LEVEL}"
        )
        parser.add_argument("--country", default="", help="ISO 3166 alpha-2; none for the world")
        parser.add_argument("--layer", default="", help="where the file has several")
        parser.add_argument("--pcode-field", default="", help="else found by OCHA's conventions")
        parser.add_argument("--parent-field", default="", help="likewise")
        parser.add_argument(
            "--name-field",
            action="append",
            default=[],
            metavar="LANG=FIELD",
            help="may be repeated",
        )
        for name in ("source", "licence", "attribution"):
            parser.add_argument(f"--{name}", default="")
        parser.add_argument("--activate", action="store_true", help="put it in force at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                draft = _read(options)
                imported = boundaries_import(
                    name=options["release"], draft=draft, about=_about(options)
                )
                if options["activate"]:
                    boundaries_activate(name=options["release"])
        except DomainError as exc:
            raise CommandError(str(exc.detail)) from exc
        for line in _summary(draft, imported):
            self.stdout.write(line)
        if options["activate"]:
            self.stdout.write(_("In force now."))


def _read(options: dict[str, Any]) -> LevelDraft:
    names = dict(_language_and_field(text) for text in options["name_field"])
    return boundary_file_read(
        options["file"],
        level=options["level"],
        country=options["country"].upper(),
        layer_name=options["layer"],
        choice=FieldChoice(options["pcode_field"], options["parent_field"], names),
    )


def _language_and_field(text: str) -> tuple[str, str]:
    language, separator, field = text.partition("=")
    if not (language and separator and field):
        raise CommandError(_("--name-field is LANG=FIELD, e.g. ar=ADM1_AR, not %s.") % text)
    return language, field


def _about(options: dict[str, Any]) -> About:
    return About(options["source"], options["licence"], options["attribution"])


def _summary(draft: LevelDraft, imported: Imported) -> list[str]:
    values = {
        "release": imported.release.name,
        "level": draft.level,
        "units": imported.units,
        "area": f"{imported.area_km2:,.0f}",
    }
    known = _("The same as before; nothing was added.")
    lines = [_("%(release)s level %(level)d: %(units)d units, %(area)s km².") % values]
    lines += [] if imported.is_new else [known]
    if draft.mended:
        lines.append(_("Shapes that were not valid and were mended: %d.") % draft.mended)
    if draft.refused:
        lines.append(_("Left out: %s.") % _listed(draft.refused))
    if imported.orphans is None:
        lines.append(_("Level %d is not loaded; parents were not checked.") % (draft.level - 1))
    elif imported.orphans:
        lines.append(_("Without their parent in the level above: %s.") % _listed(imported.orphans))
    return lines


def _listed(names: list[str]) -> str:
    more = f" … ({len(names)})" if len(names) > LISTED else ""
    return "; ".join(names[:LISTED]) + more
