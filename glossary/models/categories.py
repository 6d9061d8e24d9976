from django.db import models


class Category(models.Model):
    """A shelf of the dictionary, such as Kafka or Governance and risk."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    # When an admin changed it here; from then on content files do not.
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name_plural = "categories"

    def __str__(self):
        return self.label
