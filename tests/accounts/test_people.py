"""Administrators say who belongs where: with a reason, in the ledger, never the last of them."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import actor_of
from accounts.devices import device_by_secret, device_issue
from accounts.members import (
    link_issue,
    member_role_change,
    membership_end,
    organisation_add,
    second_factors_remove,
    user_activity_set,
)
from accounts.models import Organisation, Role
from accounts.selectors import members_visible_to, organisations_visible_to
from accounts.services import token_issue
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from ledger.models import AuditEntry
from tests.factories import make_actor, make_member
from tests.monitor.signing_in import signed_in

pytestmark = pytest.mark.django_db
WHY = "They asked for it."
NEW = "another long sentence"


@pytest.fixture
def administrator():
    return make_actor(Role.ADMINISTRATOR)


def deeds(member):
    """Return every deed, as a function of who does it and why."""
    whom = {"user_id": member.user_id}
    one = {"membership_id": member.id}
    return [
        lambda **by: member_role_change(**one, role=Role.MONITOR, **by),
        lambda **by: membership_end(**one, **by),
        lambda **by: user_activity_set(**whom, active=False, **by),
        lambda **by: second_factors_remove(**whom, **by),
        lambda **by: link_issue(**whom, **by),
    ]


def test_each_deed_is_an_administrators_and_has_a_reason(administrator):
    member = make_member()
    for deed in deeds(member):
        for role in set(Role) - {Role.ADMINISTRATOR}:
            with pytest.raises(NotAllowed):
                deed(actor=make_actor(role), reason=WHY)
        with pytest.raises(InvalidInput):
            deed(actor=administrator, reason="  ")
    with pytest.raises(NotAllowed):
        organisation_add(actor=make_actor(Role.LEAD_MONITOR), name="Mine")
    member.refresh_from_db()
    assert (member.role, member.ended_at, member.user.is_active) == ("submitter", None, True)


def test_each_deed_is_in_the_ledger_with_who_and_why(administrator):
    member = make_member()
    for deed in reversed(deeds(member)):
        deed(actor=administrator, reason=WHY)
        entry = AuditEntry.objects.latest("id")
        assert (entry.actor_id, entry.reason) == (administrator.id, WHY)
        if entry.action == "member.ended":
            break
        if entry.action == "user.deactivated":
            user_activity_set(actor=administrator, user_id=member.user_id, active=True, reason=WHY)


def test_what_ended_is_not_found_again(administrator):
    member = make_member()
    membership_end(actor=administrator, membership_id=member.id, reason=WHY)
    with pytest.raises(NotFound):
        membership_end(actor=administrator, membership_id=member.id, reason=WHY)


def test_the_last_administrator_stays():
    member = make_member(Role.ADMINISTRATOR)
    gone, left = make_member(Role.ADMINISTRATOR), make_member(Role.ADMINISTRATOR)
    gone.user.is_active = False
    gone.user.save()
    left.ended_at = timezone.now()
    left.save()
    by = {"actor": actor_of(member), "reason": WHY}
    with pytest.raises(Conflict):
        member_role_change(membership_id=member.id, role=Role.MONITOR, **by)
    with pytest.raises(Conflict):
        membership_end(membership_id=member.id, **by)
    with pytest.raises(Conflict):
        user_activity_set(user_id=member.user_id, active=False, **by)
    make_member(Role.ADMINISTRATOR)
    membership_end(membership_id=member.id, **by)


def test_who_leaves_takes_sessions_tokens_and_phones_along(administrator):
    member = make_member()
    client = signed_in(member)
    _, phone = device_issue(actor=None, membership=member, label="x")
    _, secret = token_issue(actor=None, membership=member, name="x")
    membership_end(actor=administrator, membership_id=member.id, reason=WHY)
    assert client.get("/account/").status_code == 302
    assert device_by_secret(phone) is None
    answer = Client().get("/api/v1/reports/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 401


def test_a_link_sets_a_password_once(administrator):
    member = make_member()
    path = link_issue(actor=administrator, user_id=member.user_id, reason=WHY)
    for expected in (True, False):
        client = Client()
        answer = client.get(path, follow=True)
        where = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        client.post(where, {"password1": NEW, "password2": NEW})
        assert bool(answer.redirect_chain) is expected
    client = Client()
    answer = client.post("/account/login/", {"login": member.user.email, "password": NEW})
    assert answer["Location"] == "/submit/"
    assert path.split("/")[-2] not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234"])
def test_weak_passwords_are_refused(administrator, password):
    member = make_member()
    client = Client()
    path = link_issue(actor=administrator, user_id=member.user_id, reason=WHY)
    where = client.get(path, follow=True).redirect_chain[-1][0]
    answer = client.post(where, {"password1": password, "password2": password})
    assert answer.status_code == 200
    member.user.refresh_from_db()
    assert not member.user.has_usable_password()


def test_an_administrator_issues_no_token_of_somebody_who_reads_the_record(administrator):
    for role in (Role.SUBMITTER, Role.MONITOR, Role.LEAD_MONITOR):
        with pytest.raises(NotAllowed):
            token_issue(actor=administrator, membership=make_member(role), name="x")
    token_issue(actor=administrator, membership=make_member(Role.PARTNER), name="x")


def test_members_issue_their_own():
    member = make_member(Role.MONITOR)
    token, _ = token_issue(actor=actor_of(member), membership=member, name="x")
    assert AuditEntry.objects.get(object_id=token.id).actor_id == member.user_id


def test_nobody_else_sees_who_belongs_where():
    make_member()
    for role in set(Role) - {Role.ADMINISTRATOR}:
        actor = make_actor(role)
        assert not members_visible_to(actor).exists()
        assert not organisations_visible_to(actor).exists()


def test_two_organisations_have_two_names(administrator):
    made = organisation_add(actor=administrator, name="Some NGO")
    with pytest.raises(Conflict):
        organisation_add(actor=administrator, name="Some NGO")
    assert Organisation.objects.get(name="Some NGO") == made
