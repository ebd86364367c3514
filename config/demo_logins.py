"""How the people of the demonstration log in: known to everybody, and there alone."""

import base64
import hashlib
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.adapters import SecondFactorAdapter
from accounts.models import Membership, Role
from accounts.second_factor import NEED_ONE


@dataclass(frozen=True, slots=True)
class Login:
    """What one of them types; ``secret`` (base32) makes the codes, None where none are asked."""

    email: str
    role: str
    password: str
    secret: str | None


def demo_login(key: str, member: Membership) -> Login | None:
    """Give a member a password and, where the role needs one, an authenticator app's secret.

    None for a partner's system, which comes by tokens.
    """
    if member.role == Role.PARTNER:
        return None
    password = f"harmwatch demo {key}"
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    secret = _secret(key) if member.role in NEED_ONE else None
    if secret:
        Authenticator.objects.update_or_create(
            user=member.user,
            type=Authenticator.Type.TOTP,
            defaults={"data": {"secret": SecondFactorAdapter().encrypt(secret)}},
        )
    return Login(member.user.email, member.role, password, secret)


def _secret(key: str) -> str:
    return base64.b32encode(hashlib.sha256(f"harmwatch demo {key}".encode()).digest()[:20]).decode()
