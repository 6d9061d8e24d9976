"""The three things that are proposed and reviewed, behind one face: terms, scenarios and sample logs."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from django.db.models import F
from django.urls import reverse

from simulator import catalogue, claims
from simulator.models import SampleLog, SampleLogRevision, Scenario, ScenarioRevision
from simulator.services import publish_log, publish_scenario

from ..domain.problems import Invalid, Problem
from ..domain.snapshot import log_problems, scenario_problems
from ..models import Term
from ..models.revisions import Origin
from . import own_log
from .checking import problems_of
from .publishing import Submission, publish_terms, unrenderable
from .recording import bump_publication, record


class State(NamedTuple):
    """What is published: the number of the newest revision, and what it says. Number 0 says nothing."""

    number: int
    snapshot: dict | None


NOTHING_YET = State(0, None)


class Subject(Protocol):
    def current(self, target: str) -> State: ...

    def at(self, target: str, number: int) -> dict | None:
        """What a revision said, or None where there is no such revision."""

    def is_retired(self, target: str) -> bool: ...

    def problems(self, snapshot: dict) -> list[Problem]:
        """Everything that stands against publishing it, with paths into the snapshot."""

    def publish(self, snapshot: dict, *, by, at, change: str, note: str, confirms_other_voice: bool, proposal) -> int:
        """The number of the new revision. Raises Invalid."""

    def target(self, snapshot: dict) -> str: ...

    def address(self, target: str) -> str:
        """The path of its page."""


def origin_of(proposal) -> str:
    """A content file that waited for review is a file's text still when it is published."""
    return proposal.origin if proposal else Origin.PERSON


class TermSubject:
    def current(self, target):
        term = Term.objects.select_related("current").filter(uid=target).first()
        return State(term.current.number, term.current.snapshot) if term else NOTHING_YET

    def at(self, target, number):
        term = Term.objects.filter(uid=target).first()
        revision = term and term.revisions.filter(number=number).first()
        return revision.snapshot if revision else None

    def is_retired(self, target):
        return Term.objects.retired().filter(uid=target).exists()

    def problems(self, snapshot):
        return [found for _, found in of_terms([snapshot])]

    def publish(self, snapshot, *, by, at, change, note, confirms_other_voice, proposal):
        submission = Submission(snapshot, change, note, confirms_other_voice=confirms_other_voice, proposal=proposal)
        [revision] = publish_terms([submission], by=by, at=at, origin=origin_of(proposal))
        return revision.number

    def target(self, snapshot):
        return snapshot["uid"]

    def address(self, target):
        return reverse("permanent", args=[target])


def of_terms(snapshots: list[dict], scenarios: Iterable[str] = ()) -> list[tuple[str, Problem]]:
    """What stands against publishing terms together, their texts included, each problem with its term's uid."""
    problems = problems_of(snapshots, scenarios=scenarios) or [
        problem for snapshot in snapshots for problem in unrenderable(snapshot)
    ]
    split = ((path.partition("/"), message) for path, message in problems)
    return [(uid, Problem(path, message)) for (uid, _, path), message in split]


class StateSubject:
    """Scenarios and sample logs: named by slug, kept by the simulator."""

    def __init__(self, name: str, model, publish):
        self.name = name
        self.model = model
        self.publish_state = publish

    def current(self, target):
        row = self.model.objects.filter(slug=target).first()
        newest = row and row.revisions.order_by("-number").first()
        return State(newest.number, newest.snapshot) if newest else NOTHING_YET

    def at(self, target, number):
        row = self.model.objects.filter(slug=target).first()
        revision = row and row.revisions.filter(number=number).first()
        return revision.snapshot if revision else None

    def is_retired(self, target):
        return False

    def publish(self, snapshot, *, by, at, change, note, confirms_other_voice, proposal):
        origin = origin_of(proposal)
        row = self.publish_state(snapshot=snapshot, at=at, origin=origin, author=by, change=change, note=note)
        data = {"revision": row.revision, "note": note} | ({"proposal": proposal.pk} if proposal else {})
        record(action=f"{self.name}.published", target=row.slug, by=by, at=at, data=data)
        bump_publication(at=at)
        return row.revision

    def target(self, snapshot):
        return snapshot["slug"]


