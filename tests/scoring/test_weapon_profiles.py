"""The table of how far weapons reach, and what documents say of it."""

from pathlib import Path

from incidents.vocab import WEAPON_CLASS, Weapon, WeaponClass
from scoring.weapon_profiles import (
    ACLED_RADII_M,
    PROFILES,
    PROFILES_VERSION,
    SOURCES,
    Reach,
    radii_of,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "data-sources.md").read_text()


def test_a_barrel_bomb_is_not_a_mortar():
    assert radii_of(Weapon.BARREL_BOMB) != radii_of(Weapon.MORTAR)


def test_every_weapon_is_scored_at_acled_s_radii_first():
    for weapon in Weapon:
        assert tuple(radius.metres for radius in radii_of(weapon)[:3]) == ACLED_RADII_M


def test_radii_of_a_weapon_are_apart_and_grow():
    for weapon, radii in PROFILES.items():
        metres = [radius.metres for radius in radii]
        assert metres == sorted(set(metres)), weapon
        assert len({radius.reach for radius in radii}) == len(radii)
        assert not set(metres) & set(ACLED_RADII_M)
        assert Reach.ACLED not in {radius.reach for radius in radii}


def test_what_is_no_explosive_weapon_or_not_known_has_no_reach_of_its_own():
    for weapon in PROFILES:
        assert WEAPON_CLASS[Weapon(weapon)] not in {
            WeaponClass.NOT_EXPLOSIVE, WeaponClass.MULTIPLE, WeaponClass.UNCLEAR
        }  # fmt: skip


def test_each_radius_has_a_source_or_is_called_an_assumption():
    for radii in PROFILES.values():
        for radius in radii:
            assert radius.source in SOURCES
            assert radius.assumed or radius.source != "none"


def test_the_document_has_the_same_numbers():
    assert f"`{PROFILES_VERSION}`" in DOCUMENT
    for weapon, radii in PROFILES.items():
        (line,) = (one for one in DOCUMENT.splitlines() if one.startswith(f"| `{weapon}` |"))
        for radius in radii:
            assert f"{radius.metres:g} m" in line, line
