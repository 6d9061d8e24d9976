from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from ..domain.matching import spelling_key
from ..domain.vocabulary import ALIAS_KINDS, RESERVED_SLUGS, VOICES

models.CharField.register_lookup(Length)

SPELLING_KINDS = ("label", *ALIAS_KINDS)


def choices(words):
    return [(word, word.replace("_", " ")) for word in words]


class TermQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Term.Status.PUBLISHED)

    def retired(self):
        return self.filter(status=Term.Status.RETIRED)

    def in_voice(self, voice):
        return self.filter(voice=voice)

    def in_category(self, slug):
        return self.filter(category__slug=slug)

    def spelled(self, text):
        """Terms that have this label or alias, whatever its case."""
        return self.filter(spellings__key=spelling_key(text))

    def named(self, name):
        """Terms that have this uid, or have or had this slug."""
        return self.filter(Q(uid=name) | Q(pk__in=TermSlug.objects.filter(slug=name).values("term")))

    def under_letter(self, letter):
        return self.filter(letter=letter.upper())

    def alphabetical(self):
        return self.order_by("sort_key", "voice")


class Term(models.Model):
    """A word or phrase of one voice, as readers see it now: derived from its newest revision.

    Only services write it, and only together with the revision that it is derived from.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published"
        RETIRED = "retired"

    uid = models.CharField(max_length=8, unique=True, validators=[RegexValidator(r"^[b-df-hj-np-tv-z0-9]{8}$")])
    slug = models.SlugField(max_length=100, unique=True)
    label = models.CharField(max_length=100)
    voice = models.CharField(max_length=8, choices=choices(VOICES))
    category = models.ForeignKey("Category", on_delete=models.PROTECT, related_name="terms")
    status = models.CharField(max_length=9, choices=Status, default=Status.PUBLISHED)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    # Retired by merging: its words are its replacement's now, and its addresses lead there.
    is_merged = models.BooleanField(default=False)
    current = models.OneToOneField("Revision", null=True, on_delete=models.PROTECT, related_name="current_of")
    # Derived from the current revision, for reading without further queries.
    sort_key = models.CharField(max_length=100, db_index=True)
    letter = models.CharField(max_length=1, db_index=True)
    line_engineer = models.CharField(max_length=200)
    line_manager = models.CharField(max_length=200)
    html_engineer = models.TextField()
    html_manager = models.TextField()
    html_gap = models.TextField()
    say = models.TextField()
    avoid = models.TextField()
    # Both definitions, the gap and both lines without markup, normalised as spelling keys are.
    text = models.TextField()
    # The voice that was left behind when only the other one changed and nobody said that it still holds; or empty.
    drifted_voice = models.CharField(max_length=8, choices=choices(VOICES), blank=True)
    # When somebody should read it against the world again.
    review_due_on = models.DateField(null=True, blank=True, db_index=True)
    # The publication that last changed what the pages of this term alone show.
    page_version = models.PositiveBigIntegerField(default=0, editable=False)
    # Digest of the content file that was last loaded for this term; empty if there never was one.
    content_digest = models.CharField(max_length=64, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(voice__in=VOICES), name="term_voice_known"),
            models.CheckConstraint(condition=models.Q(uid__length=8), name="term_uid_has_8_characters"),
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)) & ~models.Q(slug=""),
                name="term_slug_not_reserved",
            ),
            models.CheckConstraint(
                condition=models.Q(status="retired") | models.Q(status="published", replaced_by=None),
                name="term_only_retired_is_replaced",
            ),
            models.CheckConstraint(
                condition=models.Q(is_merged=False) | models.Q(status="retired", replaced_by__isnull=False),
                name="term_merged_into_its_replacement",
            ),
            models.CheckConstraint(condition=~models.Q(replaced_by=models.F("id")), name="term_not_replaced_by_itself"),
        ]

    def __str__(self):
        return self.label

    @property
    def is_retired(self) -> bool:
        return self.status == self.Status.RETIRED

    @property
    def lines(self) -> dict[str, str]:
        return {"engineer": self.line_engineer, "manager": self.line_manager}

    @property
    def html(self) -> dict[str, str]:
        return {"engineer": self.html_engineer, "manager": self.html_manager}


class TermSlug(models.Model):
    """Every slug that a term has or had; unique for ever, so that an old address never changes its meaning."""

    slug = models.SlugField(max_length=100, unique=True)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="slugs")

    def __str__(self):
        return self.slug


class Spelling(models.Model):
    """A label or alias of a term. `key` is the text as it is compared: unique within a voice."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="spellings")
    voice = models.CharField(max_length=8, choices=choices(VOICES))
    text = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=choices(SPELLING_KINDS))
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["voice", "key"], name="spelling_unique_within_voice"),
            models.UniqueConstraint(
                fields=["term"], condition=models.Q(kind="label"), name="spelling_one_label_per_term"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=SPELLING_KINDS), name="spelling_kind_known"),
            models.CheckConstraint(condition=~models.Q(key=""), name="spelling_not_empty"),
        ]

    def __str__(self):
        return self.text
