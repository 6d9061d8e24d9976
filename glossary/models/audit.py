from django.conf import settings
from django.db import models


class AuditEntryQuerySet(models.QuerySet):
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
