from django.conf import settings
from django.db import models
from django.db.models import Q

from simulator.fields import OrderedJSONField

from ..domain.vocabulary import CHANGES, SUBJECTS, VOICES
from ..domain.workflow import STATES
from .revisions import Origin
from .terms import choices


class ProposalQuerySet(models.QuerySet):
    def awaiting_review(self):
        return self.filter(status="open")

    def unfinished(self):
        """What may still be published: waiting for a curator, or for its author."""
        return self.filter(status__in=["open", "changes_requested"])

    def by(self, person):
        return self.filter(author=person)

    def waiting_for(self, person, *, may_review: bool):
        """What its author has to change, and what a curator may decide about."""
        returned = Q(status="changes_requested", author=person)
        reviewable = Q(status="open") & ~Q(author=person, change="meaning")
        return self.filter(returned | reviewable if may_review else returned)

    def listed(self):
        """For lists: everything but what they say."""
        return self.defer("snapshot").select_related("author", "review_set")

    def about(self, subject, target):
        return self.filter(subject=subject, target=target)


class Proposal(models.Model):
    """A snapshot that waits for review, with the number of the revision that its author saw (0: none)."""

    subject = models.CharField(max_length=8, choices=choices(SUBJECTS))
    # The uid of a term, the slug of a scenario or sample log.
    target = models.CharField(max_length=100, db_index=True)
    base_revision = models.PositiveIntegerField()
    snapshot = OrderedJSONField()
    # What lists tell of it and choose by, taken from the snapshot by `told_of`, so that a list loads none.
    label = models.CharField(max_length=120)
    voice = models.CharField(max_length=8, choices=choices(VOICES), blank=True)
    category = models.CharField(max_length=100, blank=True)
    change = models.CharField(max_length=7, choices=choices(CHANGES), default="meaning")
    # Why it should change, in its author's words.
    note = models.TextField(blank=True)
    # That the voice which was left as it is still says the same as the one that changed.
    confirms_other_voice = models.BooleanField(default=False)
    origin = models.CharField(max_length=7, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    status = models.CharField(max_length=17, choices=choices(STATES), default="open", db_index=True)
    review_set = models.ForeignKey(
        "ReviewSet", null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    created_at = models.DateTimeField(db_index=True)
    updated_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why a curator decided so; what must change before it can be approved.
    reason = models.TextField(blank=True)
    published_revision = models.PositiveIntegerField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        # A queue counts and orders without reading rows, of which each drags its snapshot along.
        indexes = [models.Index(fields=["status", "id"], name="proposal_queue")]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATES), name="proposal_status_known"),
            models.CheckConstraint(condition=models.Q(change__in=CHANGES), name="proposal_change_known"),
            models.CheckConstraint(condition=models.Q(subject__in=SUBJECTS), name="proposal_subject_known"),
            models.CheckConstraint(
                condition=models.Q(status="published", published_revision__gte=1)
                | (~models.Q(status="published") & models.Q(published_revision=None)),
                name="proposal_published_as_a_revision",
            ),
        ]

    def __str__(self):
        return f"proposal {self.pk} for {self.subject} {self.target}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in ("open", "changes_requested")


def told_of(snapshot: dict) -> dict[str, str]:
    """The values of a proposal's columns that repeat its snapshot; scenarios and logs have no voice and category."""
    return {
        "label": snapshot.get("label") or snapshot["title"],
        "voice": snapshot.get("voice", ""),
        "category": snapshot.get("category", ""),
    }


class ReviewSetQuerySet(models.QuerySet):
    def unfinished(self):
        """With something in them that may still be published."""
        return self.filter(models.Exists(Proposal.objects.unfinished().filter(review_set=models.OuterRef("pk"))))


class ReviewSet(models.Model):
    """Proposals that came in one import and are reviewed together, in one table."""

    title = models.CharField(max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="review_sets"
    )
    created_at = models.DateTimeField()

    objects = ReviewSetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.title


class Draft(models.Model):
    """What a person has typed into a form and not proposed yet, exactly as typed.

    `target` is a term's uid, a scenario's or log's slug, or "" for something new. `fields` are the form's own:
    a list of [name, value] pairs in order.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    subject = models.CharField(max_length=8, choices=choices(SUBJECTS))
    target = models.CharField(max_length=100, blank=True)
    base_revision = models.PositiveIntegerField()
    fields = OrderedJSONField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["author", "subject", "target"], name="draft_one_per_person_and_target")
        ]

    def __str__(self):
        return f"draft of {self.author} for {self.subject} {self.target}"


class TermRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status="open")

    def in_voice(self, voice):
        return self.filter(voice=voice)


class TermRequest(models.Model):
    """A wish: a word that somebody looked for and did not find."""

    STATES = ("open", "done", "declined")

    label = models.CharField(max_length=100)
    voice = models.CharField(max_length=8, choices=choices(VOICES))
    # Where they met it, and what they think it means.
    note = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=choices(STATES), default="open")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="term_requests"
    )
    created_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # The term that answers it, where one does.
    term = models.ForeignKey("Term", null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")

    objects = TermRequestQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self):
        return self.label
