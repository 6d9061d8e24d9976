from django.conf import settings
from django.db import models

from simulator.fields import OrderedJSONField

from ..domain.vocabulary import CHANGES
from .terms import choices


class Origin(models.TextChoices):
    """Where a published text came from: a content file, or a person on the site."""

    CONTENT = "content"
    PERSON = "person"


class RevisionQuerySet(models.QuerySet):
    def until(self, day):
        """Those that were published by the end of a day, the newest first."""
        return self.filter(published_at__date__lte=day).order_by("-number")


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
    # That its author holds the voice left as it was to still say the same as the one that changed.
    confirms_other_voice = models.BooleanField(default=False)
    proposal = models.OneToOneField(
        "Proposal", null=True, blank=True, on_delete=models.SET_NULL, related_name="revision"
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["term", "number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="revision_number_unique_per_term"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_numbers_start_at_1"),
            models.CheckConstraint(condition=models.Q(change__in=CHANGES), name="revision_change_known"),
        ]

    def __str__(self):
        return f"{self.term} v{self.number}"
