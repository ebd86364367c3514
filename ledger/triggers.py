"""Database triggers that keep a table append-only, whoever connects.

Listed columns may go once from NULL to a value, by the sealer's role alone; listed content may be
blanked by the redactor's role alone. Everything else is refused: UPDATE, DELETE, TRUNCATE, and
INSERT of a row that is sealed already.
"""

from collections.abc import Sequence

import pgtrigger
from django.conf import settings


def append_only(*, once: Sequence[str], redactable: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """Return the triggers for a model's ``Meta.triggers``.

    ``once``: columns the sealer sets. ``redactable``: columns the redaction service may replace.
    """
    triggers = [
        pgtrigger.Trigger(
            name="append_only_update",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            declare=[("kept", "record")],
            func=_update_guard(once, redactable),
        ),
        pgtrigger.Trigger(
            name="append_only_delete",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=_refuse("DELETE"),
        ),
        pgtrigger.Trigger(
            name="append_only_truncate",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=_refuse("TRUNCATE"),
        ),
    ]
    if once:
        triggers.append(
            pgtrigger.Trigger(
                name="append_only_insert",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    " OR ".join(f"NEW.{column} IS NOT NULL" for column in once)
                ),
                func=_refuse("INSERT of a sealed row"),
            )
        )
    return triggers


def _refuse(what: str) -> str:
    return f"RAISE EXCEPTION '% is append-only: {what} refused', TG_TABLE_NAME;"


def _update_guard(once: Sequence[str], redactable: Sequence[str]) -> str:
    """Undo, in a copy, what this role may change; what then differs from the old row is refused.

    ``*=`` compares the stored bytes, so that no type's idea of equality hides a change.
    """
    branches = ""
    if once:
        untouched = "".join(f" AND (OLD.{c} IS NULL OR NEW.{c} = OLD.{c})" for c in once)
        branches += _branch(settings.SEALER_ROLE, once, untouched)
    if redactable:
        branches += _branch(settings.REDACTOR_ROLE, redactable)
    return branches + _refuse("UPDATE")


def _branch(role: str, columns: Sequence[str], further: str = "") -> str:
    undo = "".join(f" kept.{column} := OLD.{column};" for column in columns)
    return (
        f"IF current_user = '{role}'{further} THEN kept := NEW;{undo}"
        " IF kept *= OLD THEN RETURN NEW; END IF; END IF; "
    )
