from django.db import models


class PublicationManager(models.Manager):
    def version(self) -> int:
        """The number of publications so far; whatever is cached under it is current in every process."""
        return self.filter(pk=1).values_list("version", flat=True).first() or 0


class Publication(models.Model):
    """The one row that every publication moves, in its own transaction."""

    version = models.PositiveBigIntegerField(default=0)
    published_at = models.DateTimeField()

    objects = PublicationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="publication_has_one_row")]

    def __str__(self):
        return f"publication {self.version}"
