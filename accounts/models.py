"""Users, organisations, memberships and API tokens."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from ledger.history import keeps_history


class Role(models.TextChoices):
    """What a member does for an organisation. ``public`` is who has no account."""

    SUBMITTER = "submitter", _("submitter")
    MONITOR = "monitor", _("monitor")
    LEAD_MONITOR = "lead_monitor", _("lead monitor")
    ADMINISTRATOR = "administrator", _("administrator")
    PARTNER = "partner", _("partner")


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """Return a new user; without a password it can only use tokens."""
        user = self.model(email=email.lower(), name=name)  # logins are compared in lower case
        user.set_password(password)
        user.save(using=self._db)
        return user


@keeps_history(fields=["email", "name", "is_active", "created_at"])
class User(AbstractBaseUser):
    """A person or a partner's system."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Return how the ledger calls them when they act for no organisation: they log in."""
        return self.name


@keeps_history()
class Organisation(models.Model):
    """An NGO, a monitoring group or a partner."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=150, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


@keeps_history()
class Membership(models.Model):
    """One user's role in one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="membership_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.organisation})"


@keeps_history(fields=["membership", "name", "scopes", "created_at", "expires_at", "revoked_at"])
class ApiToken(models.Model):
    """A secret that lets a program act as a member. Only its hash is stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, help_text="the secret's first characters, to tell it")
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


@keeps_history(fields=["membership", "label", "created_at", "revoked_at"])
class DeviceCredential(models.Model):
    """What lets a phone submit for a member, and do nothing else. Only the secret's hash is stored.

    A lost phone costs one credential, never an account's password.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="devices")
    label = models.CharField(max_length=100, help_text="which phone, for people")
    username = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.username} {self.label}"
