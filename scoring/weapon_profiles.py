"""How far weapons reach: radii in metres, with their sources. The table is docs/data-sources.md's.

``PROFILES_VERSION`` rises whenever a radius or what it means changes.
"""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from incidents.vocab import Weapon

PROFILES_VERSION = "profiles-1"

# The radii of ACLED's own exposure figures, so that ours can be laid beside them.
ACLED_RADII_M = (1000.0, 2000.0, 5000.0)


class Reach(TextChoices):
    """What a radius stands for."""

    ACLED = "acled", _("a radius of ACLED's exposure figures; not the reach of a weapon")
    LETHAL = "lethal", _("who stands in the open may well be killed")
    COLLAPSE = "collapse", _("ordinary buildings may collapse or be heavily damaged")
    FRAGMENTS = "fragments", _("fragments and falling glass may wound")


class Radius(NamedTuple):
    """One radius of a weapon. ``source`` is a key of ``SOURCES``."""

    metres: float
    reach: Reach
    source: str
    assumed: bool = False


SOURCES = {
    "nctc": "US National Counterterrorism Center, Bomb Threat Stand-Off Distances (2014)",
    "atf": "US Bureau of Alcohol, Tobacco, Firearms and Explosives, vehicle bomb hazard ranges, "
    "as quoted by Police1, Car bomb risks and evacuation guidelines",
    "wkce": "Western Kingston Commission of Enquiry, report (2016), paragraph 10.143",
    "mee": "Middle East Eye on the Mark 84 (2021), citing the UN commission on the 2014 Gaza war",
    "m67": "Wikipedia, Fragmentation grenade: wounding radius of the M67",
    "none": "no source found: an assumption of this project",
}

_LETHAL_227_KG = Radius(30.0, Reach.LETHAL, "atf")
_COLLAPSE_227_KG = Radius(98.0, Reach.COLLAPSE, "nctc")
_FRAGMENTS_227_KG = Radius(580.0, Reach.FRAGMENTS, "nctc")
_MORTAR = (Radius(40.0, Reach.LETHAL, "wkce"), Radius(90.0, Reach.FRAGMENTS, "wkce"))
_MARK_84 = (Radius(30.0, Reach.LETHAL, "mee"), Radius(360.0, Reach.FRAGMENTS, "mee"))
_SHELL = (
    Radius(50.0, Reach.LETHAL, "none", assumed=True),
    Radius(150.0, Reach.FRAGMENTS, "none", assumed=True),
)


def _assumed(*radii: Radius) -> tuple[Radius, ...]:
    """Return radii of another weapon or charge, which this one is assumed to be like."""
    return tuple(radius._replace(assumed=True) for radius in radii)


# A weapon that is not here has no reach that could be stated: the ACLED radii alone.
PROFILES: dict[str, tuple[Radius, ...]] = {
    Weapon.BARREL_BOMB: _assumed(_LETHAL_227_KG, _COLLAPSE_227_KG, _FRAGMENTS_227_KG),
    Weapon.AERIAL_BOMB: _assumed(*_MARK_84),
    Weapon.AIR_STRIKE: _assumed(*_MARK_84),
    Weapon.AIR_MISSILE: _assumed(Radius(34.0, Reach.COLLAPSE, "nctc")),
    Weapon.DRONE_STRIKE: _assumed(Radius(34.0, Reach.COLLAPSE, "nctc")),
    Weapon.MORTAR: _MORTAR,
    Weapon.TANK_SHELL: _assumed(*_MORTAR),
    Weapon.ARTILLERY: _SHELL,
    Weapon.ROCKET: _SHELL,
    Weapon.SHELLING: _SHELL,
    Weapon.NAVAL_SHELL: _SHELL,
    Weapon.GROUND_MISSILE: _assumed(_LETHAL_227_KG, _COLLAPSE_227_KG, _FRAGMENTS_227_KG),
    Weapon.GRENADE: (Radius(15.0, Reach.FRAGMENTS, "m67"),),
    Weapon.IED: _assumed(
        Radius(46.0, Reach.COLLAPSE, "nctc"), Radius(564.0, Reach.FRAGMENTS, "nctc")
    ),
    Weapon.CAR_BOMB: (
        Radius(38.0, Reach.LETHAL, "atf"),
        Radius(122.0, Reach.COLLAPSE, "nctc"),
        Radius(732.0, Reach.FRAGMENTS, "nctc"),
    ),
    Weapon.SUICIDE_BOMB: (
        Radius(34.0, Reach.COLLAPSE, "nctc"),
        Radius(518.0, Reach.FRAGMENTS, "nctc"),
    ),
    Weapon.LANDMINE: _assumed(
        Radius(21.0, Reach.COLLAPSE, "nctc"), Radius(366.0, Reach.FRAGMENTS, "nctc")
    ),
}

_ACLED = tuple(Radius(metres, Reach.ACLED, "acled") for metres in ACLED_RADII_M)
EVERY_RADIUS_M = tuple(
    sorted({*ACLED_RADII_M, *(one.metres for radii in PROFILES.values() for one in radii)})
)


def radii_of(weapon: str) -> tuple[Radius, ...]:
    """Return the radii that a strike with this weapon is scored at: ACLED's, then its own."""
    return _ACLED + PROFILES.get(weapon, ())
