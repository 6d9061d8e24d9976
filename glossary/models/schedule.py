from django.db import models


class ScheduleQuerySet(models.QuerySet):
    def due(self, *, at):
        return self.filter(next_at__lte=at)


class Schedule(models.Model):
    """When a recurring piece of work is due next. Whoever moves `next_at` on has the right to enqueue it."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField()

    objects = ScheduleQuerySet.as_manager()

    def __str__(self):
        return self.name
