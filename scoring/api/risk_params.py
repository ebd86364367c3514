"""What may be asked of risk, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from core.errors import FieldError, InvalidInput
from core.geo import BBox, bbox_parse
from incidents.models.boundaries import MAX_LEVEL
from scoring.engine.risk.daily import FLOORS, HORIZONS

BBOX = OpenApiParameter("bbox", str, description="west,south,east,north in degrees.")
RUN = OpenApiParameter("run", UUID, description="A run; without it the last good one.")
HORIZON = OpenApiParameter("horizon", int, enum=HORIZONS, default=30, description="Days.")
FLOOR = OpenApiParameter("floor", str, enum=FLOORS, default="all", description="Evidence floor.")
CLASS_MIN = OpenApiParameter("class_min", int, description="Cells of this class or above, 0 to 10.")
LEVEL = OpenApiParameter("level", int, default=1, description="0 country, 1 first subdivision, …")


@dataclass(frozen=True, slots=True)
class RiskQuery:
    """Which figures of which run."""

    run: UUID | None
    horizon: int
    floor: str
    bbox: BBox | None
    class_min: int | None

    @property
    def floor_at(self) -> int:
        """Where the floor stands among the floors, from 0."""
        return FLOORS.index(self.floor)

    def of_run(self, text: str) -> "RiskQuery":
        """Return the same of the run that a cursor names."""
        return replace(self, run=_run(text, "cursor"))


def risk_query_parse(given: Mapping[str, str]) -> RiskQuery:
    """Read the parameters that are there; ``InvalidInput`` for what is none of the choices."""
    horizon = _whole(given.get("horizon", "30"), "horizon")
    if horizon not in HORIZONS:
        raise _refused("horizon", _("horizon is one of %(ones)s.") % {"ones": "30, 90"})
    floor = given.get("floor", FLOORS[0])
    if floor not in FLOORS:
        raise _refused("floor", _("floor is one of %(ones)s.") % {"ones": ", ".join(FLOORS)})
    class_min = _whole(given["class_min"], "class_min") if "class_min" in given else None
    if class_min is not None and not 0 <= class_min <= 10:
        raise _refused("class_min", _("Classes go from 0 to 10."))
    return RiskQuery(
        run=_run(given["run"], "run") if "run" in given else None,
        horizon=horizon,
        floor=floor,
        bbox=bbox_parse(given["bbox"]) if "bbox" in given else None,
        class_min=class_min,
    )


def level_parse(text: str | None) -> int:
    """Return the level of units asked for, 1 unless told; ``InvalidInput`` where there is none."""
    level = _whole("1" if text is None else text, "level")
    if not 0 <= level <= MAX_LEVEL:
        raise _refused("level", _("Levels go from 0 to %(most)d.") % {"most": MAX_LEVEL})
    return level


def _whole(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _refused(field, _("This is a whole number."))
    return int(text)


def _run(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _refused(field, _("A run is named by its id.")) from None


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, field)])
