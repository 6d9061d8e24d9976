"""What was found in documents, as people and other programs read it: text, JSON, SARIF, annotations of GitHub."""

import json
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

LEVELS = ("info", "warning", "error")
SARIF_LEVELS = {"info": "note", "warning": "warning", "error": "error"}
RULES = {
    "info": "A term of the dictionary is used.",
    "warning": "A word is ambiguous, misspelt or to be avoided.",
    "error": "A term is retired.",
}


class Finding(NamedTuple):
    """A hit in a file. `address` is where its term is explained."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    slug: str
    label: str
    address: str
    matched: str
    level: str
    message: str


def as_text(findings: list[Finding]) -> str:
    return "".join(
        f"{each.path}:{each.line}:{each.column}: {each.level}: {each.message} {each.address}\n" for each in findings
    )


def as_json(findings: list[Finding]) -> str:
    return json.dumps([each._asdict() for each in findings], ensure_ascii=False, indent=1) + "\n"


def as_github(findings: list[Finding]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a change."""

    def escaped(text: str, *, in_property: bool = False) -> str:
        signs = {"%": "%25", "\r": "%0D", "\n": "%0A"} | ({":": "%3A", ",": "%2C"} if in_property else {})
        return "".join(signs.get(character, character) for character in text)

    kinds = {"info": "notice", "warning": "warning", "error": "error"}
    return "".join(
        f"::{kinds[each.level]} file={escaped(each.path, in_property=True)},line={each.line},col={each.column},"
        f"endLine={each.end_line},endColumn={each.end_column}::{escaped(f'{each.message} {each.address}')}\n"
        for each in findings
    )


def as_sarif(findings: list[Finding]) -> str:
    """SARIF 2.1.0: columns in code points, the end exclusive, as the standard has it."""
    results = [
        {
            "ruleId": each.level,
            "level": SARIF_LEVELS[each.level],
            "message": {"text": f"{each.message} {each.address}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(each.path, errors="surrogateescape")},
                        "region": {
                            "startLine": each.line,
                            "startColumn": each.column,
                            "endLine": each.end_line,
                            "endColumn": each.end_column,
                        },
                    }
                }
            ],
        }
        for each in findings
    ]
    rules = [{"id": level, "shortDescription": {"text": sentence}} for level, sentence in RULES.items()]
    run = {
        "tool": {"driver": {"name": "check_docs", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, Callable[[list[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
