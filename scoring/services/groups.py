"""Sex and age groups of a population layer: rasters on its own grid, which add up to it."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from rasterio.errors import RasterioError

from core.errors import Conflict, FieldError, InvalidInput
from incidents.vocab import AgeGroup, Sex
from ledger.services import ActorLike, audit_record
from scoring.engine.grids import GridError, Layer, open_layer
from scoring.engine.vague import same_cells
from scoring.models import PopulationGroup, PopulationLayer
from scoring.services.layer_files import Progress, file_sha256, layer_open, store_copy


class GroupSource(NamedTuple):
    """Where a group's people are: a file, and its band where there are several."""

    path: Path
    band: int | None = None


def groups_import(
    *,
    layer: PopulationLayer,
    sources: Mapping[tuple[Sex, AgeGroup], GroupSource],
    actor: ActorLike | None = None,
    progress: Progress = lambda share: None,
) -> None:
    """Give a layer its sex and age groups, once.

    Groups must be on the layer's grid and in its kind of number. Those that do not add up to it are
    taken, since providers round each by itself; ``groups_add_up`` tells, wherever the layer is
    shown. Raises
    ``InvalidInput`` for files that cannot serve, ``Conflict`` where the layer has groups.
    """
    _check(sources)
    whole = layer_open(layer)
    opened = {key: _open(whole, key, source) for key, source in sources.items()}
    rows = []
    for done, (key, grid) in enumerate(opened.items()):
        progress(done / len(opened))
        try:
            stored = store_copy(grid, lambda share: None)
        except (RasterioError, ValueError) as exc:  # damaged, or nobody in it
            raise _refused(key, _("The file is damaged, or nobody is in it.")) from exc
        rows.append(
            PopulationGroup(
                layer=layer,
                sex=key[0],
                age_group=key[1],
                sha256=stored.sha256,
                file_name=stored.file_name,
                source_sha256=file_sha256(grid.path),
                source_band=grid.band,
                total=stored.total,
            )
        )
    _register(layer, rows, actor)


def _check(sources: Mapping[tuple[Sex, AgeGroup], GroupSource]) -> None:
    """Refuse groups that would count somebody twice, such as all children and girls."""
    sexes, ages = {sex for sex, _age in sources}, {age for _sex, age in sources}
    for name, any_value, found in (("sex", Sex.ANY, sexes), ("age_group", AgeGroup.ANY, ages)):
        if any_value in found and len(found) > 1:
            message = _("Groups must not overlap: “any” stands beside a part of it.")
            raise InvalidInput(errors=[FieldError(name, message, "overlap")])
    if len(sources) < 2:
        message = _("One group is the whole; at least two are needed.")
        raise InvalidInput(errors=[FieldError("group", message, "too_few")])


def _open(whole: Layer, key: tuple[Sex, AgeGroup], source: GroupSource) -> Layer:
    if not source.path.is_file():
        raise _refused(key, _("There is no such file: %(path)s") % {"path": source.path})
    try:
        grid = open_layer(source.path, whole.kind, band=source.band)
    except GridError as exc:
        raise _refused(key, str(exc)) from exc
    if not same_cells(whole, grid):
        raise _refused(key, _("It is not on the grid of the layer."))
    return grid


def _refused(key: tuple[Sex, AgeGroup], message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(f"group {key[0]}:{key[1]}", message, "group")])


@transaction.atomic
def _register(layer: PopulationLayer, rows: list[PopulationGroup], actor: ActorLike | None) -> None:
    locked = PopulationLayer.objects.select_for_update(no_key=True).get(id=layer.id)
    if locked.groups.exists():
        raise Conflict(_("This layer has its groups already."))
    if locked.is_active or locked.is_beside:
        raise Conflict(_("Incidents are scored by this layer; groups come before it is in use."))
    PopulationGroup.objects.bulk_create(rows)
    total = math.fsum(row.total for row in rows)
    layer.groups_total = total
    layer.save(update_fields=["groups_total"])
    audit_record(
        actor=actor,
        action="layer.groups_imported",
        object_type="population_layer",
        object_id=layer.id,
        object_label=str(layer)[:200],
        data={
            "groups": {row.label: row.sha256 for row in rows},
            "total": layer.total,
            "groups_total": total,
            "add_up": layer.groups_add_up,
        },
    )
