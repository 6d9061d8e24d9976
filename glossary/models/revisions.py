from django.conf import settings
from django.db import models

from simulator.fields import OrderedJSONField

from ..domain.vocabulary import CHANGES
from .terms import choices


class Origin(models.TextChoices):
    """Where a published text came from: a content file, or a person on the site."""

    CONTENT = "content"
    PERSON = "person"


class Revision(models.Model):
    """An immutable snapshot of everything a term says, numbered 1, 2, 3 … without gaps.

    A database trigger refuses any change of term, number or snapshot.
    """

    term = models.ForeignKey("Term", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    snapshot = OrderedJSONField()
    html = models.JSONField()
    change = models.CharField(max_length=7, choices=choices(CHANGES))
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=7, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="revisions"
    )
    published_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["term", "number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="revision_number_unique_per_term"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_numbers_start_at_1"),
            models.CheckConstraint(condition=models.Q(change__in=CHANGES), name="revision_change_known"),
        ]

    def __str__(self):
        return f"{self.term} v{self.number}"


class ProposalQuerySet(models.QuerySet):
    def awaiting_review(self):
        return self.filter(status=Proposal.Status.OPEN)


class Proposal(models.Model):
    """A snapshot that waits for review, with the number of the revision that its author saw (0: none)."""

    class Subject(models.TextChoices):
        TERM = "term"
        SCENARIO = "scenario"
        LOG = "log"

    class Status(models.TextChoices):
        OPEN = "open"
        PUBLISHED = "published"
        REJECTED = "rejected"

    subject = models.CharField(max_length=8, choices=Subject)
    # The uid of a term, the slug of a scenario or sample log.
    target = models.CharField(max_length=100, db_index=True)
    base_revision = models.PositiveIntegerField()
    snapshot = OrderedJSONField()
    origin = models.CharField(max_length=7, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self):
        return f"proposal {self.pk} for {self.subject} {self.target}"
