from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ..domain import addresses
from ..domain.prose import FORMATS
from .revisions import Revision
from .terms import Term, choices


def later_meanings():
    """Revisions that changed a term's meaning after the one that a use rests on, the first one first."""
    later = Revision.objects.filter(term=OuterRef("term"), number__gt=OuterRef("rests_on"), change="meaning")
    return later.order_by("number")


class DocumentUseQuerySet(models.QuerySet):
    def superseded(self):
        """Those that rest on a meaning which their term no longer has."""
        return self.filter(Exists(later_meanings()))

    def with_changes(self):
        """With `superseded_by`, the number of the first revision that changed the meaning since, or None."""
        return self.annotate(superseded_by=Subquery(later_meanings().values("number")[:1]))

    def counted(self) -> dict[str, int]:
        """How many there are, and how many of them are superseded: {documents, superseded}, in one query."""
        is_superseded = Exists(later_meanings())
        return self.alias(is_superseded=is_superseded).aggregate(
            documents=Count("pk"), superseded=Count("pk", filter=Q(is_superseded=True))
        )


class DocumentQuerySet(models.QuerySet):
    def with_counts(self):
        """With `terms`, how many each uses, and `superseded`, how many of them changed their meaning since."""
        uses = DocumentUse.objects.filter(document=OuterRef("pk")).order_by()
        return self.annotate(terms=number_of(uses), superseded=number_of(uses.superseded()))

    def narrowed(self, *, q="", repository="", team="", term="", superseded=""):
        """Those that hold `q`, of a repository, of a team, that use a term, whose meanings changed; "" narrows nothing.

        With a term and `superseded`, it is the meaning of this term that changed.
        """
        found = self.filter(repository=repository) if repository else self
        found = found.filter(team=team) if team else found
        uses = DocumentUse.objects.filter(term__in=Term.objects.named(term)) if term else DocumentUse.objects
        uses = uses.superseded() if superseded else uses
        if term or superseded:
            found = found.filter(pk__in=uses.order_by().values("document"))
        return found.holding(q) if q else found

    def holding(self, text):
        """Documents that have this in their title or address."""
        return self.filter(Q(title__icontains=text) | Q(address__icontains=text))

    def names_of(self, field):
        """Every repository, or team, that some document is of."""
        return self.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct()


def number_of(uses):
    counted = uses.values("document").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class Document(models.Model):
    """A document that uses terms: where it is and whose, never what it says."""

    address = models.CharField(max_length=addresses.LONGEST, unique=True)
    title = models.CharField(max_length=200)
    repository = models.CharField(max_length=200, blank=True, db_index=True)
    team = models.CharField(max_length=80, blank=True, db_index=True)
    format = models.CharField(max_length=8, choices=choices(FORMATS))
    owners = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="documents")
    # Keyed, so that nobody finds a text out by guessing it.
    digest = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.title


class DocumentUse(models.Model):
    """That a document uses a term: in its words, by links to revisions (`pins`, their numbers), or both."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="uses")
    term = models.ForeignKey("Term", on_delete=models.CASCADE, related_name="uses")
    # 0 where it is linked to, and not named.
    count = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField()
    pins = models.JSONField(default=list)
    # The revision whose meaning the document has: its lowest pin, else what was newest when its text changed.
    rests_on = models.PositiveIntegerField()

    objects = DocumentUseQuerySet.as_manager()

    class Meta:
        ordering = ["first_line", "pk"]
        constraints = [models.UniqueConstraint(fields=["document", "term"], name="use_once_per_document_and_term")]

    def __str__(self):
        return f"{self.document} uses {self.term}"
