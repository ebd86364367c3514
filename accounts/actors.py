"""Who acts: one member of one organisation, through one token or a session."""

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of a service or selector.

    ``scopes`` narrows what the role may do; None leaves the role whole. It stands as
    ``request.user``, hence ``is_authenticated``.
    """

    id: UUID
    label: str
    organisation_id: UUID
    role: Role
    scopes: Set[str] | None = None

    @property
    def is_authenticated(self) -> bool:
        """Always: an actor is somebody."""
        return True


def actor_of(membership: Membership, scopes: Set[str] | None = None) -> Actor:
    """Return the actor that a membership stands for."""
    return Actor(
        id=membership.user_id,
        label=f"{membership.user.name} ({membership.organisation.name})",
        organisation_id=membership.organisation_id,
        role=Role(membership.role),
        scopes=scopes,
    )
