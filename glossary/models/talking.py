from datetime import timedelta

from django.conf import settings
from django.db import models

from .terms import choices


class CommentQuerySet(models.QuerySet):
    def threads(self):
        """Comments that begin a thread."""
        return self.filter(parent=None)

    def unresolved(self):
        return self.threads().filter(resolved_at=None)


class Comment(models.Model):
    """What somebody says about a term or about a proposal; a thread is one comment with its answers.

    `field` anchors a proposal's comment: the path of a field of its snapshot, such as "definitions/manager".
    """

    term = models.ForeignKey("Term", null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    proposal = models.ForeignKey("Proposal", null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    field = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    text = models.TextField()
    html = models.TextField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentioned_in")
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(term=None) ^ models.Q(proposal=None), name="comment_on_a_term_or_a_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(resolved_at=None), name="comment_threads_are_resolved"
            ),
        ]

    def __str__(self):
        return f"comment {self.pk}"


class Watch(models.Model):
    """That a person wants to hear of changes: of one term, or of all (no term)."""

    EXTENTS = ("every", "meaning")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    term = models.ForeignKey("Term", null=True, blank=True, on_delete=models.CASCADE, related_name="watches")
    extent = models.CharField(max_length=7, choices=choices(EXTENTS), default="every")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "term"], name="watch_once_per_person_and_term"),
            models.UniqueConstraint(fields=["person"], condition=models.Q(term=None), name="watch_all_once_per_person"),
        ]

    def __str__(self):
        return f"{self.person} watches {self.term or 'everything'}"


# What waited longer is not worth a mail any more: it stands on the site.
WORTH_MAILING = timedelta(days=7)
# A mail that takes so long was cut off together with its worker.
MAIL_IS_STUCK_AFTER = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def told(self):
        """With who did it, for showing them."""
        return self.select_related("actor")

    def unread_first(self):
        is_read = models.Case(models.When(read_at=None, then=0), default=1)
        return self.order_by(is_read, "-created_at", "-pk")

    def awaiting_mail(self, *, at):
        """Neither read nor mailed, of the last days, and in nobody's hands."""
        in_hand = models.Q(mailing_since__gt=at - MAIL_IS_STUCK_AFTER)
        return self.filter(read_at=None, mailed_at=None, created_at__gt=at - WORTH_MAILING).exclude(in_hand)


class Notice(models.Model):
    """One thing that happened and that one person should know; shown on the site, and mailed if they wish."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    # Dotted, past tense, as in the audit trail: proposal.approved, comment.answered …
    kind = models.CharField(max_length=40)
    # What happened, by name: nobody is told twice of one event.
    event = models.CharField(max_length=100)
    # What `sentence` says after the name of who did it, if somebody did.
    text = models.CharField(max_length=300)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="told_deeds"
    )
    # The page that it is about, below PUBLIC_URL.
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # A worker is mailing it since then; see services/mailing.py.
    mailing_since = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["person", "read_at"], name="notice_unread")]
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="notice_once_per_person_and_event")]

    def __str__(self):
        return self.sentence

    @property
    def sentence(self) -> str:
        """What happened, standing alone, also as the subject of a mail; people are named as they are called now."""
        return f"{self.actor.name} {self.text}" if self.actor else self.text
