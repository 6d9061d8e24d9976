"""The dictionary as text files: reading them with line numbers, writing them in one canonical form.

A term is `terms/<slug>.md` (TOML front matter, then one section per text), a scenario
`scenarios/<slug>.toml`, a sample log `logs/<slug>.jsonl`. Read data has the shape of a
snapshot, but names terms by slug. What is read and written again gives the same bytes.
"""

import json
import re
import tomllib
from dataclasses import dataclass, field

from .problems import Problem
from .vocabulary import VOICES

FENCE = "+++"
SECTIONS = {"Engineer": ("definitions", "engineer"), "Manager": ("definitions", "manager"), "Gap": ("gap",)}
CODE_SECTIONS = {"Python": ("code", "python"), "Clojure": ("code", "clojure")}
# The lists of a term, and the fields of their items in the order in which they are written.
ITEMS = {
    "aliases": ("text", "kind", "note"),
    "mappings": ("term", "kind", "note"),
    "relations": ("term", "kind", "note"),
    "sources": ("title", "url"),
}
HEADING = re.compile(r"# (\w+)[ \t]*$")
TABLE = re.compile(r"\s*(\[\[|\[)\s*([A-Za-z0-9_.\-\"]+)\s*\]")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")
BARE = re.compile(r"[A-Za-z0-9_-]+")
TOML_ERROR_LINE = re.compile(r"at line (\d+)")


@dataclass
class ContentFile:
    """What a file says (`data`; None if it cannot be parsed) and where (`lines`: path → line, from 1)."""

    slug: str
    data: dict | None = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: str) -> int:
        """The line of a field, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition("/")[0]
        return self.lines.get(path, 1)


def read_term(text: str, slug: str) -> ContentFile:
    file = ContentFile(slug)
    lines = text.split("\n")
    if lines[0] != FENCE or FENCE not in lines[1:]:
        file.problems.append(Problem("", f"must begin with front matter between two lines {FENCE}"))
        return file
    end = lines.index(FENCE, 1)
    data = read_toml("\n".join(lines[1:end]), file, first_line=2)
    if data is not None:
        data["slug"] = slug
        file.data = data
        read_sections(lines[end + 1 :], end + 2, file)
    return file


def read_toml(text: str, file: ContentFile, first_line: int) -> dict | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = TOML_ERROR_LINE.search(str(error))
        file.lines["syntax"] = first_line - 1 + int(at.group(1)) if at else first_line
        file.problems.append(Problem("syntax", f"cannot be read as TOML: {error}"))
        return None
    except RecursionError:
        file.problems.append(Problem("", "is nested too deeply"))
        return None
    file.lines |= toml_lines(text.split("\n"), first_line)
    return data


def toml_lines(lines: list[str], first_line: int) -> dict[str, int]:
    """Where each key of a TOML text stands: {"aliases/0/kind": 12, …}."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(lines, first_line):
        if header := TABLE.match(line):
            prefix = header.group(2).replace('"', "").replace(".", "/")
            if header.group(1) == "[[":
                counts[prefix] = counts.get(prefix, -1) + 1
                prefix = f"{prefix}/{counts[prefix]}"
            found.setdefault(prefix, number)
        elif key := KEY.match(line):
            name = key.group(1).strip('"')
            found.setdefault(f"{prefix}/{name}" if prefix else name, number)
    return found


