"""What the feed's descriptions say, so that pages say it in the reader's language.

The documents themselves stay English: programs, and those who write them, compare their words. A
description that is shown and not among these fails a test.
"""

from django.utils.translation import gettext, gettext_noop

SAID = frozenset(
    {
        gettext_noop("Name the parts of the feed."),
        gettext_noop("Return the OpenAPI 3.0 document of these addresses."),
        gettext_noop("List the collections."),
        gettext_noop("Describe a collection."),
        gettext_noop("Return features, the newest first or as ``sortby`` says, a page at a time."),
        gettext_noop("Return the version of one object that stands, or stood ``as_of``."),
        gettext_noop("Return a JSON Schema of the properties that a filter may name."),
        gettext_noop(
            "Return a JSON Schema of the properties that features have, by OGC API Features Part 5."
        ),
        gettext_noop(
            "Return a JSON Schema of a feature as GeoJSON; GDAL takes the fields' types from it."
        ),
        gettext_noop("Return units in force with their outlines, a page at a time."),
        gettext_noop("Return one unit with its outline."),
        gettext_noop("List the conformance classes."),
        gettext_noop(
            "The state at the log's entry of this number, or at a time (RFC 3339; a date "
            "is its end). The same bytes whenever it is asked for, but for what was "
            "redacted."
        ),
        gettext_noop(
            "West, south, east, north in degrees (CRS84); six numbers: with heights, "
            "which are ignored. West greater than east crosses the antimeridian."
        ),
        gettext_noop("Only where the property is this."),
        gettext_noop("From a next link."),
        gettext_noop(
            "An RFC 3339 time or date, or an interval START/END in which one end may be open (..)."
        ),
        gettext_noop(
            "The format; without it, as Accept says. But for json and geojson the next "
            "page stands in the Link header."
        ),
        gettext_noop("html: a page for people. Without it, as Accept says."),
        gettext_noop("A condition in CQL2 over the collection's queryables."),
        gettext_noop("How the filter is written."),
        gettext_noop("Features a page; more are served at the maximum."),
        gettext_noop("Units a page; more are served at the maximum."),
        gettext_noop(
            "The properties wanted, with commas between; version, license and attribution "
            "always come along."
        ),
        gettext_noop("By date or by place in the publication log; with - the last one first."),
        gettext_noop("Grows with every change."),
        gettext_noop("How sure the monitors are."),
        gettext_noop("Reports that it is made of."),
        gettext_noop(
            "Distinct sources that what was said goes back to; those that relay them "
            "don't count. Null in versions published before they were counted."
        ),
        gettext_noop(
            "What parties to the conflict answered, and the harm they concede. Conceded "
            "figures are no part of casualties."
        ),
        gettext_noop("First day or, for partners, moment (RFC 3339, UTC)."),
        gettext_noop("Last day or, for partners, moment (RFC 3339, UTC)."),
        gettext_noop("ISO 3166 alpha-2; empty where not known or not told."),
        gettext_noop(
            "Administrative units; for the public those in which all of the blurred area lies."
        ),
        gettext_noop("What the point is."),
        gettext_noop("H3 cell or P-code of the unit whose centre the point is."),
        gettext_noop("The strike was within so many metres of the point."),
        gettext_noop("Persons killed, min figure."),
        gettext_noop("Persons killed, best figure."),
        gettext_noop("Persons killed, max figure."),
        gettext_noop("Persons killed who were civilians, min figure."),
        gettext_noop("Persons killed who were civilians, best figure."),
        gettext_noop("Persons killed who were civilians, max figure."),
        gettext_noop("Persons injured, min figure."),
        gettext_noop("Persons injured, best figure."),
        gettext_noop("Persons injured, max figure."),
        gettext_noop(
            "Every figure. A total is never the sum of its parts; no maximum means an open end."
        ),
        gettext_noop("SPDX identifiers of the reports' licences, joined by AND."),
        gettext_noop("Whom to name."),
        gettext_noop("The version of the incident, of the same id, that it was computed for."),
        gettext_noop("Persons living within 1 km, best figure."),
        gettext_noop("Persons living within 2 km, best figure."),
        gettext_noop("Persons living within 5 km, best figure."),
        gettext_noop(
            "Persons within 1, 2 and 5 km and the weapon's own radii, computed from the "
            "point and uncertainty shown; for the public two significant digits."
        ),
        gettext_noop("Why there are no figures; else empty."),
        gettext_noop("The population layer's provider; empty without one."),
        gettext_noop("The year of its population."),
        gettext_noop("Its checksum."),
        gettext_noop("Its licence."),
        gettext_noop("Whether the population is modelled for a demonstration."),
        gettext_noop("The formula's version."),
        gettext_noop("The version of the weapons' radii."),
        gettext_noop("H3 cell."),
        gettext_noop("The first day forecast."),
        gettext_noop("Persons living in the cell."),
        gettext_noop("0 to 10 by evidence floor, of 30 days at resolution 6."),
        gettext_noop("Two significant digits."),
        gettext_noop(
            "By evidence floor: strikes in 30 days that are background, and that incidents bring."
        ),
        gettext_noop("The same in words, by language."),
        gettext_noop("The newest entry of the reader's log known to it."),
        gettext_noop("Of the strikes that it was computed from."),
        gettext_noop("The population layer."),
        gettext_noop("0 for a country, growing downwards."),
        gettext_noop("P-code of the unit."),
        gettext_noop("P-code of the unit that it is part of; empty for a country."),
        gettext_noop("What it is called, by language."),
        gettext_noop("ISO 3166 alpha-2."),
        gettext_noop("The boundary release."),
        gettext_noop("SPDX identifier of the release's licence."),
        gettext_noop("From time_start to time_end"),
        gettext_noop("P-codes of the units shown"),
        gettext_noop("The place as it is shown"),
        gettext_noop("The outline"),
        gettext_noop("What happened. Context events only."),
    }
)


def in_words(description: str) -> str:
    """Return a description in the reader's language, or as it is where nobody translated it."""
    return gettext(description) if description in SAID else description
