from django.db import models

from ..domain.vocabulary import MAPPING_KINDS, RELATION_KINDS
from .terms import choices


class Link(models.Model):
    """What one term states about another; the same link is shown, told from its end, on the other's page."""

    term = models.ForeignKey("Term", on_delete=models.CASCADE, related_name="%(class)ss")
    other = models.ForeignKey("Term", on_delete=models.CASCADE, related_name="%(class)ss_from_others")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self):
        return f"{self.term} {self.kind} {self.other}"


class Mapping(Link):
    """A typed link between an engineer term and a manager term."""

    kind = models.CharField(max_length=12, choices=choices(MAPPING_KINDS))

    class Meta(Link.Meta):
        constraints = [
            models.UniqueConstraint(fields=["term", "other"], name="mapping_stated_once"),
            models.CheckConstraint(condition=~models.Q(term=models.F("other")), name="mapping_not_to_itself"),
            models.CheckConstraint(condition=models.Q(kind__in=MAPPING_KINDS), name="mapping_kind_known"),
        ]


class Relation(Link):
    """A typed link between two terms of one voice."""

    kind = models.CharField(max_length=12, choices=choices(RELATION_KINDS))

    class Meta(Link.Meta):
        constraints = [
            models.UniqueConstraint(fields=["term", "other"], name="relation_stated_once"),
            models.CheckConstraint(condition=~models.Q(term=models.F("other")), name="relation_not_to_itself"),
            models.CheckConstraint(condition=models.Q(kind__in=RELATION_KINDS), name="relation_kind_known"),
        ]


class TermScenario(models.Model):
    """A scenario that shows a term's effect; `caption` says what this term's readers see in it, if that differs."""

    term = models.ForeignKey("Term", on_delete=models.CASCADE, related_name="term_scenarios")
    scenario = models.ForeignKey("simulator.Scenario", on_delete=models.PROTECT, related_name="term_scenarios")
    caption = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["term", "scenario"], name="scenario_shown_once_per_term"),
        ]

    def __str__(self):
        return f"{self.term}: {self.scenario}"
