"""``manage.py import_population``: take a population raster in, inactive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from incidents.vocab import AgeGroup, Sex
from scoring.engine.grids import KINDS
from scoring.management.progress import progress_bar
from scoring.services.groups import GroupSource, groups_import
from scoring.services.layers import layer_import


class Command(BaseCommand):
    help = "Store a checked copy of an EPSG:4326 GeoTIFF as a population layer, inactive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--provider", required=True)
        parser.add_argument("--year", type=int, required=True, help="that the population is of")
        parser.add_argument(
            "--kind", choices=KINDS, default="count", help="persons in a cell, or per km²"
        )
        parser.add_argument("--licence", required=True)
        parser.add_argument("--attribution", required=True, help="shown beside the figures")
        parser.add_argument(
            "--group",
            action="append",
            default=[],
            metavar="SEX:AGE=BAND_OR_FILE",
            help="people of one sex and age group on the same grid, as female:child=2 (a band of "
            "FILE) or male:any=men.tif; repeat for each",
        )
        parser.add_argument("--band", type=int, help="from 1; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = dict(group_parse(text, options["file"]) for text in options["group"])
        try:
            with progress_bar("importing") as progress:
                layer, created = layer_import(
                    path=options["file"],
                    provider=options["provider"],
                    year=options["year"],
                    kind=options["kind"],
                    licence=options["licence"],
                    attribution=options["attribution"],
                    band=options["band"],
                    progress=progress,
                )
            if groups and not layer.groups.exists():
                with progress_bar("groups") as progress:
                    groups_import(layer=layer, sources=groups, progress=progress)
        except DomainError as exc:
            raise CommandError(refusal_text(exc)) from exc
        self.stdout.write(f"{'Imported' if created else 'Already here, unchanged:'} {layer}")
        self.stdout.write(f"  people in the file   {layer.source_total:>18,.3f}")
        self.stdout.write(f"  people in the copy   {layer.total:>18,.3f}")
        self.stdout.write(f"  difference           {layer.total - layer.source_total:>18,.3f}")
        self.stdout.write(f"  cell                 {layer.resolution_arcsec:>18,.3f} arc-seconds")
        self.stdout.write(f"  checksum (SHA-256)   {layer.sha256}")
        if layer.groups_total is not None:
            self.stdout.write(f"  people in its groups {layer.groups_total:>18,.3f}")
            if not layer.groups_add_up:
                self.stdout.write("  ATTENTION: the groups do not add up to the total")
        if not layer.is_active:
            self.stdout.write(
                f"It is not active. manage.py activate_population {layer.sha256[:12]}"
            )


def group_parse(text: str, file: Path) -> tuple[tuple[Sex, AgeGroup], GroupSource]:
    """Read ``SEX:AGE=BAND_OR_FILE``; raise ``CommandError`` for anything else."""
    who, _, where = text.partition("=")
    sex, _, age = who.partition(":")
    if sex not in Sex.values or age not in AgeGroup.values or not where:
        raise CommandError(
            f"--group {text}: SEX is one of {', '.join(Sex.values)}, AGE one of "
            f"{', '.join(AgeGroup.values)}, as in female:child=2"
        )
    source = GroupSource(file, int(where)) if where.isdecimal() else GroupSource(Path(where))
    return (Sex(sex), AgeGroup(age)), source


def refusal_text(error: DomainError) -> str:
    """Return a refusal as one line for each thing to mend."""
    return "\n".join(f"{one.field}: {one.message}" for one in error.errors) or str(error.detail)
