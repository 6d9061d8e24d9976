from django.conf import settings
from django.db import models

from .fields import OrderedJSONField


class Revisioned(models.Model):
    """A thing of which every published state is kept. `revision` is the number of its newest state."""

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=120)
    revision = models.PositiveIntegerField()
    # Digest of the content file that was last loaded; empty if there never was one.
    content_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        ordering = ["slug"]

    def __str__(self):
        return self.title


class StateRevision(models.Model):
    """An immutable published state, numbered 1, 2, 3 … without gaps."""

    number = models.PositiveIntegerField()
    snapshot = OrderedJSONField()
    origin = models.CharField(max_length=7, choices=[("content", "content"), ("person", "person")])
    published_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    change = models.CharField(max_length=7, choices=[("wording", "wording"), ("meaning", "meaning")], default="meaning")
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self):
        return f"v{self.number}"


class SampleLog(Revisioned):
    """A named list of records that simulations run on. A record: {time, key, type, value, offset?, size?}."""

    description = models.TextField()
    records = OrderedJSONField()

    def as_json(self) -> dict:
        return {
            "slug": self.slug,
            "title": self.title,
            "description": self.description,
            "records": self.records,
        }


class SampleLogRevision(StateRevision):
    log = models.ForeignKey(SampleLog, on_delete=models.CASCADE, related_name="revisions")

    class Meta(StateRevision.Meta):
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="log_revision_unique")]


class ScenarioQuerySet(models.QuerySet):
    def with_logs(self):
        return self.select_related("log")


class Scenario(Revisioned):
    """A model with a sample log, parameter values, interventions and claims."""

    model = models.CharField(max_length=40)
    log = models.ForeignKey(SampleLog, on_delete=models.PROTECT, related_name="scenarios")
    start = models.PositiveIntegerField(default=0)
    params = OrderedJSONField(default=dict)
    interventions = OrderedJSONField(default=list)
    captions = OrderedJSONField()
    question = OrderedJSONField()
    # {label, intervention} or {label, params}: the change that shows the failure.
    breakage = OrderedJSONField()
    claims = OrderedJSONField()

    objects = ScenarioQuerySet.as_manager()

    class Meta(Revisioned.Meta):
        constraints = [models.CheckConstraint(condition=~models.Q(slug="fidelity"), name="scenario_slug_not_reserved")]

    def as_json(self) -> dict:
        """The scenario as the player reads it: what `simulate` accepts, the words, and the sample log."""
        return {
            "slug": self.slug,
            "title": self.title,
            "model": self.model,
            "params": self.params,
            "interventions": self.interventions,
            "start": self.start,
            "captions": self.captions,
            "question": self.question,
            "break": self.breakage,
            "claims": self.claims,
            "log": self.log.as_json(),
        }


class ScenarioRevision(StateRevision):
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="revisions")

    class Meta(StateRevision.Meta):
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="scenario_revision_unique")]
