from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..domain.addresses import LONGEST


class Webhook(models.Model):
    """Where another program listens: it is told of every publication, signed with a secret that it knows."""

    address = models.CharField(max_length=LONGEST)
    label = models.CharField(max_length=80)
    # In clear, as it signs; nothing but the answer to making it shows it.
    secret = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["label", "pk"]

    def __str__(self):
        return self.label


class Delivery(models.Model):
    """A message to one listener, as it was first sent and is sent again."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    # By which the listener drops what comes twice.
    uid = models.UUIDField(default=uuid4, unique=True)
    event = models.CharField(max_length=40)
    body = models.TextField()
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField()
    # When it is tried next, while it waits.
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status="waiting") | Q(next_at=None), name="only_what_waits_is_due")
        ]

    def __str__(self):
        return f"{self.event} to {self.webhook}"

    @property
    def message_id(self) -> str:
        return f"msg_{self.uid.hex}"


class Attempt(models.Model):
    """One try to deliver a message, and what came of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    # None where nobody answered.
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    # The beginning of the answer, or why there is none.
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.code or 'no answer'} at {self.at}"
