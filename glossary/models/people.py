from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from ..domain.vocabulary import ROLES, VOICES
from .terms import choices


class MailFrequency(models.TextChoices):
    """When a person's notices go out by mail."""

    AT_ONCE = "at_once", "at once"
    DAILY = "daily", "once a day"
    NEVER = "never", "never"


class PersonQuerySet(models.QuerySet):
    SEARCHED = ("username", "display_name", "email", "team")

    def matching(self, words: str):
        """People whose name, address or team holds each of these words."""
        found = self
        for word in words.split():
            anywhere = (models.Q(**{f"{field}__icontains": word}) for field in self.SEARCHED)
            found = found.filter(reduce(or_, anywhere))
        return found

    def with_roles(self):
        return self.prefetch_related("groups")

    def in_order(self):
        """Those who may sign in first, by name."""
        return self.order_by("-is_active", "username")


class User(AbstractUser):
    """A person who signs in; our own from the first migration, because it cannot be swapped later.

    A person who was made anonymous keeps the row, so that history keeps its shape, and nothing that names them.
    """

    display_name = models.CharField(max_length=80, blank=True)
    voice = models.CharField(max_length=8, choices=choices(VOICES), blank=True)
    team = models.CharField(max_length=80, blank=True)
    mail_frequency = models.CharField(max_length=8, choices=MailFrequency, default=MailFrequency.AT_ONCE)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()
    people = PersonQuerySet.as_manager()

    class Meta(AbstractUser.Meta):
        verbose_name, verbose_name_plural = "person", "people"

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """What others see."""
        if self.anonymised_at:
            return "a former member"
        return self.display_name or self.get_full_name() or self.username


class InvitationQuerySet(models.QuerySet):
    def open(self, *, at):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)

    def with_people(self):
        return self.select_related("invited_by", "accepted_by")


class Invitation(models.Model):
    """A link that lets one person register; the link's secret is stored as a digest alone."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=8, choices=choices(ROLES[1:]))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"invitation of {self.email or 'anyone with the link'}"

    def is_open(self, *, at) -> bool:
        return self.state(at=at) == "open"

    def state(self, *, at) -> str:
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > at else "expired"


class AccessTokenQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, owner__is_active=True)


class AccessToken(models.Model):
    """Lets a program read, and do what its scopes say, in a person's name; shown once, stored as a digest alone."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    # Names of scopes, in their order, apart by blanks.
    scopes = models.CharField(max_length=100, default="read")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.label

    def allows(self, scope: str) -> bool:
        """Whether it may be used so; its owner must be allowed to as well."""
        return scope in self.scopes.split()
