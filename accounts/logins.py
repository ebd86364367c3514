"""Who logs in, by what: told to the ledger, without addresses, networks or anything typed."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from ledger.services import audit_record

# The object of a failed login with an address that nobody has.
NOBODY = UUID(int=0)


@transaction.atomic
def login_record(*, user: User) -> None:
    """Record that a person logged in."""
    _record(user, "login", user)


@transaction.atomic
def login_failed_record(*, address: str) -> None:
    """Record a wrong password. An unknown address costs the same time, and is not kept."""
    user = User.objects.filter(email__iexact=address).first()
    audit_record(
        actor=None,
        action="login.failed",
        object_type="user",
        object_id=user.id if user else NOBODY,
        object_label=user.name if user else "",
    )


@transaction.atomic
def second_factor_failed_record(*, user: User) -> None:
    """Record that somebody who knew the password had no second factor."""
    _record(None, "second_factor.failed", user)


@transaction.atomic
def password_set(*, user: User, password: str) -> None:
    """Set a person's password, which ends their other sessions."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _record(user, "password.changed", user)


@transaction.atomic
def second_factor_record(*, user: User, change: str, kind: str) -> None:
    """Record a ``change`` (added, removed, made) of a factor, in the caller's transaction."""
    _record(user, f"second_factor.{change}", user, {"kind": kind})


def sessions_end(*, user: User, keep: str | None = None) -> None:
    """End a person's sessions, all but the one with the key ``keep``."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        session.end()


def _record(
    actor: User | None, action: str, user: User, data: dict[str, str] | None = None
) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="user",
        object_id=user.id,
        object_label=user.name,
        data=data,
    )
