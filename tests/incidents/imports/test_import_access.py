"""Who may send files, and who may see what became of them."""

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Organisation, Role
from core.errors import NotAllowed, NotFound
from incidents.intake.runs import rejected_write
from incidents.models import ImportRun
from tests.factories import make_actor, make_member
from tests.incidents.imports.files import NOBODYS, URL, Sender, carry_out, start, table


@pytest.fixture
def alice(db):
    return make_member()


@pytest.fixture
def run(alice):
    Sender(alice).send(table({"latitude": "95"}))
    return carry_out(ImportRun.objects.get())


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.MONITOR, Role.LEAD_MONITOR])
def test_submitters_and_monitors_may_send_files(db, role):
    assert Sender(make_member(role)).send(table({})).status_code == 202


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER])
def test_others_may_not(db, role):
    sender = Sender(make_member(role))
    assert sender.send(table({})).status_code == 403
    for path in ("", "template/", "codebook/", f"{NOBODYS}/", f"{NOBODYS}/rejected/"):
        assert sender.get(path).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_token_without_the_scope_may_not(alice):
    assert Sender(alice, scopes=["report.submit"]).send(table({})).status_code == 403
    assert Sender(alice, scopes=["report.import"]).send(table({})).status_code == 202


def test_without_a_token_nothing_is_told(client, run):
    for path in ("", "template/", "codebook/", f"{run.id}/", f"{run.id}/rejected/"):
        assert client.get(URL + path).status_code == 401
    assert client.post(URL).status_code == 401


def test_a_colleague_sees_it(run):
    home = Organisation.objects.get(id=run.organisation_id)
    colleague = Sender(make_member(organisation=home))
    assert colleague.get(f"{run.id}/").status_code == 200
    answer = colleague.get(f"{run.id}/rejected/")
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.MONITOR, Role.LEAD_MONITOR])
def test_another_organisation_sees_nothing_of_it(run, role):
    charlie = Sender(make_member(role))
    assert charlie.get(f"{run.id}/").status_code == 404
    assert charlie.get(f"{run.id}/rejected/").status_code == 404
    assert charlie.get().json()["results"] == []
    assert Membership.objects.count() == 2


def test_services_ask_too(run, alice, tmp_path):
    narrowed = actor_of(alice, frozenset({"report.submit"}))
    for actor in (narrowed, make_actor(Role.PARTNER)):
        with pytest.raises(NotAllowed):
            start(actor, table({}))
        with pytest.raises(NotAllowed):
            rejected_write(run, tmp_path / "rejected", actor=actor)
    with pytest.raises(NotFound):
        rejected_write(run, tmp_path / "rejected", actor=make_actor(Role.MONITOR))
    assert not (tmp_path / "rejected").exists()
    assert ImportRun.objects.count() == 1
