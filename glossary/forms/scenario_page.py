"""The form of a scenario as its page shows it: each field with its label, what it takes, and its problem."""

from functools import cached_property

from ..domain.parameters import STRUCTURES, expectation, write_value
from ..domain.problems import Problem
from ..domain.vocabulary import CLAIM_OPERATORS, VOICES
from .fields import Field, Fields, Option, Row, problem_at, rows_of

OPERATOR_WORDS = {
    "eq": "is",
    "ne": "is not",
    "lt": "is less than",
    "le": "is at most",
    "gt": "is greater than",
    "ge": "is at least",
    "contains": "contains",
    "excludes": "does not contain",
    "length": "has the length",
}
DEFAULT = Option("", "the model’s default")


class ScenarioForm:
    """What a template asks of the form.

    models: the engine's models as catalogue.models() gives them. logs: slug and title of every sample log.
    focus: the row or field that the last deed was about.
    """

    def __init__(self, fields: Fields, problems: list[Problem], *, models: dict, logs: list[tuple], is_new, focus=""):
        self.values = fields
        self.problems = problems
        self.models = models
        self.logs = logs
        self.is_new = is_new
        self.focus = focus
        self.shown: set[str] = set()

    # --- fields

    def field(self, name: str, label: str, *, options: tuple[Option, ...] = (), **more) -> Field:
        self.shown.add(name)
        value = self.values.get(name, "")
        if options and value not in dict(options):
            options = (Option(value, f"{value:.60} (not known here)" if value else "Choose"), *options)
        problem = problem_at(self.problems, name)
        return Field(name, label, value, problem=problem, options=options, has_focus=name == self.focus, **more)

    @cached_property
    def about(self) -> list[Field]:
        models = tuple(Option(id, model["title"]) for id, model in self.models.items())
        logs = tuple(Option(slug, title) for slug, title in self.logs)
        slug = [self.field("slug", "Address", hint=SLUG_HINT, longest=100)] if self.is_new else []
        return [
            self.field("title", "Title", longest=120),
            *slug,
            self.field("model", "Model", kind="choice", options=models, redraws=True),
            self.field("log", "Sample log", kind="choice", options=logs),
            self.field("start", "First step shown", kind="number", hint=START_HINT),
        ]

    @cached_property
    def captions(self) -> list[Field]:
        return self.voices("captions", "Caption", longest=600)

    @cached_property
    def questions(self) -> list[Field]:
        return self.voices("question", "Question", longest=400)

    @cached_property
    def answers(self) -> list[Field]:
        return self.voices("question/answer", "Answer", longest=600)

    def voices(self, path: str, label: str, *, longest: int) -> list[Field]:
        return [
            self.field(f"{path}/{voice}", f"{label}, {voice}", kind="text", voice=voice, longest=longest)
            for voice in VOICES
        ]

    # --- the model's own

    @cached_property
    def model(self) -> dict | None:
        return self.models.get(self.values.get("model", ""))

    @cached_property
    def params(self) -> list[Field]:
        return [self.param("params", param) for param in self.model["params"]] if self.model else []

    def param(self, path: str, param: dict) -> Field:
        label = f"{param['label']['engineer']}{unit_of(param)}"
        return self.field(f"{path}/{param['name']}", label, **widget(param))

    @cached_property
    def kinds(self) -> dict[str, dict]:
        return {kind["kind"]: kind for kind in self.model["interventions"]} if self.model else {}

    @cached_property
    def interventions(self) -> list[Row]:
        return self.rows("interventions", self.intervention)

    def intervention(self, path: str, values: Fields) -> dict[str, Field]:
        kind = values.get("kind", "")
        options = tuple(Option(id, each["label"]["engineer"]) for id, each in self.kinds.items())
        fields = {
            "kind": self.field(f"{path}/kind", "What happens", kind="choice", options=options, redraws=True),
            "at": self.field(f"{path}/at", "After how many records", kind="number", hint="Empty: at the end."),
        }
        params = self.kinds[kind]["params"] if kind in self.kinds else []
        return fields | {f"param {param['name']}": self.param(path, param) for param in params}

    @cached_property
    def rupture(self) -> list[Field]:
        by = (Option("intervention", "something that happens"), Option("params", "other parameter values"))
        fields = [
            self.field("break/label", "What the button does", hint="As “Break it: …”.", longest=80),
            self.field("break/by", "It breaks by", kind="choice", options=by, redraws=True),
        ]
        if self.values.get("break/by") == "intervention":
            kind = self.values.get("break/intervention/kind", "")
            return [*fields, *self.intervention("break/intervention", {"kind": kind}).values()]
        return fields + ([self.param("break/params", param) for param in self.model["params"]] if self.model else [])

    # --- claims

    @cached_property
    def claims(self) -> list[Row]:
        return self.rows("claims", self.claim)

    def claim(self, path: str, values: Fields) -> dict[str, Field]:
        operators = tuple(Option(op, OPERATOR_WORDS[op]) for op in CLAIM_OPERATORS)
        voices = {
            voice: self.field(f"{path}/{voice}", f"In words, {voice}", kind="text", voice=voice, longest=300)
            for voice in VOICES
        }
        return voices | {
            "path": self.field(f"{path}/path", "Where to look", kind="code-line", hint=POINTER_HINT, longest=300),
            "op": self.field(f"{path}/op", "What is there", kind="choice", options=operators),
            "value": self.field(f"{path}/value", "Value, as JSON", kind="code", hint=VALUE_HINT),
            "at": self.field(f"{path}/at", "After step", kind="number", hint="Empty: at the end."),
            "id": self.field(f"{path}/id", "Name of the claim", kind="code-line", hint=ID_HINT, longest=100),
        }

    # --- lists

    def rows(self, name: str, fields) -> list[Row]:
        rows = rows_of(self.values, name)
        last = len(rows) - 1
        return [
            Row(name, index, fields(f"{name}/{index}", row), is_first=index == 0, is_last=index == last)
            for index, row in enumerate(rows)
        ]

    @cached_property
    def kept(self) -> Fields:
        """What was typed into fields that the chosen model or kind does not have: it stays, in case they come back."""
        self.show_all()
        return {name: text for name, text in self.values.items() if text and name not in self.shown | OTHERS}

    def show_all(self) -> None:
        """Makes every field, so that `shown` names them all."""
        for name in ("about", "captions", "questions", "answers", "params", "interventions", "rupture", "claims"):
            getattr(self, name)


