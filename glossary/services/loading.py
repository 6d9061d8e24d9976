"""Loading content files into the dictionary, never over what a person wrote.

A file that changed is published if the newest text came from a file too. If a person
edited the text since, the file becomes a proposal, and the person's text stays live.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from simulator import catalogue
from simulator.models import SampleLog, Scenario
from simulator.services import publish_log, publish_scenario

from ..domain.content_file import write_term
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import (
    Checker,
    implied_change,
    log_problems,
    scenario_problems,
    term_problems,
)
from ..models import Category, Proposal, Term, TermSlug
from ..models.proposals import told_of
from ..models.revisions import Origin
from .publishing import Submission, new_uid, publish_terms
from .reading_files import Content, ContentInvalid, Source, read_folders
from .recording import bump_publication, record
from .subjects import claim_problems


@dataclass
class Report:
    """What a load did, as slugs with their kind: "term compaction"."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)

    def __str__(self):
        return ", ".join(f"{len(names)} {outcome}" for outcome, names in vars(self).items())


class CheckOnly(Exception):
    """Leaves the transaction of a check, so that nothing is written."""


def load(folders: list[Path], *, check: bool = False, progress: Callable[[str], None] = lambda line: None) -> Report:
    """Bring the dictionary up to date with content folders; with `check`, only say what would happen.

    Raises ContentInvalid, with file and line of every problem; nothing is written then.
    """
    content = read_folders(folders)
    progress(f"read {len(content.terms)} terms, {len(content.scenarios)} scenarios, {len(content.logs)} sample logs")
    report = Report()
    new_terms = [source for source in content.terms if "uid" not in source.data]
    for source in new_terms:
        source.data["uid"] = new_uid()
    try:
        with transaction.atomic():
            Loading(content, report, progress).run()
            if check:
                raise CheckOnly
    except CheckOnly:
        return report
    for source in new_terms:
        source.path.write_text(write_term(source.data))
    return report


