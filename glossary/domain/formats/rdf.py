"""Statements about things that have addresses, written as Turtle or as JSON-LD, thing by thing.

A text of Turtle is written as JSON writes one. Blank nodes have no names, so the bytes stay the same.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .entries import quoted


class Iri(NamedTuple):
    """Something that is known by its address."""

    address: str


class Words(NamedTuple):
    """A text for people, in English."""

    text: str


class Blank(NamedTuple):
    """Something without an address: what is said of it."""

    statements: list[tuple]


class Node(NamedTuple):
    """Something with an address: what it is, as a prefixed name, and what is said of it.

    statements: (prefixed name, value); a value is an Iri, Words, a Blank, a text without a language, or a boolean.
    """

    address: str
    kind: str
    statements: list[tuple]


def turtle(prefixes: dict[str, str], nodes: Iterable[Node]) -> Iterator[str]:
    for name, address in prefixes.items():
        yield f"@prefix {name}: <{address}> .\n"
    for node in nodes:
        said = [("a", node.kind), *((name, in_turtle(value)) for name, value in node.statements)]
        yield f"\n<{iri(node.address)}> " + " ;\n  ".join(f"{name} {value}" for name, value in said) + " .\n"


def in_turtle(value) -> str:
    match value:
        case Iri(address):
            return f"<{iri(address)}>"
        case Words(text):
            return f"{quoted(text)}@en"
        case Blank(statements):
            said = " ; ".join(f"{name} {in_turtle(each)}" for name, each in statements)
            return f"[ {said} ]"
        case bool():
            return str(value).lower()
    return quoted(value)


def json_ld(prefixes: dict[str, str], nodes: Iterable[Node]) -> Iterator[str]:
    yield '{"@context": ' + json.dumps(prefixes) + ',\n"@graph": ['
    for position, node in enumerate(nodes):
        said = {"@id": iri(node.address), "@type": node.kind} | gathered(node.statements)
        yield (",\n" if position else "\n") + json.dumps(said, ensure_ascii=False)
    yield "\n]}\n"


def gathered(statements: list[tuple]) -> dict:
    """Statements by what they state, as JSON-LD has them: a list wherever there are several."""
    said: dict[str, list] = {}
    for name, value in statements:
        said.setdefault(name, []).append(in_json_ld(value))
    return {name: values if len(values) > 1 else values[0] for name, values in said.items()}


def in_json_ld(value):
    match value:
        case Iri(address):
            return {"@id": iri(address)}
        case Words(text):
            return {"@value": text, "@language": "en"}
        case Blank(statements):
            return gathered(statements)
    return value


def iri(address: str) -> str:
    """An address with what neither notation takes in one percent-encoded."""
    return "".join(f"%{ord(sign):02X}" if sign in '<>"{}|^`\\' or ord(sign) <= 32 else sign for sign in address)
