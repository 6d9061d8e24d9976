"""A sample log as a form: its records are a text, as JSON Lines, so that thousands of them stay usable."""

from datetime import UTC, datetime, timedelta

from ..domain.plain_json import read_json, write_json
from ..domain.problems import Problem
from ..domain.snapshot import MOST_RECORDS
from .fields import Field, Fields, problem_at

LONGEST_TEXT = 8_000_000
MOST_TOLD = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fields_of(snapshot: dict) -> Fields:
    """Everything that a snapshot says, a record on each line, as browsers write JSON."""
    texts = {name: snapshot[name] for name in ("title", "slug", "description")}
    return texts | {"records": "\n".join(write_json(record, is_compact=True) for record in snapshot["records"])}


class Reading:
    """What fields say. `snapshot` leaves out lines that cannot be read, and `problems` name them."""

    def __init__(self, fields: Fields):
        self.problems: list[Problem] = []
        # The line on which each record stands.
        self.lines: list[int] = []
        self.snapshot = {name: fields.get(name, "") for name in ("slug", "title", "description")}
        self.snapshot["records"] = self.records(fields.get("records", ""))

    def records(self, text: str) -> list:
        if len(text) > LONGEST_TEXT:
            self.report(f"has {len(text)} characters; the most is {LONGEST_TEXT}")
            return []
        if text.lstrip().startswith("["):
            return self.listed(text)
        filled = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(filled) > MOST_RECORDS:
            self.report(f"has {len(filled)} records; the most is {MOST_RECORDS}")
            return []
        records, unread = [], []
        for number, line in filled:
            try:
                records.append(with_time(read_json(line)))
                self.lines.append(number)
            except ValueError as error:
                unread.append(f"line {number}: {error}")
        if unread:
            self.report(told(unread))
        return records

    def listed(self, text: str) -> list:
        """The records of one JSON list."""
        try:
            records = read_json(text)
        except ValueError as error:
            self.report(str(error))
            return []
        self.lines = list(range(1, len(records) + 1))
        return list(map(with_time, records))

    def report(self, message: str) -> None:
        self.problems.append(Problem("records", message))

    def tell(self, problems: list[Problem]) -> list[Problem]:
        """Problems of single records told as ones of the text, by line."""
        of_records = [problem for problem in problems if problem.path.startswith("records/")]
        if not of_records:
            return problems
        others = [problem for problem in problems if not problem.path.startswith("records/")]
        return [*others, Problem("records", told([self.by_line(problem) for problem in of_records]))]

    def by_line(self, problem: Problem) -> str:
        _, index, *rest = problem.path.split("/")
        name = "/".join(rest)
        return f"line {self.lines[int(index)]}: {f'{name}: ' if name else ''}{problem.message}"


def told(messages: list[str]) -> str:
    more = f"; and {len(messages) - MOST_TOLD} more" if len(messages) > MOST_TOLD else ""
    return "; ".join(messages[:MOST_TOLD]) + more


def with_time(record):
    """A record whose time was written as ISO 8601, with milliseconds; anything else as it is."""
    if not isinstance(record, dict) or not isinstance(record.get("time"), str):
        return record
    try:
        moment = datetime.fromisoformat(record["time"])
    except ValueError:
        return record
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return record | {"time": (moment - EPOCH) // timedelta(milliseconds=1)}


class LogForm:
    """What a template asks of the form."""

    def __init__(self, fields: Fields, problems: list[Problem], *, is_new: bool):
        def field(name: str, label: str, **more) -> Field:
            return Field(name, label, fields.get(name, ""), problem=problem_at(problems, name), **more)

        self.about = [
            field("title", "Title", longest=120),
            *([field("slug", "Address", hint=SLUG_HINT, longest=100)] if is_new else []),
            field("description", "Description", kind="text", hint="What happens in it, on one line.", longest=1000),
        ]
        self.records = field("records", "Records", kind="lines", hint=RECORDS_HINT)


SLUG_HINT = "Its own name: lower-case letters, digits and hyphens. It stays for ever."
RECORDS_HINT = (
    "One record on each line, as JSON: time (milliseconds, or like 2026-03-02T09:04:12Z), key, type, value; offset and "
    "size where they are given."
)