class Loading:
    """One load, inside one transaction."""

    def __init__(self, content: Content, report: Report, progress: Callable[[str], None]):
        self.content = content
        self.report = report
        self.progress = progress
        self.at = timezone.now()
        self.complaints: list[str] = []

    def run(self) -> None:
        self.check_files()
        changed = self.load_categories()
        changed |= self.load_states("log", self.content.logs, SampleLog, publish_log)
        self.progress("sample logs are in place")
        self.check_claims()
        changed |= self.load_states("scenario", self.content.scenarios, Scenario, publish_scenario)
        self.progress("scenarios are in place")
        self.load_terms()
        self.progress("terms are in place")
        if changed:
            bump_publication(at=self.at)

    def check_files(self) -> None:
        """Everything that can be told from the files alone, all problems at once."""
        logs = {source.slug for source in self.content.logs} | slugs_of(SampleLog)
        for source in self.content.logs:
            self.complain(source, log_problems(source.data))
        for source in self.content.scenarios:
            self.complain(source, scenario_problems(source.data, catalogue.declared()))
            if source.data.get("log") not in logs:
                self.complain(source, [Problem("log", f"there is no sample log {source.data.get('log')!r}")])
        for source in self.content.terms:
            self.complain(source, term_problems(source.data))
        for source in self.content.categories:
            self.complain(source, category_problems(source.data))
        self.stop_if_invalid()

    def check_claims(self) -> None:
        """Whether the claims hold of every scenario whose file is new, or whose log is."""
        loaded = dict(Scenario.objects.values_list("slug", "content_digest"))
        new_logs = {name.removeprefix("log ") for name in (*self.report.created, *self.report.updated)}
        new = [
            source
            for source in self.content.scenarios
            if loaded.get(source.slug) != source.digest or source.data["log"] in new_logs
        ]
        logs = SampleLog.objects.filter(slug__in={source.data["log"] for source in new})
        records = dict(logs.values_list("slug", "records"))
        problems = claim_problems([(source.data, records[source.data["log"]]) for source in new])
        for source, found in zip(new, problems, strict=True):
            self.complain(source, found)
        self.stop_if_invalid()

    def complain(self, source: Source, problems: list[Problem]) -> None:
        self.complaints += [source.complaint(path, message) for path, message in problems]

    def stop_if_invalid(self) -> None:
        if self.complaints:
            raise ContentInvalid(self.complaints)

    def load_categories(self) -> bool:
        rows = [row for source in self.content.categories for row in source.data["categories"]]
        before = {category.slug: category for category in Category.objects.all()}
        changed = False
        for position, row in enumerate(rows):
            category = before.get(row["slug"])
            if category and category.edited_at:
                continue
            wanted = {"label": row["label"], "description": row["description"], "position": position}
            if category is None or any(getattr(category, name) != value for name, value in wanted.items()):
                Category.objects.update_or_create(slug=row["slug"], defaults=wanted)
                changed = True
        return changed

    def load_states(self, subject: str, sources: list[Source], model, publish) -> bool:
        """Sample logs or scenarios; whether anything that readers see changed."""
        changed = False
        rows = {row.slug: row for row in model.objects.prefetch_related("revisions")}
        for source in sources:
            row = rows.get(source.slug)
            newest = list(row.revisions.all())[-1] if row else None
            name = f"{subject} {source.slug}"
            match self.decide(source, source.data, row and row.content_digest, newest):
                case "publish":
                    publish(snapshot=source.data, at=self.at, origin=Origin.CONTENT, content_digest=source.digest)
                    record(action=f"{subject}.published", target=source.slug, at=self.at)
                    (self.report.updated if row else self.report.created).append(name)
                    changed = True
                case "propose":
                    self.propose(subject, source.slug, newest.number, source.data)
                    model.objects.filter(pk=row.pk).update(content_digest=source.digest)
                    self.report.proposed.append(name)
                case "note":
                    model.objects.filter(pk=row.pk).update(content_digest=source.digest)
                    self.report.unchanged.append(name)
                case outcome:
                    getattr(self.report, outcome).append(name)
        return changed

    def load_terms(self) -> None:
        terms = {term.uid: term for term in Term.objects.select_related("current")}
        slugs = dict(TermSlug.objects.values_list("slug", "term__uid"))
        slugs |= {source.slug: source.data["uid"] for source in self.content.terms}
        submissions: list[Submission] = []
        published: dict[str, Source] = {}
        for source in self.content.terms:
            snapshot = with_uids(source.data, slugs)
            term = terms.get(snapshot["uid"])
            name = f"term {source.slug}"
            match self.decide(source, snapshot, term and term.content_digest, term and term.current):
                case "publish":
                    change = implied_change(term and term.current.snapshot, snapshot)
                    # Who wrote a file wrote both voices: a file's text never lags behind itself.
                    submissions.append(Submission(snapshot, change, "", source.digest, confirms_other_voice=True))
                    if snapshot["uid"] in published:
                        first = published[snapshot["uid"]].path.name
                        self.complain(source, [Problem("uid", f"{snapshot['uid']!r} is the uid of {first} too")])
                    published[snapshot["uid"]] = source
                    (self.report.updated if term else self.report.created).append(name)
                case "propose":
                    self.propose("term", snapshot["uid"], term.current.number, snapshot)
                    Term.objects.filter(pk=term.pk).update(content_digest=source.digest)
                    self.report.proposed.append(name)
                case "note":
                    Term.objects.filter(pk=term.pk).update(content_digest=source.digest)
                    self.report.unchanged.append(name)
                case outcome:
                    getattr(self.report, outcome).append(name)
        self.stop_if_invalid()
        if submissions:
            self.publish(submissions, published)

    def publish(self, submissions: list[Submission], published: dict[str, Source]) -> None:
        try:
            publish_terms(submissions, at=self.at, origin=Origin.CONTENT)
        except Invalid as invalid:
            for path, message in invalid.problems:
                uid, _, rest = path.partition("/")
                if uid in published:
                    self.complain(published[uid], [Problem(rest, message)])
                else:
                    self.complain(next(iter(published.values())), [Problem(path, message)])
            self.stop_if_invalid()

    def decide(self, source: Source, snapshot: dict, digest: str | None, newest) -> str:
        """What becomes of a file: publish, propose, note (its digest), unchanged or kept."""
        if newest is None:
            return "publish"
        if newest.snapshot == snapshot:
            return "unchanged" if digest == source.digest else "note"
        if newest.origin == Origin.CONTENT:
            return "publish"
        return "kept" if digest == source.digest else "propose"

    def propose(self, subject: str, target: str, base_revision: int, snapshot: dict) -> None:
        """The file's text as a proposal; one that an earlier load left open is brought up to date."""
        values = {"base_revision": base_revision, "snapshot": snapshot, "updated_at": self.at, **told_of(snapshot)}
        values["confirms_other_voice"] = True
        Proposal.objects.awaiting_review().update_or_create(
            subject=subject,
            target=target,
            origin=Origin.CONTENT,
            defaults=values,
            create_defaults=values | {"created_at": self.at},
        )
        record(action="proposal.made", target=target, at=self.at, data={"subject": subject})


def slugs_of(model) -> set[str]:
    return set(model.objects.values_list("slug", flat=True))


def with_uids(data: dict, slugs: dict[str, str]) -> dict:
    """The file's data as a snapshot: links name terms by uid (a slug that leads nowhere stays, to be reported)."""
    snapshot = dict(data)
    for name in ("mappings", "relations"):
        if name in data:
            snapshot[name] = [link | {"term": slugs.get(link["term"], link["term"])} for link in data[name]]
    return snapshot


def category_problems(data: dict) -> list[Problem]:
    check = Checker()

    def category(item, path):
        if check.fields(item, path, ("slug", "label", "description")):
            check.slug(item["slug"], f"{path}/slug")
            check.text(item["label"], f"{path}/label", longest=80)
            check.text(item["description"], f"{path}/description", longest=200)

    if check.fields(data, "", ("categories",)):
        check.items(data["categories"], "categories", category)
    return check.problems
