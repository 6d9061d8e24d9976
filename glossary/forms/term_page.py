"""The form of a term as its page shows it: each field with its problems, its conflict and its length."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from ..domain.advice import Length
from ..domain.problems import Problem
from ..domain.settling import index_of
from ..domain.snapshot import CODE_LANGUAGES
from ..domain.vocabulary import ALIAS_KINDS, MAPPING_KINDS, RELATION_KINDS, VOICES
from .fields import Fields, rows_of
from .telling import Undecided, words_of
from .term import LINES, NEW_ROWS, TEXTS, field_at

KINDS = {"aliases": ALIAS_KINDS, "mappings": MAPPING_KINDS, "relations": RELATION_KINDS}
LIST_WORDS = {
    "aliases": ("Aliases", "alias", "Plurals, abbreviations, the usual misspelling, and what not to say, with why."),
    "mappings": ("Mappings", "mapping", "Words of the other voice; the note says when it holds."),
    "relations": ("Relations", "relation", "Words of the same voice. The kind says what the other one is."),
    "scenarios": ("Scenarios", "scenario", "The first one is on the term’s page."),
    "sources": ("Sources", "source", "What a reader can check it by, the primary one first."),
}
COLUMN_WORDS = {
    "text": "Spelling", "kind": "Kind", "note": "Note", "term": "Term", "slug": "Scenario",
    "caption": "Caption for this term’s readers, if it differs", "title": "Title", "url": "Address",
}  # fmt: skip


def id_of(name: str) -> str:
    return "f-" + name.replace("/", "-")


@dataclass
class TermField:
    """One field; `name` is its path in the snapshot."""

    name: str
    value: str
    label: str = ""
    problems: list[str] = field(default_factory=list)
    conflicts: list[Undecided] = field(default_factory=list)
    length: Length | None = None
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def chosen(self) -> str:
        """The words of what is chosen, if it is one of those that there are."""
        words = dict(self.options).get(self.value, "")
        return words if words != self.value else ""

    @property
    def key(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass
class TermRow:
    list: str
    index: int
    fields: list[TermField]
    is_last: bool
    has_focus: bool

    @property
    def path(self) -> str:
        return f"{self.list}/{self.index}"

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def is_first(self) -> bool:
        return self.index == 0


@dataclass
class TermList:
    name: str
    rows: list[TermRow]
    problems: list[str]
    conflicts: list[Undecided]

    @property
    def id(self) -> str:
        return id_of(self.name)

    title = property(lambda self: LIST_WORDS[self.name][0])
    one = property(lambda self: LIST_WORDS[self.name][1])
    hint = property(lambda self: LIST_WORDS[self.name][2])


class TermForm:
    """What a template asks of the form.

    scenarios, categories: (slug, title) of all there are. focus: the row that the last deed was about.
    """

    def __init__(
        self,
        values: Fields,
        snapshot: dict,
        *,
        problems: Iterable[Problem] = (),
        conflicts: Iterable[Undecided] = (),
        lengths: dict[str, Length] | None = None,
        categories: list[tuple[str, str]] = (),
        scenarios: list[tuple[str, str]] = (),
        focus: str = "",
    ):
        self.values = values
        self.snapshot = snapshot
        self.problems = list(problems)
        self.conflicts = list(conflicts)
        self.lengths = lengths or {}
        self.choices = {"category": categories, "slug": scenarios}
        self.focus = focus

    def field(self, name: str, label: str = "") -> TermField:
        key = name.rpartition("/")[2]
        value = self.values.get(name, "")
        kinds = KINDS.get(name.partition("/")[0], ()) if key == "kind" else ()
        options = [(kind, kind.replace("_", " ")) for kind in kinds] or list(self.choices.get(key, ()))
        if name == "slug":
            options = []
        if options and value not in dict(options):
            # What was chosen once is shown, even if it cannot be chosen any more; nothing is chosen in its place.
            options = [(value, value or "choose"), *options]
        return TermField(
            name,
            value,
            label or COLUMN_WORDS.get(key, ""),
            self.messages(name),
            [conflict for conflict in self.conflicts if self.place(conflict) == name],
            self.lengths.get(name),
            options=options,
        )

    @cached_property
    def texts(self) -> dict:
        """The fields outside lists, nested as a template names them: texts.lines.engineer."""
        texts: dict = {"change": self.field("change"), "note": self.field("note")}
        for path in (*LINES, *TEXTS):
            head, _, rest = path.partition("/")
            if rest:
                texts.setdefault(head, {})[rest] = self.field(path)
            else:
                texts[head] = self.field(path)
        return texts

    @cached_property
    def voices(self) -> list[dict]:
        """What is said in each voice, side by side."""
        return [
            {"voice": voice, "line": self.texts["lines"][voice], "definition": self.texts["definitions"][voice]}
            for voice in VOICES
        ]

    @cached_property
    def code(self) -> list[TermField]:
        return [self.field(f"code/{language}", language.capitalize()) for language in CODE_LANGUAGES]

    @cached_property
    def code_path(self) -> TermField:
        return self.field("code/path", "What it prints")

    @cached_property
    def lists(self) -> dict[str, TermList]:
        return {name: self.list_of(name) for name in NEW_ROWS}

    def list_of(self, name: str) -> TermList:
        rows = rows_of(self.values, name)
        columns = list(NEW_ROWS[name])
        return TermList(
            name,
            [
                TermRow(
                    name,
                    index,
                    [self.field(f"{name}/{index}/{column}") for column in columns],
                    index == len(rows) - 1,
                    self.focus == f"{name}/{index}",
                )
                for index in range(len(rows))
            ],
            self.messages(name),
            [conflict for conflict in self.conflicts if self.place(conflict) == name],
        )

    def messages(self, name: str) -> list[str]:
        return [problem.message for problem in self.problems if self.target(problem.path) == name]

    def target(self, path: str) -> str:
        return path if path in ("change", "note") else field_at(path, self.snapshot)

    def place(self, conflict: Undecided) -> str:
        """The name of the field or list beside which a conflict is shown."""
        place = conflict.place
        index = index_of(self.snapshot, place)
        if place.item and index is not None:
            return f"{place.field}/{index}/{place.part or next(iter(NEW_ROWS[place.field]))}"
        return field_at(place.field, self.snapshot) or place.field.partition("/")[0]

    @property
    def conflict_links(self) -> list[tuple[str, str]]:
        """Every conflict as (id of the field beside which it stands, words for it)."""
        return [(id_of(self.place(conflict)), conflict.words) for conflict in self.conflicts]

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """Every problem as (id of its field, words for the field, message); the id is "" where there is no field."""
        shown = []
        for problem in self.problems:
            name = self.target(problem.path)
            is_there = name in NEW_ROWS or name in ("change", "note") or name in self.values or name in (*LINES, *TEXTS)
            words = {"change": "kind of change", "note": "why"}.get(name) or words_of(problem.path)
            shown.append((id_of(name) if name and is_there else "", words if problem.path else "", problem.message))
        return shown
