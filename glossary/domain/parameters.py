"""What models declare of their parameters: which values they take as they are, and how a form writes those values.

A declaration is as the engine describes itself in catalogue.json: {name, type, label, default?, min?, max?, maxItems?,
choices?, columns?, nullable?}. The engine amends whatever does not fit (static/simulator/engine/params.js, whose rules
these are); here an author is told.

In a form a structure has one entry on each line: `billing` in a list, `orders = 6` in a table of numbers or texts,
`A = orders, payments` in a table of lists, `op = send, producer = A` in a row or a list of rows. An entry that could
be mistaken for something else stands in quotes as JSON writes them, and a whole value may be JSON: `[]` is an empty
list, where nothing means the default.
"""

import re

from .plain_json import LARGEST_NUMBER, read_json, unfit, write_json
from .problems import Problem

MOST_ITEMS = 100
LONGEST_TEXT = 200
MOST_INTERVENTIONS = 200
# Types whose values are lists or tables, one entry on each line of a form.
STRUCTURES = ("list", "numbers", "map", "strings", "lists", "row", "rows")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
PLAIN = re.compile(r"""[^\s"\[{=,](?:[^\n=,]*[^\s=,])?""")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


# --- which values a model takes


def param_problems(values, declared: dict[str, dict], path: str, *, also: tuple = ()) -> list[Problem]:
    """What is wrong with a table of parameters. `also`: names that it may hold beside them, checked elsewhere."""
    if not isinstance(values, dict):
        return [Problem(path, f"{values!r:.60} must be a table of parameters")]
    problems = []
    for name, value in values.items():
        if name in also:
            continue
        if name not in declared:
            known = ", ".join(declared) or "none"
            problems.append(Problem(f"{path}/{name}", f"unknown parameter {name!r:.60}; known are {known}"))
        elif reason := value_problem(value, declared[name]):
            problems.append(Problem(f"{path}/{name}", reason))
    return problems


