"""The field's controlled vocabularies. Codes are stable and public; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IncidentKind(TextChoices):
    """What happened: a strike, or a context event, which harms nobody by itself but moves risk."""

    STRIKE = "strike", _("strike")
    WITHDRAWAL = "withdrawal", _("withdrawal of a force")
    DESERTION = "desertion", _("desertion of a force")
    CAPTURE = "capture", _("capture of a base or a town")
    DISPLACEMENT = "displacement", _("displacement of people")
    CEASEFIRE = "ceasefire", _("ceasefire")


class WeaponClass(TextChoices):
    """How an explosive weapon is brought to its target (AOAV's classes, and what lies outside)."""

    AIR_LAUNCHED = "air_launched", _("air-launched")
    GROUND_LAUNCHED = "ground_launched", _("ground-launched")
    NAVAL_LAUNCHED = "naval_launched", _("naval-launched")
    DIRECTLY_EMPLACED = "directly_emplaced", _("directly emplaced")
    MULTIPLE = "multiple", _("multiple classes")
    UNCLEAR = "unclear", _("unclear")
    NOT_EXPLOSIVE = "not_explosive", _("not an explosive weapon")


class Weapon(TextChoices):
    """The weapon as the source describes it."""

    BARREL_BOMB = "barrel_bomb", _("barrel bomb")
    AERIAL_BOMB = "aerial_bomb", _("aerial bomb")
    AIR_MISSILE = "air_missile", _("air-launched missile or rocket")
    DRONE_STRIKE = "drone_strike", _("drone strike")
    AIR_STRIKE = "air_strike", _("air strike, munition unknown")
    CLUSTER_MUNITION_AIR = "cluster_munition_air", _("cluster munition, air-launched")
    ARTILLERY = "artillery", _("artillery shell")
    MORTAR = "mortar", _("mortar")
    ROCKET = "rocket", _("ground-launched rocket")
    GROUND_MISSILE = "ground_missile", _("ground-launched missile")
    TANK_SHELL = "tank_shell", _("tank shell")
    GRENADE = "grenade", _("grenade")
    SHELLING = "shelling", _("shelling, munition unknown")
    CLUSTER_MUNITION_GROUND = "cluster_munition_ground", _("cluster munition, ground-launched")
    NAVAL_SHELL = "naval_shell", _("naval shell or missile")
    IED = "ied", _("improvised explosive device")
    CAR_BOMB = "car_bomb", _("car bomb")
    SUICIDE_BOMB = "suicide_bomb", _("suicide bomb")
    LANDMINE = "landmine", _("landmine or unexploded ordnance")
    MULTIPLE = "multiple", _("several weapons")
    SMALL_ARMS = "small_arms", _("small arms")
    OTHER = "other", _("other, not explosive")
    UNCLEAR = "unclear", _("unclear")


_AIR = (
    Weapon.BARREL_BOMB,
    Weapon.AERIAL_BOMB,
    Weapon.AIR_MISSILE,
    Weapon.DRONE_STRIKE,
    Weapon.AIR_STRIKE,
    Weapon.CLUSTER_MUNITION_AIR,
)
_GROUND = (
    Weapon.ARTILLERY,
    Weapon.MORTAR,
    Weapon.ROCKET,
    Weapon.GROUND_MISSILE,
    Weapon.TANK_SHELL,
    Weapon.GRENADE,
    Weapon.SHELLING,
    Weapon.CLUSTER_MUNITION_GROUND,
)
_EMPLACED = (Weapon.IED, Weapon.CAR_BOMB, Weapon.SUICIDE_BOMB, Weapon.LANDMINE)
WEAPON_CLASS: dict[Weapon, WeaponClass] = {
    **dict.fromkeys(_AIR, WeaponClass.AIR_LAUNCHED),
    **dict.fromkeys(_GROUND, WeaponClass.GROUND_LAUNCHED),
    **dict.fromkeys(_EMPLACED, WeaponClass.DIRECTLY_EMPLACED),
    Weapon.NAVAL_SHELL: WeaponClass.NAVAL_LAUNCHED,
    Weapon.MULTIPLE: WeaponClass.MULTIPLE,
    Weapon.SMALL_ARMS: WeaponClass.NOT_EXPLOSIVE,
    Weapon.OTHER: WeaponClass.NOT_EXPLOSIVE,
    Weapon.UNCLEAR: WeaponClass.UNCLEAR,
}


def weapon_class_of(weapon: str) -> str:
    """Return the class of a weapon's code; empty for none."""
    return WEAPON_CLASS[Weapon(weapon)] if weapon else ""


class LocationPrecision(TextChoices):
    """How closely the place is known (Airwars' labels)."""

    EXACT = "exact", _("exact location")
    WITHIN_100M = "within_100m", _("within 100 m")
    LANDMARK = "nearby_landmark", _("nearby landmark")
    STREET = "street", _("street")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood or area")
    WITHIN_1KM = "within_1km", _("within 1 km")
    WITHIN_25KM = "within_25km", _("within 25 km of a place")
    VILLAGE = "village", _("village")
    TOWN = "town", _("town")
    CITY = "city", _("city")
    SUBDISTRICT = "subdistrict", _("subdistrict")
    DISTRICT = "district", _("district")
    PROVINCE = "province", _("province or governorate")
    AREA = "area", _("along a road, river or border, or in a loose region")
    COUNTRY = "country", _("country")
    UNKNOWN = "unknown", _("unknown")


# Metres of uncertainty where the sender states none: conventions, see docs/methodology.md.
DEFAULT_UNCERTAINTY_M: dict[LocationPrecision, float | None] = {
    LocationPrecision.EXACT: 0,
    LocationPrecision.WITHIN_100M: 100,
    LocationPrecision.LANDMARK: 250,
    LocationPrecision.STREET: 500,
    LocationPrecision.NEIGHBOURHOOD: 1_000,
    LocationPrecision.WITHIN_1KM: 1_000,
    LocationPrecision.WITHIN_25KM: 25_000,
    LocationPrecision.VILLAGE: 1_500,
    LocationPrecision.TOWN: 3_000,
    LocationPrecision.CITY: 6_000,
    LocationPrecision.SUBDISTRICT: 15_000,
    LocationPrecision.DISTRICT: 40_000,
    LocationPrecision.PROVINCE: 80_000,
    LocationPrecision.AREA: 60_000,
    LocationPrecision.COUNTRY: None,
    LocationPrecision.UNKNOWN: None,
}


class TimePrecision(TextChoices):
    """How closely the time is known."""

    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("to the day")
    FEW_DAYS = "few_days", _("within two to six days")
    WEEK = "week", _("to the week")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class SourceKind(TextChoices):
    """What sort of source says it."""

    WITNESS = "witness", _("witness")
    VICTIM = "victim", _("victim or relative")
    HOSPITAL = "hospital", _("hospital or medic")
    RESPONDER = "responder", _("first responder")
    VIDEO = "video", _("video")
    PHOTO = "photo", _("photograph")
    SATELLITE = "satellite", _("satellite image")
    ARTICLE = "article", _("article or broadcast")
    AGENCY = "agency", _("news agency")
    SOCIAL_MEDIA = "social_media", _("social media")
    NGO = "ngo", _("organisation")
    OFFICIAL = "official", _("official or authority")
    BELLIGERENT = "belligerent", _("party to the conflict")
    ANALYST = "analyst", _("analyst")
    DATASET = "dataset", _("data set")
    OTHER = "other", _("other")


class Outcome(TextChoices):
    """What happened to people."""

    KILLED = "killed", _("killed")
    INJURED = "injured", _("injured")
    DISPLACED = "displaced", _("displaced")
    MISSING = "missing", _("missing")


class CivilianStatus(TextChoices):
    """Whose harm a figure counts. ``any`` is a value of its own, never the sum of the others."""

    ANY = "any", _("any")
    CIVILIAN = "civilian", _("civilian")
    BELLIGERENT = "belligerent", _("belligerent")
    UNKNOWN = "unknown", _("unknown")


class Sex(TextChoices):
    """The sex a figure counts."""

    ANY = "any", _("any")
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("unknown")


class AgeGroup(TextChoices):
    """The age group a figure counts."""

    ANY = "any", _("any")
    CHILD = "child", _("child (under 18)")
    ADULT = "adult", _("adult")
    UNKNOWN = "unknown", _("unknown")


class Target(TextChoices):
    """What was hit, as alleged."""

    RESIDENTIAL = "residential", _("homes")
    MARKET = "market", _("market")
    MEDICAL = "medical", _("hospital or clinic")
    SCHOOL = "school", _("school")
    WORSHIP = "worship", _("place of worship")
    CAMP = "camp", _("camp of displaced people")
    INFRASTRUCTURE = "infrastructure", _("water, power or other infrastructure")
    TRANSPORT = "transport", _("road, vehicle or station")
    AID = "aid", _("aid workers or aid")
    PUBLIC = "public", _("public place")
    MILITARY = "military", _("military")
    OTHER = "other", _("other")


class Damage(TextChoices):
    """What became of what was hit."""

    NONE = "none", _("none seen")
    DAMAGED = "damaged", _("damaged")
    DESTROYED = "destroyed", _("destroyed")
    FIRE = "fire", _("fire")
    OUT_OF_SERVICE = "out_of_service", _("out of service")
    UNKNOWN = "unknown", _("unknown")


class Grade(TextChoices):
    """A monitor's assessment (Airwars' grades)."""

    CONFIRMED = "confirmed", _("confirmed")
    FAIR = "fair", _("fair")
    WEAK = "weak", _("weak")
    CONTESTED = "contested", _("contested")
    DISCOUNTED = "discounted", _("discounted")


class State(TextChoices):
    """Where an incident stands in the monitors' work; kept apart from its grade."""

    NEW = "new", _("new")
    TRIAGED = "triaged", _("triaged")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Stance(TextChoices):
    """What a party to the conflict answers when it is asked about a strike."""

    DENIED = "denied", _("denies it")
    NO_COMMENT = "no_comment", _("does not comment")
    ACCEPTED_STRIKE = "accepted_strike", _("accepts the strike, not the harm")
    ACCEPTED_HARM = "accepted_harm", _("accepts that civilians were harmed")
    PARTLY = "partly", _("accepts a part")
    INVESTIGATING = "investigating", _("looks into it")


class Licence(TextChoices):
    """Under which terms the sender gives a report."""

    CC0 = "CC0-1.0", "CC0 1.0"
    CC_BY = "CC-BY-4.0", "CC BY 4.0"
    CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"
    CC_BY_NC = "CC-BY-NC-4.0", "CC BY-NC 4.0"
    CC_BY_IGO = "CC-BY-3.0-IGO", "CC BY 3.0 IGO"
    ALL_RIGHTS_RESERVED = "all-rights-reserved", _("all rights reserved")


class ConsentBasis(TextChoices):
    """On what grounds the content may be used."""

    INFORMED = "informed", _("informed consent of the people concerned")
    ORGANISATION = "organisation", _("the organisation's own observation")
    PUBLIC_SOURCE = "public_source", _("public source")


class Purpose(TextChoices):
    """What a stored report may be used for beyond the record, each with its own consent."""

    SHARE = "share", _("sharing with partners")
    PUBLISH = "publish", _("publishing")
    COURT = "court", _("use in court")


class NoCopy(TextChoices):
    """Why a file has no working copy."""

    NOT_A_PICTURE = "not_a_picture", _("films, recordings and documents are not copied")
    UNREADABLE = "unreadable", _("the picture cannot be read")
    TOO_LARGE = "too_large", _("the picture has too many pixels")
    PIXELS = "pixels", _("the picture has pixels that would lose by copying")


class ReportFlag(TextChoices):
    """What is odd about an authentic report; kept and shown, never mended silently."""

    FIGURES_DISAGREE = "figures_disagree", _("low, best and high figures disagree")
    FIGURE_COMPUTED = "figure_computed", _("a figure is computed by a convention, not counted")


class TableFormat(TextChoices):
    """What a file of reports is written in."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    GEOJSON = "geojson", "GeoJSON"
    JSON_LINES = "jsonl", "JSON lines"


class Verdict(TextChoices):
    """What matching says of two incidents; a monitor decides."""

    LIKELY_SAME = "likely_same", _("likely the same")
    POSSIBLE = "possible", _("possibly the same")


class MatchDecision(TextChoices):
    """What a monitor decided of two incidents that matching put side by side."""

    SAME = "same", _("the same")
    DIFFERENT = "different", _("not the same")


class ImportMode(TextChoices):
    """What becomes of a file with bad rows."""

    GOOD_ROWS = "good_rows", _("take the good rows")
    ALL_OR_NOTHING = "all_or_nothing", _("take all rows or none")


class ImportStep(TextChoices):
    """What an import that is running is at."""

    CHECKING = "checking", _("checking")
    STORING = "storing", _("storing")


class ImportState(TextChoices):
    """How far an import has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
