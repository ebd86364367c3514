import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.errors import NotFound
from incidents.models.boundaries import BoundaryRelease, BoundaryUnit
from incidents.selectors.boundaries import units_at
from incidents.services.boundaries import boundaries_activate
from ledger.models import AuditEntry
from tests.incidents.boundaries.conftest import square, unit

HERE = square(44, 33, 45, 34)
POINT = (44.5, 33.5)


def active():
    names = BoundaryRelease.objects.filter(is_active=True).values_list("name", flat=True)
    return sorted(names)


def test_a_release_counts_only_once_it_is_in_force(load):
    load("iraq", unit("IQ", HERE), activate=False)
    assert units_at(*POINT) == []

    boundaries_activate(name="iraq")

    assert [found.pcode for found in units_at(*POINT)] == ["IQ"]


def test_a_new_release_takes_the_place_of_the_old_one_of_its_country(load):
    load("world", unit("IQ", HERE))
    load("old", unit("IQ", HERE), country="IQ")

    load("new", unit("IQ", HERE), country="IQ")

    assert active() == ["new", "world"]


def in_force():
    return BoundaryUnit.objects.get(release__is_active=True)


def test_an_old_release_stays_queryable_and_can_come_back(load):
    load("old", unit("IQ", HERE, name="As it was"), country="IQ")
    load("new", unit("IQ", HERE, name="As it is"), country="IQ")
    old = BoundaryRelease.objects.get(name="old")

    assert old.units.get().names == {"en": "As it was"}
    assert in_force().names == {"en": "As it is"}

    boundaries_activate(name="old")

    assert in_force().names == {"en": "As it was"}


def test_activating_what_is_in_force_does_nothing(load):
    load("iraq", unit("IQ", HERE))
    since = BoundaryRelease.objects.get().activated_at

    boundaries_activate(name="iraq")

    assert BoundaryRelease.objects.get().activated_at == since
    assert AuditEntry.objects.filter(action="boundaries.activated").count() == 1


def test_activating_is_audited_with_what_was_before(load):
    load("old", unit("IQ", HERE), country="IQ")
    load("new", unit("IQ", HERE), country="IQ")

    entry = AuditEntry.objects.filter(action="boundaries.activated").order_by("id").last()
    assert (entry.object_label, entry.data) == ("new", {"country": "IQ", "before": "old"})


def test_an_unknown_release_is_refused_with_the_known_ones(load):
    load("iraq", unit("IQ", HERE))

    with pytest.raises(NotFound, match=r"There is no release irak; there are: iraq\."):
        boundaries_activate(name="irak")


def test_the_database_allows_one_release_in_force_per_country(load):
    load("world", unit("IQ", HERE))

    with pytest.raises(IntegrityError, match="boundary_release_one_active"):
        BoundaryRelease.objects.create(name="two", is_active=True, activated_at=timezone.now())
