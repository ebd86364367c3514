"""Taking population layers in, and choosing the one that figures are computed from."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rasterio.errors import RasterioError

from core.errors import Conflict, FieldError, InvalidInput, NotFound
from ledger.services import ActorLike, audit_record, event_emit
from scoring.engine.grids import KINDS, GridError, Kind, Layer, open_layer
from scoring.models import PopulationLayer
from scoring.services.layer_files import (
    LayerDamaged,
    NobodyThere,
    Progress,
    StoredLayer,
    file_sha256,
    groups_open,
    layer_open,
    store_copy,
)

_REFUSALS = {
    "unreadable": gettext_lazy("The file cannot be read as a GeoTIFF."),
    "bands": gettext_lazy("The file has several bands, or not the one named: say which to read."),
    "no_transform": gettext_lazy("The file does not say where on the Earth it lies."),
    "not_wgs84": gettext_lazy(
        "The grid is not in EPSG:4326. It is not resampled here, since that changes how many "
        "people a cell holds: take the provider's edition in degrees."
    ),
    "not_north_up": gettext_lazy(
        "The grid is turned: rows must run from north to south and columns from west to east."
    ),
    "off_earth": gettext_lazy("The grid reaches beyond the Earth; are its units really degrees?"),
    "not_numeric": gettext_lazy("The cells do not hold whole or floating-point numbers."),
    "scaled": gettext_lazy("The file asks for a scale or an offset; write the real numbers."),
    "masked": gettext_lazy("The file has a mask band; write a nodata value instead."),
}


def layer_import(
    *,
    path: Path,
    provider: str,
    year: int,
    kind: Kind = "count",
    licence: str,
    attribution: str,
    band: int | None = None,
    is_demonstration: bool = False,
    actor: ActorLike | None = None,
    progress: Progress = lambda share: None,
) -> tuple[PopulationLayer, bool]:
    """Store a checked copy of an EPSG:4326 GeoTIFF as an inactive layer; return it, and if new.

    ``kind``: "count" is persons in a cell, "density" persons per km². The same file again is the
    same layer. Raises ``InvalidInput`` for a file that cannot serve and for missing words, and
    ``Conflict`` where the same file was imported with other words.
    """
    described = {
        "provider": provider.strip(),
        "year": year,
        "licence": licence.strip(),
        "attribution": attribution.strip(),
        "is_demonstration": is_demonstration,
    }
    _check_words(described, kind)
    source = _open_source(path, kind, band)
    identity = {
        "source_sha256": file_sha256(path),
        "source_band": source.band,
        "kind": source.kind,
    }
    known = PopulationLayer.objects.filter(**identity).first()
    if known is not None:
        return _same_words(known, described), False
    stored = _store(source, progress)
    layer, created = _register(identity | described, source, stored, actor)
    return _same_words(layer, described), created


@transaction.atomic
def layer_activate(*, layer_id: UUID, actor: ActorLike | None = None) -> PopulationLayer:
    """Make one layer the active one and have every incident scored by it.

    The active one again changes nothing. Raises ``NotFound``, or ``Conflict`` where the stored copy
    is not there whole.
    """
    # All are locked, so that of two activations at once the second sees what the first did; but not
    # their keys, which rows being scored refer to.
    layers = {layer.id: layer for layer in PopulationLayer.objects.select_for_update(no_key=True)}
    layer = layers.get(layer_id)
    if layer is None:
        raise NotFound(_("There is no such population layer."))
    if layer.is_active:
        return layer
    _demand_whole(layer)
    before = [str(other.id) for other in layers.values() if other.is_active]
    PopulationLayer.objects.filter(is_active=True).update(is_active=False)
    layer.is_active, layer.is_beside, layer.activated_at = True, False, timezone.now()
    layer.save(update_fields=["is_active", "is_beside", "activated_at"])
    data = {"sha256": layer.sha256, "before": before}
    _record("layer.activated", layer, actor, data)
    event_emit(
        kind="layer.activated",
        object_type="population_layer",
        object_id=layer.id,
        payload={"sha256": layer.sha256},
    )
    return layer


@transaction.atomic
def layer_put_beside(
    *, layer_id: UUID, beside: bool = True, actor: ActorLike | None = None
) -> PopulationLayer:
    """Have every incident scored by a layer beside the active one as well, or no longer.

    What it was scored by stays queryable. Raises ``NotFound``, or ``Conflict`` for the active layer
    and where the stored copy is not there whole.
    """
    layer = PopulationLayer.objects.select_for_update(no_key=True).filter(id=layer_id).first()
    if layer is None:
        raise NotFound(_("There is no such population layer."))
    if layer.is_active:
        raise Conflict(_("This layer is the active one; it cannot stand beside itself."))
    if layer.is_beside == beside:
        return layer
    if beside:
        _demand_whole(layer)
    layer.is_beside = beside
    layer.save(update_fields=["is_beside"])
    kind = "layer.put_beside" if beside else "layer.taken_away"
    facts = {"sha256": layer.sha256}
    _record(kind, layer, actor, facts)
    event_emit(kind=kind, object_type="population_layer", object_id=layer.id, payload=facts)
    return layer


def _demand_whole(layer: PopulationLayer) -> None:
    try:
        layer_open(layer)
        groups_open(layer)
    except (OSError, LayerDamaged) as exc:
        raise Conflict(_("The stored copy of this layer is missing or damaged.")) from exc


def _check_words(described: dict[str, Any], kind: str) -> None:
    errors = [
        FieldError(name, _("This is needed: it is shown wherever the figures are."), "required")
        for name in ("provider", "licence", "attribution")
        if not described[name]
    ]
    errors += [
        FieldError(name, _("At most 200 characters."), "too_long")
        for name in ("provider", "licence")
        if len(described[name]) > 200
    ]
    if not 1900 <= described["year"] <= datetime.now(UTC).year + 100:
        errors.append(FieldError("year", _("The year that the population is of."), "year"))
    if kind not in KINDS:
        errors.append(FieldError("kind", _("Either count or density."), "kind"))
    if errors:
        raise InvalidInput(errors=errors)


def _open_source(path: Path, kind: Kind, band: int | None) -> Layer:
    if not path.is_file():
        raise _refused("missing", _("There is no such file: %(path)s") % {"path": path})
    try:
        return open_layer(path, kind, band=band)
    except GridError as exc:
        raise _refused(exc.code, _REFUSALS[exc.code]) from exc


def _store(source: Layer, progress: Progress) -> StoredLayer:
    try:
        return store_copy(source, progress)
    except RasterioError as exc:
        raise _refused("damaged", _("The file ends early or is damaged.")) from exc
    except NobodyThere as exc:
        raise _refused("nobody", _("Nobody lives in this grid; is it the right band?")) from exc


def _refused(code: str, message: Any) -> InvalidInput:
    return InvalidInput(message, errors=[FieldError("file", message, code)])


def _same_words(known: PopulationLayer, described: dict[str, Any]) -> PopulationLayer:
    other = [name for name, value in described.items() if getattr(known, name) != value]
    if other:
        raise Conflict(
            _("This file was imported before, as %(layer)s, with another %(names)s.")
            % {"layer": known, "names": ", ".join(other)}
        )
    return known


@transaction.atomic
def _register(
    fields: dict[str, Any], source: Layer, stored: StoredLayer, actor: ActorLike | None
) -> tuple[PopulationLayer, bool]:
    west, south, east, north = source.bounds
    layer, created = PopulationLayer.objects.get_or_create(
        sha256=stored.sha256,
        defaults=fields
        | {
            "file_name": stored.file_name,
            "resolution_arcsec": source.cell_height * 3600,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "nodata": source.nodata,
            "total": stored.total,
            "source_total": stored.source_total,
        },
    )
    if created:
        facts = {"sha256": layer.sha256, "source_sha256": layer.source_sha256}
        _record("layer.imported", layer, actor, facts | {"total": layer.total})
    return layer, created


def _record(
    action: str, layer: PopulationLayer, actor: ActorLike | None, data: dict[str, Any]
) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="population_layer",
        object_id=layer.id,
        object_label=str(layer)[:200],
        data=data,
    )
