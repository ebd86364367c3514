import pytest

from core.errors import Conflict
from incidents.models.boundaries import BoundaryPart, BoundaryRelease, BoundaryUnit
from incidents.services.boundaries import About
from ledger.models import AuditEntry
from tests.incidents.boundaries.conftest import square, unit

HERE, THERE = square(44, 33, 45, 34), square(46, 33, 47, 34)


def entries(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_level_is_stored_with_its_origin(load):
    about = About(source="OCHA", licence="CC BY-IGO", attribution="© OCHA")

    imported = load("iraq", unit("IQ", HERE, name="Iraq"), country="IQ", about=about)

    release = BoundaryRelease.objects.get(name="iraq")
    stored = release.units.get()
    assert (release.country, release.source, release.licence) == ("IQ", "OCHA", "CC BY-IGO")
    assert (stored.level, stored.pcode, stored.names) == (0, "IQ", {"en": "Iraq"})
    assert stored.geometry.srid == 4326
    assert stored.geometry.extent == (44, 33, 45, 34)
    assert imported.is_new
    assert imported.units == 1


def test_the_area_is_geodesic(load):
    imported = load("iraq", unit("IQ", HERE))

    # pyproj with edges cut fine along the parallels: 10,306.22 km²
    assert imported.area_km2 == pytest.approx(10_306.22, rel=1e-5)
    assert BoundaryUnit.objects.get().area_km2 == pytest.approx(imported.area_km2)


def test_the_same_content_again_adds_nothing(load):
    load("iraq", unit("IQ", HERE))
    before = (BoundaryUnit.objects.get().id, BoundaryPart.objects.get().id)

    again = load("iraq", unit("IQ", HERE))

    assert not again.is_new
    assert (BoundaryUnit.objects.get().id, BoundaryPart.objects.get().id) == before
    assert entries("boundaries.imported") == 1


def test_other_content_is_refused_once_the_release_was_active(load):
    load("old", unit("IQ", HERE))
    load("new", unit("IQ", HERE))  # takes the place of the first

    with pytest.raises(Conflict, match="new release name"):
        load("old", unit("IQ", THERE))

    assert BoundaryRelease.objects.get(name="old").units.get().geometry.extent == (44, 33, 45, 34)


def test_other_content_replaces_what_was_never_active(load):
    load("iraq", unit("IQ", HERE), activate=False)

    load("iraq", unit("IQ", THERE), activate=False)

    assert BoundaryUnit.objects.get().geometry.extent == (46, 33, 47, 34)
    assert BoundaryPart.objects.count() == 1


def test_a_further_level_may_be_added_to_a_release_in_force(load):
    load("iraq", unit("IQ", HERE), country="IQ")

    load("iraq", unit("IQ01", HERE, ADM0_PCODE="IQ"), country="IQ", level=1)

    units = BoundaryRelease.objects.get(name="iraq").units
    assert sorted(units.values_list("level", "pcode")) == [(0, "IQ"), (1, "IQ01")]


def test_a_release_is_of_one_country(load):
    load("iraq", unit("IQ", HERE), country="IQ")

    with pytest.raises(Conflict, match="The release iraq is of IQ"):
        load("iraq", unit("SY01", HERE), country="SY", level=1)


def test_an_origin_may_be_said_later_but_not_changed(load):
    load("iraq", unit("IQ", HERE))
    load("iraq", unit("IQ01", HERE), level=1, about=About(source="OCHA"))

    with pytest.raises(Conflict, match="iraq has another source already: OCHA"):
        load("iraq", unit("IQ0101", HERE), level=2, about=About(source="UN"))

    assert BoundaryRelease.objects.get().source == "OCHA"


def test_units_without_their_parent_are_named(load):
    load("iraq", unit("IQ", HERE))

    imported = load(
        "iraq",
        unit("IQ01", HERE, ADM0_PCODE="IQ"),
        unit("IQ02", THERE, ADM0_PCODE="QI"),
        unit("IQ03", THERE),
        level=1,
    )

    assert imported.orphans == ["IQ02", "IQ03"]


def test_parents_are_not_checked_where_their_level_is_not_loaded(load):
    assert load("iraq", unit("IQ0101", HERE, ADM1_PCODE="IQ01"), level=2).orphans is None


def test_an_import_is_audited(load):
    load("iraq", unit("IQ", HERE), activate=False)

    entry = AuditEntry.objects.get(action="boundaries.imported")
    assert entry.object_type == "boundary_release"
    assert entry.object_id == BoundaryRelease.objects.get().id
    assert (entry.object_label, entry.data["level"], entry.data["units"]) == ("iraq", 0, 1)
