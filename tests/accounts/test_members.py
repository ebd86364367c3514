"""Who belongs to which organisation, and who may say so."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor, actor_of
from accounts.members import member_add
from accounts.models import Membership, Organisation, Role, User
from accounts.selectors import actor_by_email
from accounts.services import token_issue, token_revoke
from core.errors import Conflict, NotAllowed
from ledger.models import AuditEntry

MakeMember = Callable[..., Membership]


@pytest.fixture
def administrator(make_member: MakeMember) -> Actor:
    return actor_of(make_member(Role.ADMINISTRATOR, "root@ngo.example"))


def test_a_new_member_is_recorded_with_who_added_them(
    make_member: MakeMember, administrator: Actor
) -> None:
    home = Organisation.objects.get()
    added = member_add(
        actor=administrator,
        email="bob@ngo.example",
        name="Bob",
        organisation=home,
        role=Role.MONITOR,
    )

    entry = AuditEntry.objects.get(object_id=added.id)
    assert (entry.action, entry.actor_label) == ("member.added", "Alice (Some NGO)")
    assert (entry.object_label, entry.data) == ("Bob (monitor, Some NGO)", {"role": "monitor"})


def test_names_of_any_length_fit_into_the_ledger(db: None) -> None:
    home = Organisation.objects.create(name="ن" * 150)
    added = member_add(
        actor=None, email="a@b.example", name="ا" * 150, organisation=home, role=Role.MONITOR
    )
    token_issue(actor=None, membership=added, name="x" * 100)
    assert AuditEntry.objects.count() == 2


def test_one_person_may_belong_to_several_organisations(make_member: MakeMember) -> None:
    first = make_member()
    other = Organisation.objects.create(name="Other NGO")
    second = member_add(
        actor=None, email="ALICE@ngo.example", name="", organisation=other, role=Role.MONITOR
    )
    assert second.user == first.user
    assert User.objects.count() == 1


def test_nobody_is_twice_a_member_of_one_organisation(make_member: MakeMember) -> None:
    member = make_member()
    with pytest.raises(Conflict, match="member of the organisation already"):
        make_member(Role.MONITOR)

    member.ended_at = timezone.now() - timedelta(days=1)
    member.save()
    assert make_member(Role.MONITOR).role == "monitor", "who left may come back"


def test_the_database_holds_what_the_service_promises(make_member: MakeMember) -> None:
    member = make_member()
    for broken in (
        Membership(user=member.user, organisation=member.organisation, role="monitor"),
        Membership(user=member.user, organisation=member.organisation, role="owner"),
        User(email="ALICE@NGO.example", name="another"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save()


def test_only_an_administrator_manages_accounts(
    make_member: MakeMember, administrator: Actor
) -> None:
    member = make_member()
    token, _ = token_issue(actor=None, membership=member, name="x")
    for role in set(Role) - {Role.ADMINISTRATOR}:
        somebody = Actor(uuid4(), "x", member.organisation_id, role)
        with pytest.raises(NotAllowed):
            member_add(
                actor=somebody, email="x@y.example", name="x", organisation=member.organisation,
                role=Role.MONITOR,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            token_issue(actor=somebody, membership=member, name="x")
        with pytest.raises(NotAllowed):
            token_revoke(actor=somebody, token_id=token.id)
    token_revoke(actor=administrator, token_id=token.id)


def test_a_member_is_found_by_address_in_any_case_while_they_are_one(
    make_member: MakeMember,
) -> None:
    member = make_member()
    found = actor_by_email("Alice@NGO.example")
    assert found is not None
    assert found.id == member.user_id
    assert actor_by_email("nobody@ngo.example") is None

    member.ended_at = timezone.now()
    member.save()
    assert actor_by_email("alice@ngo.example") is None


def test_a_user_without_a_password_cannot_log_in_with_one(make_member: MakeMember) -> None:
    user = make_member().user
    assert not user.has_usable_password()
    assert not user.check_password("")