def intervention_problems(value, declared: dict[str, dict], path: str) -> list[Problem]:
    """What is wrong with an intervention; `declared` has the declarations of each kind's parameters, by kind."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in declared:
        return [Problem(f"{path}/kind", f"unknown intervention {kind!r:.60}; known are {', '.join(declared)}")]
    problems = param_problems(value, declared[kind], path, also=("kind", "at"))
    at = value.get("at", 0)
    if not is_whole(at) or at < 0:
        problems.append(Problem(f"{path}/at", f"{at!r:.60} must be a number of records: 0 or more"))
    for name, param in declared[kind].items():
        if "default" not in param and name not in value:
            problems.append(Problem(f"{path}/{name}", f"{name} is missing; it must be {expectation(param)}"))
    return problems


def value_problem(value, param: dict) -> str | None:
    """Why a model would not take a value as it is; None where it would."""
    if value is None:
        return "null cannot be kept here; leave the parameter out"
    if reason := unfit(value, nulls=False):
        return reason
    if not fits(value, param):
        return first_row_problem(value, param) or f"{write_json(value):.60} must be {expectation(param)}"
    return None


def first_row_problem(value, param: dict) -> str | None:
    """What is wrong with the first row that does not fit, where nothing else is."""
    if param["type"] == "row" and isinstance(value, dict):
        return row_problem(value, param)
    if param["type"] != "rows" or not isinstance(value, list) or len(value) > most_items(param):
        return None
    reasons = ((number, row_problem(row, param)) for number, row in enumerate(value, 1))
    return next((f"row {number}: {reason}" for number, reason in reasons if reason), None)


def row_problem(row, param: dict) -> str | None:
    columns = by_name(param["columns"])
    if not isinstance(row, dict):
        return f"{write_json(row):.60} must be a table of {', '.join(columns)}"
    for name, item in row.items():
        if name not in columns:
            return f"unknown column {name!r:.60}; known are {', '.join(columns)}"
        if reason := value_problem(item, columns[name]):
            return f"{name}: {reason}"
    for name, column in columns.items():
        if "default" not in column and name not in row:
            return f"{name} is missing; it must be {expectation(column)}"
    return None


def fits(value, param: dict) -> bool:
    match param["type"]:
        case "integer":
            return is_whole(value) and within(value, param)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and within(value, param)
        case "boolean":
            return isinstance(value, bool)
        case "choice":
            return value in [choice["value"] for choice in param["choices"]]
        case "string":
            return is_text(value)
        case "list":
            return are_texts(value, most=most_items(param))
        case "numbers":
            return isinstance(value, list) and len(value) <= most_items(param) and all(is_number(param, value))
        case "row":
            return isinstance(value, dict) and not row_problem(value, param)
        case "rows":
            return isinstance(value, list) and len(value) <= most_items(param) and not first_row_problem(value, param)
    return isinstance(value, dict) and len(value) <= most_items(param) and all(is_entry(param, value))


def is_number(param: dict, value: list):
    return (is_whole(item) and within(item, param) for item in value)


def by_name(columns: list[dict]) -> dict[str, dict]:
    return {column["name"]: column for column in columns}


def is_entry(param: dict, value: dict):
    """Whether each entry of a table is one that its type takes."""
    for name, item in value.items():
        match param["type"]:
            case "map":
                is_right = is_whole(item) and within(item, param)
            case "strings":
                is_right = is_text(item)
            case _:
                is_right = are_texts(item, most=most_items(param))
        yield is_text(name) and is_right


def is_whole(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1


def is_text(value) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_TEXT and not CONTROL.search(value)


def are_texts(value, *, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(map(is_text, value)) and len(set(value)) == len(value)


def within(number, param: dict) -> bool:
    return param.get("min", -LARGEST_NUMBER) <= number <= param.get("max", LARGEST_NUMBER)


def most_items(param: dict) -> int:
    return param.get("maxItems", MOST_ITEMS)


def expectation(param: dict) -> str:
    """What a value must be, to end a sentence."""
    bounds = between(param)
    most = f"at most {most_items(param)}"
    match param["type"]:
        case "integer":
            return f"a whole number{bounds}"
        case "number":
            return f"a number{bounds}"
        case "boolean":
            return "true or false"
        case "choice":
            return f"one of {', '.join(choice['value'] for choice in param['choices'])}"
        case "string":
            return f"a text of 1 to {LONGEST_TEXT} characters on one line"
        case "list":
            return f"a list of {most} different texts"
        case "numbers":
            return f"a list of {most} whole numbers{bounds}"
        case "map":
            return f"a table of {most} names with whole numbers{bounds}"
        case "strings":
            return f"a table of {most} names with texts"
        case ("row" | "rows") as kind:
            columns = ", ".join(f"{column['name']} ({expectation(column)})" for column in param["columns"])
            return f"a table with {columns}" if kind == "row" else f"a list of {most} rows with {columns}"
    return f"a table of {most} names with lists of different texts"


def between(param: dict) -> str:
    low, high = param.get("min"), param.get("max")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else f" of at most {high}" if high is not None else ""


# --- how a form writes them


def write_value(value, param: dict) -> str:
    """A value as a form shows it; one of the wrong shape as JSON, so that it can be seen and mended."""
    match param["type"], value:
        case "choice" | "string", str():
            return value
        case "list", [_, *_] if all_are(str, value):
            return "\n".join(map(write_entry, value))
        case "numbers", [_, *_] if all_are(int, value):
            return "\n".join(map(write_entry, value))
        case ("map" | "strings") as kind, dict() if value and all_are(int if kind == "map" else str, value.values()):
            return "\n".join(f"{write_entry(name)} = {write_entry(item)}" for name, item in value.items())
        case "lists", dict() if value and all(isinstance(item, list) and all_are(str, item) for item in value.values()):
            return "\n".join(
                f"{write_entry(name)} = {', '.join(map(write_entry, items))}" for name, items in value.items()
            )
        case "row", dict() if is_writable_row(value, param):
            return write_row(value)
        case "rows", [_, *_] if all(is_writable_row(row, param) for row in value):
            return "\n".join(map(write_row, value))
    return write_json(value)


def is_writable_row(row, param: dict) -> bool:
    """Whether a row comes back from its line as it was."""
    columns = by_name(param["columns"])
    return (
        isinstance(row, dict)
        and bool(row)
        and all(name in columns and is_cell(item, columns[name]) for name, item in row.items())
    )


def is_cell(item, column: dict) -> bool:
    return isinstance(item, str) if is_text_column(column) else isinstance(item, int | float)


def is_text_column(column: dict) -> bool:
    return column["type"] in ("choice", "string")


def write_row(row: dict) -> str:
    return ", ".join(f"{name} = {write_entry(item)}" for name, item in row.items())


def all_are(kind: type, values) -> bool:
    return all(isinstance(value, kind) for value in values)


def write_entry(item) -> str:
    return item if isinstance(item, str) and PLAIN.fullmatch(item) else write_json(item)


def read_value(text: str, param: dict):
    """The value that a form's text says. Raises ValueError with a sentence; whether it fits, `value_problem` tells."""
    kind = param["type"]
    if kind in ("choice", "string"):
        return text
    text = text.strip()
    if kind not in STRUCTURES:
        try:
            return read_json(text)
        except ValueError:
            raise ValueError(f"{text!r:.60} must be {expectation(param)}") from None
    if text.startswith(("[", "{")):
        return read_json(text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if kind == "row":
        return read_row(", ".join(lines), by_name(param["columns"]))
    if kind == "rows":
        return [read_row(line, by_name(param["columns"])) for line in lines]
    if kind in ("list", "numbers"):
        return [read_whole_entry(line, kind) for line in lines]
    return dict(read_pair(line, kind) for line in lines)


def read_pair(line: str, kind: str) -> tuple[str, object]:
    name, rest = read_entry(line, until="=")
    if not rest.startswith("="):
        raise ValueError(f"{line!r:.60} must be a name, = and a value")
    rest = rest[1:].strip()
    if kind != "lists":
        return name, read_whole_entry(rest, "numbers" if kind == "map" else kind)
    items = []
    while rest:
        item, rest = read_entry(rest, until=",")
        items.append(item)
        if rest and not rest.startswith(","):
            raise ValueError(f"{line!r:.60} must have commas between its entries")
        rest = rest[1:].strip()
    return name, items


def read_row(line: str, columns: dict[str, dict]) -> dict:
    row, rest = {}, line
    while rest:
        name, rest = read_entry(rest, until="=")
        if name not in columns:
            raise ValueError(f"{line!r:.60}: {name!r:.60} is no column; they are {', '.join(columns)}")
        if name in row:
            raise ValueError(f"{line!r:.60} has {name} twice")
        if not rest.startswith("="):
            raise ValueError(f"{line!r:.60} must have = and a value after {name}")
        item, rest = read_cell(rest[1:].strip(), columns[name])
        row[name] = item
        if rest and not rest.startswith(","):
            raise ValueError(f"{line!r:.60} must have commas between its columns")
        rest = rest[1:].strip()
    return row


def read_cell(text: str, column: dict) -> tuple[object, str]:
    """The value of a column at the beginning of a text, and what follows it."""
    item, rest = read_entry(text, until=",")
    return (item if is_text_column(column) else read_value(item, column)), rest


def read_whole_entry(text: str, kind: str):
    if kind == "numbers":
        try:
            return read_json(text)
        except ValueError:
            raise ValueError(f"{text!r:.60} must be a whole number") from None
    quoted = QUOTED.fullmatch(text)
    return read_json(text) if quoted else text


def read_entry(text: str, *, until: str) -> tuple[str, str]:
    """The first entry of a text, and what follows it."""
    if quoted := QUOTED.match(text):
        return read_json(quoted.group()), text[quoted.end() :].strip()
    entry, found, rest = text.partition(until)
    return entry.strip(), found + rest
