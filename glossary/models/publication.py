from django.db import connections, models


class PublicationManager(models.Manager):
    def version(self) -> int:
        """The number of publications so far; whatever is cached under it is current in every process."""
        # Every page asks this first, and building the query takes the ORM ten times as long as the answer.
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT version FROM glossary_publication WHERE id = 1")
            row = cursor.fetchone()
        return row[0] if row else 0

    def version_of_pages(self, slug: str) -> int:
        """The publication that last changed what the pages of a term itself show."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT shared_version, page_version FROM glossary_publication AS publication"
                " LEFT JOIN glossary_term AS term ON term.slug = %s WHERE publication.id = 1",
                [slug],
            )
            row = cursor.fetchone()
        return max(row[0], row[1] or 0) if row else 0


class Publication(models.Model):
    """The one row that every publication moves, in its own transaction."""

    version = models.PositiveBigIntegerField(default=0)
    # The version that last changed something which pages of any term may show.
    shared_version = models.PositiveBigIntegerField(default=0)
    published_at = models.DateTimeField()

    objects = PublicationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="publication_has_one_row")]

    def __str__(self):
        return f"publication {self.version}"
