from django.conf import settings
from django.db import models

from simulator.fields import OrderedJSONField


class PendingImport(models.Model):
    """An upload as it was read, kept from its dry run until its person proposes it or throws it away.

    `entries` are domain/exchange.py's, new terms already with the uid that they will have, so that what is proposed is
    what was shown; `problems` are those of what could not be read, as [place, message].
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pending_imports")
    name = models.CharField(max_length=200)
    entries = OrderedJSONField()
    problems = OrderedJSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name
