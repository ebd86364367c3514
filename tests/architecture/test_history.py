"""What can be changed of the record and of accounts keeps its history, or is excused here."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import models

PUBLIC = "public data, loaded in releases, each load audited"
# Columns of which no history is kept, by table or by column.
WITHOUT = {
    "incidents_boundaryrelease": PUBLIC,
    "incidents_boundaryunit": PUBLIC,
    "incidents_boundarypart": PUBLIC,
    "incidents_importrun": "how far an import is; what it did is audited",
    "incidents_rejectedrow": "kept until its file is mended",
    "incidents_headermapping": "a preference of who imports",
    "incidents_workingcopy": "made by us from the original, and made anew at any time",
    "incidents_assignment": "audited with before and after",
    "incidents_matchsuggestion": "computed anew at any time; what is decided of it is audited",
    "accounts_user.password": "a secret",
    "accounts_user.last_login": "a login, not a change",
    "accounts_apitoken.secret_hash": "a secret",
    "accounts_apitoken.prefix": "part of a secret, never changed",
    "accounts_apitoken.last_used_at": "a use, not a change",
    "accounts_devicecredential.username": "part of a secret, never changed",
    "accounts_devicecredential.secret_hash": "a secret",
    "accounts_devicecredential.last_used_at": "a use, not a change",
}
MODELS = [
    model
    for app in ("incidents", "accounts")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
    if not hasattr(model, "WRITTEN_BY_TRIGGERS") and not model._meta.proxy
]
TRIGGERS = {
    model._meta.concrete_model: {trigger.name: trigger for trigger in model._meta.triggers}
    for model in apps.get_models(include_auto_created=True)
    if getattr(model._meta, "triggers", None)
}


def _changeable(model: type[models.Model]) -> set[str]:
    """Return the columns that the triggers of immutability leave open; blanking leaves no trace."""
    names = {field.name for field in model._meta.concrete_fields if not field.primary_key}
    if "append_only_update" in TRIGGERS.get(model, {}):
        return set()
    guard = TRIGGERS.get(model, {}).get("immutable")
    if isinstance(guard, pgtrigger.ReadOnly):
        return names & set(guard.exclude)
    return set() if guard else names


def _kept(model: type[models.Model]) -> set[str]:
    """Return the columns whose old values history holds."""
    found = getattr(model, "pgh_event_models", {})
    return {field.name for history in found.values() for field in history._meta.fields}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_can_change_keeps_its_history(model):
    table = model._meta.db_table
    if table in WITHOUT:
        return
    open_columns = {name for name in _changeable(model) if f"{table}.{name}" not in WITHOUT}
    assert open_columns <= _kept(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_sealed_is_kept_a_second_time(model):
    assert not {name for name in _kept(model) if "sealed" in name or "secret" in name}
