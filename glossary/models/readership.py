from django.db import models


class Readership(models.Model):
    """How often a term's page was asked for: for curators, never for readers. Approximate by design."""

    term = models.OneToOneField("Term", on_delete=models.CASCADE, related_name="readership")
    views = models.PositiveBigIntegerField(default=0)
    last_viewed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.term}: {self.views}"
