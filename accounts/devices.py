"""Credentials of phones: issued, revoked, and told apart at the door."""

import base64
import binascii
import hmac
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import DeviceCredential, Membership, Role
from accounts.permissions import PERMISSIONS, Action
from accounts.services import LAST_USED_STEP, demand_own_or_manager
from accounts.tokens import new_secret, secret_hash
from core.errors import FieldError, InvalidInput
from ledger.services import audit_record

# All that a phone may ever do, whatever its member may.
DEVICE_SCOPES = frozenset({Action.REPORT_SUBMIT})


@transaction.atomic
def device_issue(
    *, actor: Actor | None, membership: Membership, label: str
) -> tuple[DeviceCredential, str]:
    """Return a new credential and its secret, which is shown this once.

    Raises ``NotAllowed``, and ``InvalidInput`` for a member who submits no reports.
    """
    demand_own_or_manager(actor, membership)
    if Action.REPORT_SUBMIT not in PERMISSIONS[Role(membership.role)]:
        message = _("This role submits no reports.")
        raise InvalidInput(errors=[FieldError("role", message, "role")])
    secret = new_secret()
    device = DeviceCredential.objects.create(
        membership=membership,
        label=label,
        username=f"phone-{secrets.token_hex(4)}",
        secret_hash=secret_hash(secret),
    )
    _audit(actor, "device.issued", device)
    return device, secret


@transaction.atomic
def device_revoke(*, actor: Actor | None, device_id: UUID, reason: str = "") -> None:
    """End a credential's use, at once and for good. Raises ``NotAllowed``."""
    devices = DeviceCredential.objects.select_for_update(of=("self",)).select_related("membership")
    device = devices.get(id=device_id)
    demand_own_or_manager(actor, device.membership)
    if device.revoked_at:
        return
    device.revoked_at = timezone.now()
    device.save(update_fields=["revoked_at"])
    _audit(actor, "device.revoked", device, reason)


def device_touch(*, device: DeviceCredential) -> None:
    """Note that a phone was here, to the minute."""
    now = timezone.now()
    if device.last_used_at is None or now - device.last_used_at > LAST_USED_STEP:
        DeviceCredential.objects.filter(id=device.id).update(last_used_at=now)


def device_by_basic(header: str) -> DeviceCredential | None:
    """Return the usable credential of an ``Authorization: Basic`` header, or None."""
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        login = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    username, _colon, secret = login.partition(":")
    device = device_by_secret(secret)
    if device is None or not hmac.compare_digest(device.username.encode(), username.encode()):
        return None
    return device


def device_by_secret(secret: str) -> DeviceCredential | None:
    """Return the usable credential of a secret: not revoked, its member and account not closed."""
    devices = DeviceCredential.objects.select_related(
        "membership__user", "membership__organisation"
    )
    return devices.filter(
        secret_hash=secret_hash(secret),
        revoked_at__isnull=True,
        membership__ended_at__isnull=True,
        membership__user__is_active=True,
    ).first()


def actor_of_device(device: DeviceCredential) -> Actor:
    """Return the member a phone submits for, narrowed to submitting."""
    return actor_of(device.membership, DEVICE_SCOPES)


def _audit(actor: Actor | None, action: str, device: DeviceCredential, reason: str = "") -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="device_credential",
        object_id=device.id,
        object_label=str(device),
        reason=reason,
        data={"membership": str(device.membership_id)},
    )
