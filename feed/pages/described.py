"""What the feed's descriptions say, so that pages say it in the reader's language.

The documents themselves stay English: programs, and those who write them, compare their words. A
description that is shown and not among these fails a test.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

SAID = frozenset(
    {
        noop("Name the parts of the feed."),
        noop("Return the OpenAPI 3.0 document of these addresses."),
        noop("List the collections."),
        noop("Describe a collection."),
        noop("Return features, the newest first or as ``sortby`` says, a page at a time."),
        noop("Return the version of one object that stands, or stood ``as_of``."),
        noop("Return a JSON Schema of the properties that a filter may name."),
        noop(
            "Return a JSON Schema of the properties that features have, by OGC API Features Part 5."
        ),
        noop("Return a JSON Schema of a feature as GeoJSON; GDAL takes the fields' types from it."),
        noop("Return units in force with their outlines, a page at a time."),
        noop("Return one unit with its outline."),
        noop("List the conformance classes."),
        noop(
            "The state at the log's entry of this number, or at a time (RFC 3339; a date "
            "is its end). The same bytes whenever it is asked for, but for what was "
            "redacted."
        ),
        noop(
            "West, south, east, north in degrees (CRS84); six numbers: with heights, "
            "which are ignored. West greater than east crosses the antimeridian."
        ),
        noop("Only where the property is this."),
        noop("From a next link."),
        noop(
            "An RFC 3339 time or date, or an interval START/END in which one end may be open (..)."
        ),
        noop(
            "The format; without it, as Accept says. But for json and geojson the next "
            "page stands in the Link header."
        ),
        noop("html: a page for people. Without it, as Accept says."),
        noop("A condition in CQL2 over the collection's queryables."),
        noop("How the filter is written."),
        noop("Features a page; more are served at the maximum."),
        noop("Units a page; more are served at the maximum."),
        noop(
            "The properties wanted, with commas between; version, license and attribution "
            "always come along."
        ),
        noop("By date or by place in the publication log; with - the last one first."),
        noop("Grows with every change."),
        noop("How sure the monitors are."),
        noop("Reports that it is made of."),
        noop(
            "Distinct sources that what was said goes back to; those that relay them "
            "don't count. Null in versions published before they were counted."
        ),
        noop(
            "What parties to the conflict answered, and the harm they concede. Conceded "
            "figures are no part of casualties."
        ),
        noop("First day or, for partners, moment (RFC 3339, UTC)."),
        noop("Last day or, for partners, moment (RFC 3339, UTC)."),
        noop("ISO 3166 alpha-2; empty where not known or not told."),
        noop("Administrative units; for the public those in which all of the blurred area lies."),
        noop("What the point is."),
        noop("H3 cell or P-code of the unit whose centre the point is."),
        noop("The strike was within so many metres of the point."),
        noop("Persons killed, min figure."),
        noop("Persons killed, best figure."),
        noop("Persons killed, max figure."),
        noop("Persons killed who were civilians, min figure."),
        noop("Persons killed who were civilians, best figure."),
        noop("Persons killed who were civilians, max figure."),
        noop("Persons injured, min figure."),
        noop("Persons injured, best figure."),
        noop("Persons injured, max figure."),
        noop("Every figure. A total is never the sum of its parts; no maximum means an open end."),
        noop("SPDX identifiers of the reports' licences, joined by AND."),
        noop("Whom to name."),
        noop("The version of the incident, of the same id, that it was computed for."),
        noop("Persons living within 1 km, best figure."),
        noop("Persons living within 2 km, best figure."),
        noop("Persons living within 5 km, best figure."),
        noop(
            "Persons within 1, 2 and 5 km and the weapon's own radii, computed from the "
            "point and uncertainty shown; for the public two significant digits."
        ),
        noop("Why there are no figures; else empty."),
        noop("The population layer's provider; empty without one."),
        noop("The year of its population."),
        noop("Its checksum."),
        noop("Its licence."),
        noop("Whether the population is modelled for a demonstration."),
        noop("The formula's version."),
        noop("The version of the weapons' radii."),
        noop("H3 cell."),
        noop("The first day forecast."),
        noop("Persons living in the cell."),
        noop("0 to 10 by evidence floor, of 30 days at resolution 6."),
        noop("Two significant digits."),
        noop(
            "By evidence floor: strikes in 30 days that are background, and that incidents bring."
        ),
        noop("The same in words, by language."),
        noop("The newest entry of the reader's log known to it."),
        noop("Of the strikes that it was computed from."),
        noop("The population layer."),
        noop("0 for a country, growing downwards."),
        noop("P-code of the unit."),
        noop("P-code of the unit that it is part of; empty for a country."),
        noop("What it is called, by language."),
        noop("ISO 3166 alpha-2."),
        noop("The boundary release."),
        noop("SPDX identifier of the release's licence."),
        noop("From time_start to time_end"),
        noop("P-codes of the units shown"),
        noop("The place as it is shown"),
        noop("The outline"),
    }
)


def in_words(description: str) -> str:
    """Return a description in the reader's language, or as it is where nobody translated it."""
    return gettext(description) if description in SAID else description
