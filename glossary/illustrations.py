"""The idea of a term in code: highlighted beside each other, and as files that run by themselves.

A program finds the records of the figure's sample log under the name `log` and prints the part of the figure's outcome
that `path` names. The site shows programs and never runs one; the shipped ones are run by the tests.
"""

from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments.lexers import ClojureLexer, PythonLexer
from pygments.token import Comment, Keyword, Name, String

from .absolute import absolute
from .domain.edn import write_edn
from .domain.plain_json import write_json
from .domain.snapshot import CODE_LANGUAGES
from .models import Term

LEXERS = {"python": PythonLexer(), "clojure": ClojureLexer()}
SUFFIXES = {"python": "py", "clojure": "clj"}
# Few marks: pages are small, and colours belong to the voices.
MARKS = {"c": (Comment,), "k": (Keyword, Name.Builtin), "s": (String,)}
COMMENTS = {"python": "#", "clojure": ";;"}


class Illustration(NamedTuple):
    """A program in one language, as HTML."""

    language: str
    html: SafeString

    @property
    def title(self) -> str:
        return self.language.capitalize()


def illustrations(snapshot: dict) -> list[Illustration]:
    code = snapshot.get("code", {})
    return [
        Illustration(language, highlighted(code[language], language)) for language in CODE_LANGUAGES if language in code
    ]


def highlighted(text: str, language: str) -> SafeString:
    """Keywords, built-in names, texts and comments, each marked; everything else as it is."""
    pieces = (marked(escape(piece), kind) for kind, piece in LEXERS[language].get_tokens(text))
    return mark_safe("".join(pieces).rstrip("\n"))  # noqa: S308 – every piece is escaped


def marked(html: str, kind) -> str:
    name = next((name for name, kinds in MARKS.items() if any(kind in each for each in kinds)), None)
    return f'<span class="{name}">{html}</span>' if name and html.strip() else html


def records_for_programs(records: list[dict]) -> list[dict]:
    """Records as the engine reads them: the offset is their place and the size that of key and value, unless given."""
    return [
        {
            "offset": record.get("offset", place),
            **{name: record[name] for name in ("time", "key", "type", "value")},
            "size": record.get("size", size_of(record)),
        }
        for place, record in enumerate(records)
    ]


def size_of(record: dict) -> int:
    """Bytes of the key, and of the value as JSON without blanks; nothing has none."""
    key, value = record["key"], record["value"]
    text = "" if value is None else write_json(value, is_compact=True)
    return len(((key or "") + text).encode())


def runnable(term: Term, scenario, language: str) -> str | None:
    """A file that runs by itself: what it shows, the log of a scenario, the program. None where there is none."""
    code = term.current.snapshot.get("code", {})
    if language not in code:
        return None
    address = absolute("permanent", term.uid)
    about = [
        f"{term.label}: {address}",
        f"On the log “{scenario.log.title}”, it prints {code['path']} of the figure “{scenario.title}”.",
    ]
    return standalone(code[language], language, records=scenario.log.records, about=about)


def standalone(program: str, language: str, *, records: list[dict], about: list[str]) -> str:
    """A program behind the log that it reads; `about`: lines to begin with, as comments."""
    head = "\n".join(f"{COMMENTS[language]} {line}" for line in about)
    return f"{head}\n{log_literal(records_for_programs(records), language)}\n\n{program}\n"


def log_literal(records: list[dict], language: str) -> str:
    if language == "python":
        return "log = [\n" + "".join(f"    {record!r},\n" for record in records) + "]"
    return "(def log\n  [" + "\n   ".join(map(write_edn, records)) + "])"
