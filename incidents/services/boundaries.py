"""Loading boundaries and choosing which release is in force."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, NotFound
from incidents.boundary_files import LevelDraft, UnitDraft, boundary_file_read
from incidents.models.boundaries import BoundaryRelease, BoundaryUnit
from ledger.services import ActorLike, audit_record, event_emit

DEMO_FILE = Path(__file__).resolve().parent.parent / "data" / "countries.geojson"
DEMO_RELEASE = "world-atlas-2.0.2"

# Vertices of a part at most; 64 to 256 were equally quick. An edge is straight on the map, but
# distances follow great circles: at 49° north an edge of 0.5° strays 30 m from its parallel, while
# one of 28° (Canada's border) would stray 100 km.
_PARTS_MAKE = """
    WITH part AS (
        INSERT INTO incidents_boundarypart (unit_id, geometry)
        SELECT id, (ST_Dump(ST_Subdivide(ST_Segmentize(geometry, 0.5), 100))).geom
        FROM incidents_boundaryunit WHERE release_id = %s AND level = %s
        RETURNING unit_id, ST_Area(geometry::geography) AS square_metres
    ), area AS (
        SELECT unit_id, sum(square_metres) / 1e6 AS km2 FROM part GROUP BY unit_id
    )
    UPDATE incidents_boundaryunit AS unit SET area_km2 = area.km2
    FROM area WHERE area.unit_id = unit.id
"""


@dataclass(frozen=True, slots=True)
class About:
    """Where a release comes from. Empty: not said this time."""

    source: str = ""
    licence: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and what now stands at its level.

    ``orphans`` are the P-codes whose parent is not in the level above; None: that is not loaded.
    """

    release: BoundaryRelease
    is_new: bool
    units: int
    area_km2: float
    orphans: list[str] | None


@transaction.atomic
def boundaries_import(
    *, name: str, draft: LevelDraft, about: About, actor: ActorLike | None = None
) -> Imported:
    """Store one level of a release, which is made here where there is none of that name.

    The same content again changes nothing. Raises ``Conflict`` where the release is of another
    country, says another origin, or was ever active and holds other content at this level.
    """
    release = _release(name, draft.country, about)
    held = release.level_sha256.get(str(draft.level))
    if held != draft.sha256:
        if held and release.activated_at:
            raise Conflict(
                _(
                    "%(name)s was active with other units at level %(level)d, and records may name "
                    "them: import these under a new release name."
                )
                % {"name": name, "level": draft.level}
            )
        _level_store(release, draft)
        audit_record(
            actor=actor,
            action="boundaries.imported",
            object_type="boundary_release",
            object_id=release.id,
            object_label=release.name,
            data={"level": draft.level, "units": len(draft.units), "sha256": draft.sha256},
        )
    return _imported(release, draft.level, is_new=held != draft.sha256)


def _release(name: str, country: str, about: About) -> BoundaryRelease:
    """Return the release, locked, with what was not yet said of its origin filled in."""
    release, _made = BoundaryRelease.objects.select_for_update().get_or_create(
        name=name, defaults={"country": country, **asdict(about)}
    )
    if release.country != country:
        values = {"name": name, "country": release.country or _("the world")}
        raise Conflict(_("The release %(name)s is of %(country)s.") % values)
    for field, said in asdict(about).items():
        known = getattr(release, field)
        if said and known not in ("", said):
            values = {"name": name, "field": field, "known": known}
            raise Conflict(_("%(name)s has another %(field)s already: %(known)s") % values)
        setattr(release, field, said or known)
    return release


def _level_store(release: BoundaryRelease, draft: LevelDraft) -> None:
    release.units.filter(level=draft.level).delete()
    BoundaryUnit.objects.bulk_create(
        (_unit(release, draft.level, unit) for unit in draft.units), batch_size=500
    )
    with connection.cursor() as cursor:
        cursor.execute(_PARTS_MAKE, [release.id, draft.level])
    release.level_sha256[str(draft.level)] = draft.sha256
    release.save()


def _unit(release: BoundaryRelease, level: int, draft: UnitDraft) -> BoundaryUnit:
    geometry = GEOSGeometry(memoryview(shapely.to_wkb(draft.geometry)), srid=4326)
    return BoundaryUnit(
        release=release,
        level=level,
        pcode=draft.pcode,
        parent_pcode=draft.parent_pcode,
        names=draft.names,
        country=draft.country,
        geometry=cast(MultiPolygon, geometry),
        area_km2=0,  # measured in the database, from the parts
    )


def _imported(release: BoundaryRelease, level: int, *, is_new: bool) -> Imported:
    units = list(release.units.filter(level=level).defer("geometry").order_by("pcode"))
    area = sum(unit.area_km2 for unit in units)
    return Imported(release, is_new, len(units), area, _orphans(release, level, units))


def _orphans(release: BoundaryRelease, level: int, units: list[BoundaryUnit]) -> list[str] | None:
    if level == 0:
        return []
    above = set(release.units.filter(level=level - 1).values_list("pcode", flat=True))
    return [unit.pcode for unit in units if unit.parent_pcode not in above] if above else None


@transaction.atomic
def boundaries_activate(*, name: str, actor: ActorLike | None = None) -> BoundaryRelease:
    """Put a release in force for its country, in place of the one before, which stays queryable.

    Raises ``NotFound`` where there is no such release. Does nothing where it is in force already.
    """
    release = BoundaryRelease.objects.filter(name=name).first()
    if release is None:
        known = ", ".join(BoundaryRelease.objects.order_by("name").values_list("name", flat=True))
        values = {"name": name, "known": known or "-"}
        raise NotFound(_("There is no release %(name)s; there are: %(known)s.") % values)
    of_country = BoundaryRelease.objects.filter(country=release.country).order_by("id")
    releases = list(of_country.select_for_update())
    before = next((each for each in releases if each.is_active), None)
    if before == release:
        return release
    of_country.filter(is_active=True).update(is_active=False)
    release.is_active, release.activated_at = True, timezone.now()
    release.save(update_fields=["is_active", "activated_at"])
    audit_record(
        actor=actor,
        action="boundaries.activated",
        object_type="boundary_release",
        object_id=release.id,
        object_label=release.name,
        data={"country": release.country, "before": before.name if before else ""},
    )
    event_emit(kind="boundaries.activated", object_type="boundary_release", object_id=release.id)
    return release


@transaction.atomic
def demo_boundaries_load() -> BoundaryRelease:
    """Load and activate the country outlines that come with the program. Twice changes nothing."""
    in_force = BoundaryRelease.objects.filter(name=DEMO_RELEASE, is_active=True).first()
    if in_force:  # its name stands for its content, so the file need not be read
        return in_force
    about = About(
        source="Natural Earth 1:10m, by way of npm world-atlas 2.0.2, simplified",
        licence="Public domain (Natural Earth), ISC (world-atlas)",
        attribution="Made with Natural Earth",
    )
    draft = boundary_file_read(DEMO_FILE, level=0)
    boundaries_import(name=DEMO_RELEASE, draft=draft, about=about)
    return boundaries_activate(name=DEMO_RELEASE)