def read_sections(lines: list[str], first_line: int, file: ContentFile) -> None:
    texts: dict[tuple, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(lines, first_line):
        heading = HEADING.match(line)
        path = heading and (SECTIONS | CODE_SECTIONS).get(heading.group(1))
        if path:
            if path in texts:
                file.lines[f"section{number}"] = number
                file.problems.append(Problem(f"section{number}", f"a second section {line.strip()!r}"))
            current = texts.setdefault(path, [])
            file.lines["/".join(path)] = number
        elif current is not None:
            current.append(line)
        elif line.strip():
            file.lines["body"] = number
            file.problems.append(Problem("body", "text before the first section; begin with # Engineer"))
            return
    for path, body in texts.items():
        put_section(file, path, "\n".join(body).strip("\n").rstrip())
    # A missing voice is then reported by name, at the end of the file.
    file.data.setdefault("definitions", {})
    file.lines.setdefault("definitions", first_line + len(lines) - 1)
    file.lines.setdefault("gap", first_line + len(lines) - 1)


def put_section(file: ContentFile, path: tuple[str, ...], text: str) -> None:
    place = file.data
    for name in path[:-1]:
        place = place.setdefault(name, {})
    where = "/".join(path)
    if isinstance(place, dict) and path[-1] not in place:
        place[path[-1]] = text
    else:
        file.problems.append(Problem(where, "is in the front matter and in a section; leave one of them out"))


def write_term(data: dict) -> str:
    front = Toml()
    for name in ("uid", "label", "voice", "category", "say", "avoid", "scenarios"):
        if name in data:
            front.pair(name, data[name])
    sections, kept_whole = {}, {}
    for heading, path in (SECTIONS | CODE_SECTIONS).items():
        text = data
        for name in path:
            text = text.get(name, {})
        if text and stands_in_a_section(text):
            sections[heading] = text
        elif text:
            kept_whole[path] = text
    if ("gap",) in kept_whole:
        front.pair("gap", kept_whole["gap",])
    front.empty_ones(data, ("captions", "code", *ITEMS))
    front.table("lines", {voice: data["lines"][voice] for voice in VOICES})
    for name in ("definitions", "code"):
        texts = {path[1]: text for path, text in kept_whole.items() if path[0] == name}
        if name == "code" and "path" in data.get("code", {}):
            texts = {"path": data["code"]["path"]} | texts
        if texts:
            front.table(name, texts)
    if data.get("captions"):
        front.table("captions", data["captions"])
    for name, keys in ITEMS.items():
        for item in data.get(name, []):
            front.array_table(name, {key: item[key] for key in keys if key in item})
    body = "\n".join(f"# {heading}\n\n{text}\n" for heading, text in sections.items())
    return f"{FENCE}\n{front}{FENCE}\n{body}"


def stands_in_a_section(text: str) -> bool:
    """Whether a text comes back from a section as it was; another is written into the front matter, in quotes."""
    headings = (HEADING.match(line) for line in text.split("\n"))
    return (
        "\r" not in text
        and text == text.strip("\n").rstrip()
        and not any(found and found.group(1) in SECTIONS | CODE_SECTIONS for found in headings)
    )


def read_scenario(text: str, slug: str) -> ContentFile:
    file = ContentFile(slug)
    file.data = read_toml(text, file, first_line=1)
    if file.data is not None:
        file.data["slug"] = slug
    return file


def write_scenario(data: dict) -> str:
    toml = Toml()
    for name in ("title", "model", "log", "start"):
        if name in data:
            toml.pair(name, data[name])
    toml.empty_ones(data, ("params", "interventions", "claims"))
    if data.get("params"):
        toml.table("params", data["params"])
    for item in data.get("interventions", []):
        toml.array_table("interventions", item)
    toml.table("captions", {voice: data["captions"][voice] for voice in VOICES})
    toml.table("question", {voice: data["question"][voice] for voice in VOICES})
    toml.table("question.answer", {voice: data["question"]["answer"][voice] for voice in VOICES})
    toml.table("break", {"label": data["break"]["label"]})
    for name in ("params", "intervention"):
        if name in data["break"]:
            toml.table(f"break.{name}", data["break"][name])
    for claim in data["claims"]:
        names = ("id", "at", "path", "op", "value", *VOICES)
        toml.array_table("claims", {name: claim[name] for name in names if name in claim})
    return str(toml)


def read_log(text: str, slug: str) -> ContentFile:
    file = ContentFile(slug)
    documents = []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        path = f"records/{number - 2}" if number > 1 else "title"
        file.lines[path] = number
        try:
            documents.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            file.problems.append(Problem(path, f"cannot be read as JSON: {error}"))
    if not file.problems:
        head = documents[0] if isinstance(documents[0], dict) else {"title": documents[0]}
        file.data = {**head, "slug": slug, "records": documents[1:]}
    return file


def write_log(data: dict) -> str:
    head = {"title": data["title"], "description": data["description"]}
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (head, *data["records"]))


def read_categories(text: str) -> ContentFile:
    file = ContentFile("categories")
    file.data = read_toml(text, file, first_line=1)
    return file


def write_categories(categories: list[dict]) -> str:
    toml = Toml()
    for category in categories:
        toml.array_table("categories", {name: category[name] for name in ("slug", "label", "description")})
    return str(toml)


class Toml:
    """Writes the part of TOML that content files use: pairs, tables, arrays of tables, inline values."""

    def __init__(self):
        self._lines: list[str] = []

    def __str__(self):
        return "".join(f"{line}\n" for line in self._lines)

    def pair(self, name: str, value) -> None:
        self._lines.append(f"{toml_key(name)} = {toml_value(value)}")

    def empty_ones(self, data: dict, names: tuple[str, ...]) -> None:
        """Tables and lists that are there and hold nothing: TOML says so in pairs, which come before tables."""
        for name in names:
            if name in data and not data[name]:
                self.pair(name, data[name])

    def table(self, name: str, values: dict) -> None:
        """Nested tables follow their parent, as TOML demands."""
        nested = {key: value for key, value in values.items() if isinstance(value, dict)}
        self._lines.append(f"[{name}]")
        for key, value in values.items():
            if key not in nested:
                self.pair(key, value)
        for key, value in nested.items():
            self.table(f"{name}.{toml_key(key)}", value)

    def array_table(self, name: str, values: dict) -> None:
        self._lines.append(f"[[{name}]]")
        for key, value in values.items():
            self.pair(key, value)


def toml_key(name: str) -> str:
    return name if BARE.fullmatch(name) else toml_value(name)


def toml_value(value) -> str:
    """A TOML value on one line; raises ValueError for null, which TOML cannot say."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    raise ValueError(f"{value!r} cannot be written as TOML")
