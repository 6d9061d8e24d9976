"""What would become of each thing of an import, beside all that is there; nothing is written by looking."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from django.db import transaction
from django.utils import timezone

from simulator import catalogue

from .. import permissions
from ..domain import foreign
from ..domain.diff import FieldChange, changed_fields
from ..domain.exchange import LINKS, Entry
from ..domain.flat_table import overlaid
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import implied_change, log_problems, scenario_problems, term_problems
from ..models import Category, Mapping, Relation, Term, TermSlug
from .categories import save_category
from .loading import category_problems
from .proposing import Change, Conflicting, brought_up_to_date
from .reading_uploads import Upload
from .subjects import NOTHING_YET, SUBJECTS, State, problems_together

OUTCOMES = ("refused", "created", "changed", "unchanged")


@dataclass
class Row:
    """One thing of an import, and what becomes of it; `problems` begin with where they stand."""

    subject: str
    place: str
    label: str
    outcome: str = "refused"
    fields: list[FieldChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    change: Change | None = None
    data: dict = field(default_factory=dict)

    def refuse(self, problems: list[Problem]) -> None:
        self.problems += problems
        self.outcome, self.change = "refused", None


@dataclass
class Plan:
    rows: list[Row]

    @cached_property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.outcome == "refused"]

    @property
    def unchanged(self) -> list[Row]:
        return [row for row in self.rows if row.outcome == "unchanged"]

    @property
    def told(self) -> list[Row]:
        """What is worth reading, the worst first."""
        told = [row for row in self.rows if row.outcome != "unchanged"]
        return sorted(told, key=lambda row: OUTCOMES.index(row.outcome))

    @property
    def new_categories(self) -> list[Row]:
        return [row for row in self.rows if row.subject == "category" and row.outcome == "created"]

    @property
    def changes(self) -> list[Change]:
        return [row.change for row in self.rows if row.change]

    @property
    def can_be_proposed(self) -> bool:
        return bool(self.changes) and not self.refused


def make_categories(rows: list[Row], *, by, at) -> None:
    for row in rows:
        save_category(category=Category(**row.data, position=Category.objects.count()), by=by, at=at)


class Planning:
    """One look at an import beside all that is there."""

    def __init__(self, upload: Upload, *, by):
        self.unread = upload.problems
        self.by = by
        terms = [entry.data for entry in upload.entries if entry.subject == "term"]
        self.told = {data["uid"]: data for data in terms if isinstance(data.get("uid"), str)}
        self.terms = {term.uid: term for term in Term.objects.filter(uid__in=self.told).select_related("current")}
        self.uids = self.told.keys() | set(Term.objects.values_list("uid", flat=True))
        self.slugs = dict(TermSlug.objects.values_list("slug", "term__uid"))
        self.slugs |= {data["slug"]: data["uid"] for data in terms if isinstance(data.get("slug"), str)}
        self.entries = self.with_links_by_uid(upload.entries)
        self.seen: dict[tuple[str, str], str] = {}

    def with_links_by_uid(self, entries: list[Entry]) -> list[Entry]:
        """Foreign terms name others by slug; ours are resolved one by one, as they may be of any shape."""
        ours = [entry for entry in entries if not entry.is_foreign]
        theirs = [entry for entry in entries if entry.is_foreign]
        if not theirs:
            return ours
        return [*ours, *foreign.resolved(theirs, lambda name: self.slugs.get(name, name), self.around)]

    @cached_property
    def around(self) -> foreign.Around:
        """What terms of other tools ask of those around them."""
        voices = {uid: voice_told(data) for uid, data in self.told.items()}
        return foreign.Around(voices | dict(Term.objects.values_list("uid", "voice")), kinds_of_links())

    def plan(self) -> Plan:
        rows = [Row("", problem.path, "", problems=[Problem(problem.path, problem.message)]) for problem in self.unread]
        rows += [self.category(entry) for entry in self.entries if entry.subject == "category"]
        others = [entry for entry in self.entries if entry.subject != "category"]
        made = Plan(rows).new_categories
        if not made:
            return Plan([*rows, *self.judged(others)])
        with transaction.atomic():
            # Only as if: what the terms would find once the categories are there.
            make_categories(made, by=self.by, at=timezone.now())
            rows += self.judged(others)
            transaction.set_rollback(True)
        return Plan(rows)

    def category(self, entry: Entry) -> Row:
        row = Row("category", entry.place, named(entry), data=entry.data)
        problems = category_problems({"categories": [entry.data]})
        if problems:
            row.refuse([Problem(entry.place, f"{p.removeprefix('categories/0/')}: {m}") for p, m in problems])
        elif Category.objects.filter(slug=entry.data["slug"]).exists():
            row.outcome = "unchanged"
        elif ("category", entry.data["slug"]) in self.seen:
            row.refuse([Problem(entry.place, "is here a second time; leave one of them out")])
        elif self.has_category_called(entry.data["label"]):
            row.refuse([Problem(entry.place, f"label: {entry.data['label']!r} is another category's; choose another")])
        elif not permissions.may(self.by, "manage_categories"):
            row.refuse([Problem(entry.place, "is a new category, which only an admin makes; ask one to import this")])
        else:
            self.seen["category", entry.data["slug"]] = self.seen["category called", entry.data["label"]] = entry.place
            row.outcome = "created"
        return row

    def has_category_called(self, label: str) -> bool:
        return ("category called", label) in self.seen or Category.objects.filter(label=label).exists()

    def judged(self, entries: list[Entry]) -> list[Row]:
        """Each by itself first, then all that would be proposed together."""
        judged = [self.judge(entry) for entry in entries]
        changing = [(entry, *pair) for entry, pair in zip(entries, judged, strict=True) if pair[0].change]
        together = problems_together([(entry.subject, snapshot) for entry, _, snapshot in changing])
        for (entry, row, _), problems in zip(changing, together, strict=True):
            if problems:
                row.refuse(placed(entry, problems))
        return [row for row, _ in judged]

    def judge(self, entry: Entry) -> tuple[Row, dict | None]:
        """What becomes of a thing, and what it would say once merged."""
        row = Row(entry.subject, entry.place, named(entry))
        try:
            snapshot = self.considered(entry, row)
        except Invalid as invalid:
            row.refuse(placed(entry, invalid.problems))
            return row, None
        except Conflicting as conflicting:
            told = "was changed by somebody else since your revision; export again and start from the newest text"
            row.refuse(placed(entry, [Problem(conflict.path, told) for conflict in conflicting.conflicts]))
            return row, None
        return row, snapshot

    def considered(self, entry: Entry, row: Row) -> dict:
        """Raises Invalid and Conflicting."""
        target = self.target(entry)
        current, is_retired = self.state(entry.subject, target)
        if current is NOTHING_YET and entry.is_retired:
            raise Invalid([Problem("status", "is retired where it comes from, and unknown here; leave it out")])
        base_revision = current.number if entry.base_revision is None or not current.number else entry.base_revision
        mine = self.snapshot(entry, base_revision, current)
        if problems := own_problems(entry.subject, mine):
            raise Invalid(problems)
        is_newest = base_revision == current.number
        merged = mine if is_newest else brought_up_to_date(entry.subject, mine, base_revision)[0]
        if merged == current.snapshot:
            row.outcome = "unchanged"
            return merged
        if is_retired:
            raise Invalid([Problem("status", "is retired here; bring it back first, on its page")])
        change = implied_change(current.snapshot, merged) if entry.subject == "term" else "meaning"
        row.change = Change(entry.subject, mine, base_revision, change)
        row.outcome = "changed" if current.number else "created"
        row.fields = changed_fields(current.snapshot, merged) if current.number else []
        return merged

    def target(self, entry: Entry) -> str:
        name = "uid" if entry.subject == "term" else "slug"
        target = entry.data.get(name)
        if not isinstance(target, str) or not target:
            raise Invalid([Problem(name, f"{target!r:.60} must be text")])
        first = self.seen.setdefault((entry.subject, target), entry.place)
        if first != entry.place:
            raise Invalid([Problem("", f"is here a second time, after {first}; leave one of them out")])
        return target

    def state(self, subject: str, target: str) -> tuple[State, bool]:
        if subject != "term":
            return SUBJECTS[subject].current(target), False
        term = self.terms.get(target)
        return (State(term.current.number, term.current.snapshot), term.is_retired) if term else (NOTHING_YET, False)

    def snapshot(self, entry: Entry, base_revision: int, current: State) -> dict:
        """What a thing says, with its links by uid; what a row or another tool leaves out stays as its base says it."""
        if entry.is_foreign:
            return foreign.settled(current.snapshot, entry.data, self.around)
        snapshot = dict(entry.data)
        if entry.subject == "term":
            told = [name for name in LINKS if isinstance(snapshot.get(name), list)]
            snapshot |= {name: [self.by_uid(link) for link in snapshot[name]] for name in told}
        if not entry.is_partial:
            return snapshot
        is_newest = base_revision == current.number
        base = current.snapshot or {} if is_newest else SUBJECTS["term"].at(entry.data["uid"], base_revision)
        if base is None:
            raise Invalid([Problem("revision", f"there is no revision {base_revision} of this term; leave it empty")])
        return overlaid(base, entry._replace(data=snapshot))

    def by_uid(self, link):
        """A link that names its term by uid; one that leads nowhere stays as it is, to be reported."""
        term = link.get("term") if isinstance(link, dict) else None
        if not isinstance(term, str) or term in self.uids:
            return link
        return link | {"term": self.slugs.get(term, term)}


def own_problems(subject: str, snapshot: dict) -> list[Problem]:
    """What is wrong with a thing whatever is around it."""
    match subject:
        case "term":
            return term_problems(snapshot)
        case "scenario":
            return scenario_problems(snapshot, catalogue.declared())
    return log_problems(snapshot)


def placed(entry: Entry, problems: list[Problem]) -> list[Problem]:
    return [
        Problem(entry.place_of(path), f"{path}: {message}" if path.strip("/") else message)
        for path, message in problems
    ]


def named(entry: Entry) -> str:
    said = entry.data.get("label") or entry.data.get("title") or entry.data.get("slug") or ""
    return said[:100] if isinstance(said, str) else ""


def kinds_of_links() -> dict[tuple[str, str], str]:
    """The kind of each link that is published, by the uids of who says it and of whom."""
    rows = [model.objects.values_list("term__uid", "other__uid", "kind") for model in (Mapping, Relation)]
    return {(uid, other): kind for uid, other, kind in chain(*rows)}


def voice_told(data: dict) -> str | None:
    return data.get("voice") or data.get("otherwise", {}).get("voice")
