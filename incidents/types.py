"""What intake and services speak: one strict definition of a report, for every way in.

Unknown fields and wrong types are refused by ``msgspec``; what the types cannot say (a date in the
future, a minimum above its maximum) is in ``incidents.checks``. Degrees WGS 84, metres, persons,
UTC.
"""

from datetime import UTC, date, datetime, time
from typing import Annotated

from msgspec import Meta, Struct, field

from incidents import vocab

# PostgreSQL cannot hold NUL in text, and nobody means it.
# \Z and not $, which lets a last line feed pass.
NO_NUL = "^[^\\x00]*\\Z"
LINK = "^(https?://[^\\s\\x00]+)?\\Z"
MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2}))?\\Z"
Name = Annotated[str, Meta(max_length=300, pattern=NO_NUL)]
Text = Annotated[str, Meta(max_length=20_000, pattern=NO_NUL)]
Reference = Annotated[str, Meta(pattern="^[A-Za-z0-9_.-]{1,60}\\Z")]
Link = Annotated[str, Meta(max_length=2000, pattern=LINK)]
Moment = Annotated[
    str,
    Meta(
        pattern=MOMENT,
        description="RFC 3339: a date, or a date and time with its zone",
        examples=["2014-06-10", "2014-06-10T14:30:00+03:00"],
    ),
]
PCode = Annotated[str, Meta(pattern="^[A-Za-z0-9_.-]{0,30}\\Z", description="P-code of a unit")]
Persons = Annotated[int, Meta(ge=0, le=100_000_000)]


class Occurred(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """When: one moment or a range. A date means that whole day in UTC."""

    start: Moment
    end: Moment | None = None
    precision: vocab.TimePrecision = vocab.TimePrecision.DAY

    def first_moment(self) -> datetime:
        """Return when it began at the earliest, in UTC; ``ValueError`` for 30 February."""
        return _moment_parse(self.start, time.min)

    def last_moment(self) -> datetime:
        """Return when it ended at the latest, in UTC; ``ValueError`` for 30 February."""
        return _moment_parse(self.end or self.start, time(23, 59, 59))


def _moment_parse(text: str, time_of_a_date: time) -> datetime:
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC)
    return datetime.combine(date.fromisoformat(text), time_of_a_date, tzinfo=UTC)


class Place(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Where: a point with an uncertainty radius, a named unit, or only a name."""

    precision: vocab.LocationPrecision
    longitude: Annotated[float, Meta(ge=-180, le=180, description="degrees")] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, description="degrees")] | None = None
    uncertainty_m: Annotated[float, Meta(ge=0, le=2_000_000, description="metres")] | None = None
    place_name: Name = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}\\Z", description="ISO 3166 alpha-2")] | None = (
        None
    )
    pcode: PCode = ""


class SourceDraft(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One source. ``relays`` names the refs of the sources it passes on; ``identity`` is sealed."""

    ref: Reference
    kind: vocab.SourceKind
    name: Annotated[Name, Meta(description="public name, e.g. of an outlet")] = ""
    description: Annotated[Name, Meta(description="e.g. 'anonymous soldier'")] = ""
    url: Link = ""
    published_on: date | None = None
    relays: Annotated[list[Reference], Meta(max_length=100)] = field(default_factory=list)
    identity: Annotated[Name, Meta(description="who it is; sealed, never published")] = ""


class ClaimDraft(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One figure from one source. A minimum without a maximum is open-ended."""

    source: Reference
    outcome: vocab.Outcome
    minimum: Persons | None = None
    best: Persons | None = None
    maximum: Persons | None = None
    civilian_status: vocab.CivilianStatus = vocab.CivilianStatus.ANY
    sex: vocab.Sex = vocab.Sex.ANY
    age_group: vocab.AgeGroup = vocab.AgeGroup.ANY
    party: Annotated[Name, Meta(description="whose belligerents, where that is said")] = ""


class Consent(Struct, forbid_unknown_fields=True, frozen=True):
    """What the people concerned agreed to, by purpose. Without ``store`` nothing may be kept."""

    basis: vocab.ConsentBasis
    store: bool
    share: Annotated[bool, Meta(description="with partners")] = False
    publish: bool = False
    court: Annotated[bool, Meta(description="use in court")] = False


class Reporter(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Who reported to the organisation; sealed as a whole, never published."""

    name: Name = ""
    contact: Name = ""


class ReportDraft(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A report of a strike or a context event as it was understood from what was sent.

    A strike has a weapon (perhaps ``unclear``), a context event none.
    """

    occurred: Occurred
    location: Place
    sources: Annotated[list[SourceDraft], Meta(min_length=1, max_length=100)]
    licence: vocab.Licence
    consent: Consent
    kind: vocab.IncidentKind = vocab.IncidentKind.STRIKE
    weapon: vocab.Weapon | None = None
    title: Name = ""
    description: Text = ""
    language: Annotated[str, Meta(pattern="^[a-z]{2,3}\\Z", description="ISO 639")] = "en"
    claims: Annotated[list[ClaimDraft], Meta(max_length=200)] = field(default_factory=list)
    alleged_actor: Name = ""
    targets: Annotated[list[vocab.Target], Meta(max_length=20)] = field(default_factory=list)
    damage: Annotated[list[vocab.Damage], Meta(max_length=20)] = field(default_factory=list)
    may_republish: bool = False
    reporter: Reporter | None = None


class Submission(Struct, frozen=True):
    """A draft with what the way in knows of it. ``flags`` are what is odd but authentic.

    ``attachments`` are the names of files that it announces.
    """

    draft: ReportDraft
    idempotency_key: str
    body_sha256: str
    flags: list[vocab.ReportFlag] = field(default_factory=list)
    corrects: Annotated[str, Meta(description="key of the report it corrects")] = ""
    attachments: list[str] = field(default_factory=list)
