"""What must be true of a report beyond the types of its fields."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.countries import alpha2_codes
from incidents.rollup import in_order
from incidents.selectors.boundaries import OUTLINE_TOLERANCE_M, country_distances_m
from incidents.types import ClaimDraft, Occurred, Place, ReportDraft
from incidents.vocab import IncidentKind, Licence

# It is already tomorrow in some places; nowhere is more than 14 hours ahead of UTC.
_FURTHEST_AHEAD = timedelta(hours=14)
_EARLIEST_YEAR = 1900


MOST_ERRORS = 100


def typed_report_check(draft: ReportDraft) -> None:
    """Raise ``InvalidInput`` with what is wrong with a report that a person typed."""
    if errors := list(islice(typed_report_errors(draft), MOST_ERRORS)):
        raise InvalidInput(errors=errors)


def typed_report_errors(draft: ReportDraft) -> Iterator[FieldError]:
    """Yield what is wrong with a report that a person typed."""
    yield from report_errors(draft)
    yield from filter(None, outline_errors([draft.location]))
    yield from figure_errors(draft.claims)


def report_errors(draft: ReportDraft) -> Iterator[FieldError]:
    """Yield what cannot be true of any report, without the database.

    Odd figures of a data set can: they are flagged.
    """
    yield from _kind_errors(draft)
    yield from _time_errors(draft.occurred)
    yield from _place_errors(draft.location)
    yield from _country_errors(draft.location)
    yield from _reference_errors(draft)
    yield from _consent_errors(draft)


def _kind_errors(draft: ReportDraft) -> Iterator[FieldError]:
    is_strike = draft.kind == IncidentKind.STRIKE
    if is_strike and draft.weapon is None:
        yield FieldError("weapon", _("Name the weapon of a strike, or say “unclear”."), "required")
    if not is_strike and draft.weapon is not None:
        yield FieldError("weapon", _("Only a strike has a weapon."), "not_a_strike")


def _reference_errors(draft: ReportDraft) -> Iterator[FieldError]:
    refs = Counter(source.ref for source in draft.sources)
    for index, source in enumerate(draft.sources):
        if refs[source.ref] > 1:
            yield FieldError(f"sources[{index}].ref", _("Each source needs its own ref."), "ref")
        for relayed in source.relays:
            if relayed not in refs:
                message = _("No source of this report has the ref “%s”.") % relayed
                yield FieldError(f"sources[{index}].relays", message, "ref")
    for index, claim in enumerate(draft.claims):
        if claim.source not in refs:
            message = _("No source of this report has the ref “%s”.") % claim.source
            yield FieldError(f"claims[{index}].source", message, "ref")
        if claim.minimum is claim.best is claim.maximum is None:
            message = _("A claim needs at least one of minimum, best and maximum.")
            yield FieldError(f"claims[{index}]", message, "empty")


def _time_errors(occurred: Occurred) -> Iterator[FieldError]:
    try:
        first = occurred.first_moment()
    except (ValueError, OverflowError):
        yield FieldError("occurred.start", _("There is no such date."), "no_date")
        return
    try:
        last = occurred.last_moment()
    except (ValueError, OverflowError):
        yield FieldError("occurred.end", _("There is no such date."), "no_date")
        return
    for name, given, moment in (
        ("start", occurred.start, first),
        ("end", occurred.end, last),
    ):
        if given and moment > _latest_possible(given):
            yield FieldError(f"occurred.{name}", _("The date lies in the future."), "future")
    if first.year < _EARLIEST_YEAR:
        yield FieldError("occurred.start", _("The date lies before 1900."), "too_early")
    if last < first:
        yield FieldError("occurred.end", _("The end lies before the start."), "order")


def _latest_possible(given: str) -> datetime:
    """Return the last moment not in the future; for a date, of the last day begun anywhere."""
    now = timezone.now()
    if "T" in given:
        return now
    return datetime.combine((now + _FURTHEST_AHEAD).date(), time.max, tzinfo=UTC)


def _place_errors(place: Place) -> Iterator[FieldError]:
    if (place.longitude is None) != (place.latitude is None):
        missing = "longitude" if place.longitude is None else "latitude"
        message = _("Longitude and latitude are given together or not at all.")
        yield FieldError(f"location.{missing}", message, "required")
    elif place.longitude is None and not (place.pcode or place.place_name):
        message = _("Give coordinates, a P-code or at least the name of a place.")
        yield FieldError("location", message, "required")


def _country_errors(place: Place) -> Iterator[FieldError]:
    if place.country is not None and place.country not in alpha2_codes():
        message = _("“%s” is no country's code in ISO 3166.") % place.country
        yield FieldError("location.country", message, "country")


def outline_errors(places: Sequence[Place]) -> list[FieldError | None]:
    """Return for each place the error where it lies far outside its country's outline."""
    errors: list[FieldError | None] = [None] * len(places)
    known = {n: point for n, place in enumerate(places) if (point := _point_of(place))}
    far = {n: away for n, away in _distances_m(known).items() if away > OUTLINE_TOLERANCE_M}
    exchanged = {n: (known[n][0], known[n][2], known[n][1]) for n in far if abs(known[n][1]) <= 90}
    if_swapped = _distances_m(exchanged)
    for n, away in far.items():
        words = {"km": away / 1000, "country": known[n][0]}
        message = _("The coordinates lie %(km)d km outside %(country)s.") % words
        code = "outside_country"
        if if_swapped.get(n, away) <= OUTLINE_TOLERANCE_M:
            message += " " + _("Longitude and latitude look swapped.")
            code = "swapped"
        errors[n] = FieldError("location", message, code)
    return errors


_PointIn = tuple[str, float, float]  # country, longitude, latitude


def _point_of(place: Place) -> _PointIn | None:
    if place.country is None or place.longitude is None or place.latitude is None:
        return None
    return place.country, place.longitude, place.latitude


def _distances_m(points: Mapping[int, _PointIn]) -> dict[int, float]:
    """Return how far each point lies outside its country, in metres, where an outline is known."""
    if not points:
        return {}
    distances = country_distances_m(list(points.values()))
    return {n: away for n, away in zip(points, distances, strict=True) if away is not None}


def figure_errors(claims: list[ClaimDraft]) -> Iterator[FieldError]:
    """Yield figures that are out of order, which a person who types them can mend."""
    for index, claim in enumerate(claims):
        if figures_disagree(claim):
            message = _("The figures must be in order: minimum, best, maximum.")
            yield FieldError(f"claims[{index}].minimum", message, "order")


def figures_disagree(claim: ClaimDraft) -> bool:
    """Tell whether minimum ≤ best ≤ maximum fails among the figures that are given."""
    return not in_order(claim.minimum, claim.best, claim.maximum)


def _consent_errors(draft: ReportDraft) -> Iterator[FieldError]:
    if draft.may_republish and draft.licence == Licence.ALL_RIGHTS_RESERVED:
        message = _("Who reserves all rights does not allow republication: choose one.")
        yield FieldError("may_republish", message, "licence")
    if not draft.consent.store:
        message = _("Without consent to store it, a report cannot be taken.")
        yield FieldError("consent.store", message, "no_consent")