# Sent with the form, and no part of what is shown in it.
OTHERS = {"slug"}
SLUG_HINT = "Its own part of the address: lower-case letters, digits and hyphens. It stays for ever."
START_HINT = "Just before the most telling step. Empty: the beginning."
POINTER_HINT = "A JSON Pointer that begins /result, /checks or /scene."
VALUE_HINT = 'Texts in double quotes: 5, "Leeds", [2, 6], true.'
ID_HINT = "Lower-case letters, digits and hyphens."


def unit_of(param: dict) -> str:
    return f", {param['unit']}" if param.get("unit") else ""


def widget(param: dict) -> dict:
    """How a parameter is asked for; left empty, it has the model's default."""
    default = param.get("default")
    hint = f"{expectation(param)[0].upper()}{expectation(param)[1:]}."
    if default is not None:
        hint = f"Empty: {write_value(default, param)}." if param["type"] not in STRUCTURES else hint
    elif param.get("nullable"):
        hint = "Empty: none."
    match param["type"]:
        case "choice":
            choices = [Option(choice["value"], choice["label"]["engineer"]) for choice in param["choices"]]
            first = with_default(default, dict(choices))
            return {"kind": "choice", "options": (first, *choices)}
        case "boolean":
            choices = {"true": "yes", "false": "no"}
            first = with_default(None if default is None else str(default).lower(), choices)
            return {"kind": "choice", "options": (first, *(Option(*choice) for choice in choices.items()))}
        case "integer" | "number":
            return {"kind": "number", "hint": hint}
        case "string":
            return {"kind": "line", "hint": hint, "longest": 200}
    shown = write_value(default, param).replace("\n", "; ") if default else "none"
    how = STRUCTURE_HINTS[param["type"]]
    if "columns" in param:
        how = f"{how} {' '.join(column_hint(column) for column in param['columns'])}"
    return {"kind": "code", "hint": f"{how} Empty: {shown}."}


def column_hint(column: dict) -> str:
    if "default" not in column:
        return f"{column['name']}: {expectation(column)}."
    default = "none" if column["default"] is None else write_value(column["default"], column)
    return f"{column['name']}: {expectation(column)}, {default} where it is left out."


STRUCTURE_HINTS = {
    "list": "One on each line; [] for none.",
    "numbers": "One number on each line; [] for none.",
    "map": "On each line a name, = and a number; {} for none.",
    "strings": "On each line a name, = and a text; {} for none.",
    "lists": "On each line a name, = and texts with commas between; {} for none.",
    "row": "In one line, as column = value, column = value.",
    "rows": "One row on each line, as column = value, column = value; [] for none.",
}


def with_default(default, choices: dict) -> Option:
    return DEFAULT if default is None else Option("", f"{choices[default]} (the model’s default)")


LISTS = {"claims": "claim", "interventions": "intervention"}
PLACES = {"params": "parameter", "captions": "caption", "break": "the break", "log": "sample log"}


def words_of(path: str) -> str:
    """What a field of a scenario or sample log is called: "claim 2, value", "caption, engineer"."""
    head, *rest = path.split("/")
    if head in LISTS and rest:
        index = int(rest[0]) + 1 if rest[0].isdecimal() else rest[0]
        return ", ".join([f"{LISTS[head]} {index}", *rest[1:]])
    return ", ".join([PLACES.get(head, head), *rest])