class ScenarioSubject(StateSubject):
    def problems(self, snapshot, logs=frozenset()):
        """`logs` are slugs of sample logs that would be published with it."""
        problems = scenario_problems(snapshot, catalogue.declared())
        if not problems and snapshot["log"] not in logs and not SampleLog.objects.filter(slug=snapshot["log"]).exists():
            problems.append(Problem("log", f"there is no sample log {snapshot['log']!r}"))
        return problems

    def publish(self, snapshot, **about):
        """Raises Invalid where a claim does not hold, too: nobody is shown a scenario that contradicts itself."""
        log = SampleLog.objects.filter(slug=snapshot["log"]).first()
        if problems := claim_problems([(snapshot, log.records if log else [])])[0]:
            raise Invalid(problems)
        return super().publish(snapshot, **about)

    def address(self, target):
        return reverse("scenario", args=[target])


class LogSubject(StateSubject):
    def problems(self, snapshot):
        problems = log_problems(snapshot)
        if snapshot.get("slug") == own_log.SLUG:
            problems.append(Problem("slug", "this log is written by the site itself; choose another name"))
        return problems

    def address(self, target):
        return f"{reverse('workbench')}?log={target}"


SUBJECTS: dict[str, Subject] = {
    "term": TermSubject(),
    "scenario": ScenarioSubject("scenario", Scenario, publish_scenario),
    "log": LogSubject("log", SampleLog, publish_log),
}


def claim_problems(scenarios: list[tuple[dict, list[dict]]]) -> list[list[Problem]]:
    """The claims of each (snapshot, records of its log) that do not hold."""
    try:
        found = claims.failures(scenarios)
    except claims.NotJudged as error:
        return [[Problem("claims", str(error))] for _ in scenarios]
    return [[Problem(f"claims/{index}/value", message) for index, message in failures] for failures in found]


def problems_together(snapshots: list[tuple[str, dict]]) -> list[list[Problem]]:
    """The problems of each (subject, snapshot) in order, were all published together: they may name each other."""
    slugs = {name: {said["slug"] for subject, said in snapshots if subject == name} for name in ("scenario", "log")}
    terms = [said for subject, said in snapshots if subject == "term"]
    by_uid = defaultdict(list)
    for uid, problem in of_terms(terms, slugs["scenario"]):
        by_uid[uid].append(problem)
    times = Counter((subject, SUBJECTS[subject].target(said)) for subject, said in snapshots)
    together = []
    for subject, said in snapshots:
        target = SUBJECTS[subject].target(said)
        match subject:
            case "term":
                problems = by_uid[target]
            case "scenario":
                problems = SUBJECTS[subject].problems(said, logs=slugs["log"])
            case _:
                problems = SUBJECTS[subject].problems(said)
        twice = [Problem("", "is in this set twice; leave one of them out")] if times[subject, target] > 1 else []
        together.append([*problems, *twice])
    return together


def current_snapshots(targets: list[tuple[str, str]]) -> dict[tuple[str, str], dict]:
    """What is published of each (subject, target) that exists, in a query for each subject."""
    named = defaultdict(list)
    for subject, target in targets:
        named[subject].append(target)
    terms = Term.objects.filter(uid__in=named["term"]).values_list("uid", "current__snapshot")
    found = {("term", uid): snapshot for uid, snapshot in terms}
    for subject, rows in (("scenario", ScenarioRevision), ("log", SampleLogRevision)):
        newest = rows.objects.filter(**{f"{subject}__slug__in": named[subject], "number": F(f"{subject}__revision")})
        found |= {(subject, slug): snapshot for slug, snapshot in newest.values_list(f"{subject}__slug", "snapshot")}
    return found
