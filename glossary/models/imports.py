from django.conf import settings
from django.db import models

from simulator.fields import OrderedJSONField


class PendingImportQuerySet(models.QuerySet):
    def listed(self):
        """For lists: everything but what they hold."""
        return self.defer("entries", "problems", "remarks", "table")


class PendingImport(models.Model):
    """An upload as it was read, kept from its dry run until its person proposes it or throws it away.

    `entries` are domain/exchange.py's, new terms already with the uid that they will have, so that what is proposed is
    what was shown; `problems` are those of what could not be read, as [place, message]; `remarks` say what another tool
    says and is not kept; `table` holds the rows of what was a table, its header first.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pending_imports")
    name = models.CharField(max_length=200)
    entries = OrderedJSONField()
    problems = OrderedJSONField()
    remarks = OrderedJSONField(default=list)
    table = OrderedJSONField(default=list)
    created_at = models.DateTimeField(db_index=True)

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name
