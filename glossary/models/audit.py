import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast


class AuditEntryQuerySet(models.QuerySet):
    def by_person(self, name):
        """What somebody did who has this username or display name; "" is nobody's."""
        return self.filter(Q(by__username__iexact=name) | Q(by__display_name__iexact=name))

    def holding(self, text):
        """Entries that say this anywhere: in the action, the target or what came with it."""
        found = Q(action__icontains=text) | Q(target__icontains=text)
        # Databases differ in whether the text of JSON holds letters beyond ASCII as they are.
        for written in {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}:
            found |= Q(said__icontains=written)
        return self.alias(said=Cast("data", models.TextField())).filter(found)

    def actions(self):
        """Every action that the trail knows, in order."""
        return self.order_by("action").values_list("action", flat=True).distinct()

    def delete(self):
        raise models.ProtectedError("the audit trail is append-only", set(self))


class AuditEntry(models.Model):
    """Who did what, when: written in the same transaction as the deed. `action` is dotted, past tense.

    A database trigger refuses any change of an entry; nothing deletes one.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="audit_entries"
    )
    action = models.CharField(max_length=40)
    target = models.CharField(max_length=100, db_index=True)
    data = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"

    def __str__(self):
        return f"{self.action} {self.target}"
