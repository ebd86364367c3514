"""Row history: triggers keep what a row was before each change, whatever made the change.

A row as it was first written is the first that history holds of it, or the row as it stands: so an
INSERT costs nothing. Who made a change, and why, is said by the audit entries of its transaction.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
import pghistory.models
from django.db import models
from django.db.models import Func

from ledger.triggers import append_only

_Model = TypeVar("_Model", bound=type[models.Model])


class RowHistory(pghistory.models.Event):
    """What one row was until ``pgh_created_at``; ``pgh_label`` tells ``changed`` or ``deleted``."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_transaction = models.BigIntegerField(
        db_default=Func(
            template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField()
        ),
        help_text="as in the audit entries of the same change",
    )
    pgh_login = models.TextField(
        db_default=Func(template="SESSION_USER", output_field=models.TextField()),
        help_text="of the database, whatever role it had stepped down to",
    )

    WRITTEN_BY_TRIGGERS = True

    class Meta:
        abstract = True


def keeps_history(
    *, fields: Sequence[str] | None = None, redactable: Sequence[str] = ()
) -> Callable[[_Model], _Model]:
    """Return a class decorator: old rows of a model are kept, as ``row.history``.

    ``fields`` are those to keep (all, unless named): what changes beside them is not recorded.
    ``redactable`` are those that a redaction may blank in the old rows.
    """

    def decorate(model: _Model) -> _Model:
        track: Any = pghistory.track(
            pghistory.UpdateEvent("changed", row=pghistory.Old, trigger_name="history_update"),
            pghistory.DeleteEvent("deleted", trigger_name="history_delete"),
            fields=None if fields is None else [*fields],
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            context_field=None,  # type: ignore[arg-type] # as its documentation has it
            base_model=RowHistory,
            model_name=f"{model.__name__}History",
            meta={"triggers": append_only(once=(), redactable=redactable)},
            attrs={"REDACTABLE_COLUMNS": tuple(redactable)},
        )
        return track(model)

    return decorate


def history_of(model: type[models.Model]) -> "models.QuerySet[Any]":
    """Return the history of a model that ``keeps_history``, for selectors."""
    history: type[RowHistory] = model.pgh_event_model  # type: ignore[attr-defined]
    return history.objects.all()
