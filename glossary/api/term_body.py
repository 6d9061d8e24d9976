"""A term as programs send it, described for the OpenAPI document; domain/snapshot.py is what judges it."""

from typing import Annotated

from pydantic import WithJsonSchema

from ..domain import snapshot
from ..domain.vocabulary import ALIAS_KINDS, MAPPING_KINDS, RELATION_KINDS, VOICES

SLUG = {"type": "string", "pattern": f"^{snapshot.SLUG.pattern}$", "maxLength": 100}
PER_VOICE = {
    "type": "object",
    "required": list(VOICES),
    "properties": {voice: {"type": "string", "minLength": 1} for voice in VOICES},
    "additionalProperties": False,
}
LINKED = {
    "description": "Another term: its reference, as the API gives it, its uid or its slug.",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "object", "required": ["uid"], "properties": {"uid": {"type": "string"}}},
    ],
}


def text(longest: int) -> dict:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def entry(required: list[str], **properties) -> dict:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def links(kinds: tuple[str, ...]) -> dict:
    note = {"type": "string", "maxLength": 400}
    return {"type": "array", "items": entry(["term", "kind"], term=LINKED, kind={"enum": list(kinds)}, note=note)}


SCHEMA = {
    "title": "ProposedTerm",
    "type": "object",
    "description": "A term as /terms/{slug} gives it. What stands beside its text there (status, addresses, html) is "
    "passed over; a new term may leave out its uid.",
    "required": ["slug", "label", "voice", "category", "say", "avoid", "lines", "definitions", "gap"],
    "properties": {
        "uid": {"type": "string", "pattern": f"^{snapshot.UID.pattern}$"},
        "slug": SLUG,
        "label": text(100),
        "voice": {"enum": list(VOICES)},
        "category": SLUG | {"description": "The slug of a category that there is."},
        "say": text(400),
        "avoid": text(400),
        "lines": PER_VOICE,
        "definitions": PER_VOICE | {"description": "Markdown."},
        "gap": {"type": "string", "minLength": 1, "description": "Markdown."},
        "scenarios": {"type": "array", "items": SLUG},
        "captions": {"type": "object", "additionalProperties": text(400)},
        "aliases": {
            "type": "array",
            "items": entry(
                ["text", "kind"],
                text=text(100),
                kind={"enum": list(ALIAS_KINDS)},
                note={"type": "string", "maxLength": 400},
            ),
        },
        "mappings": links(MAPPING_KINDS),
        "relations": links(RELATION_KINDS),
        "sources": {"type": "array", "items": entry(["title", "url"], title=text(200), url=text(500))},
        "code": {"type": "object"},
    },
    "example": {
        "slug": "outbox",
        "label": "outbox",
        "voice": "engineer",
        "category": "kafka",
        "say": "Say outbox when you mean the table.",
        "avoid": "Avoid it for a queue of mails.",
        "lines": {
            "engineer": "A table of messages that are written with the data that they tell of.",
            "manager": "A tray for messages that nobody can forget to send.",
        },
        "definitions": {
            "engineer": "Messages are written in the transaction that changes the data, and sent from there.",
            "manager": "What was decided and what is told about it cannot differ.",
        },
        "gap": "Engineers mean the table; managers think of e-mail.",
    },
}
ProposedTerm = Annotated[dict, WithJsonSchema(SCHEMA)]
