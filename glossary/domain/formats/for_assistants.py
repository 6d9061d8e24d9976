"""The dictionary for language models: an index of terms, and every definition in full, as Markdown."""

from collections.abc import Callable, Iterable, Iterator

from ..vocabulary import VOICES
from .entries import Entry, plain


def index(title: str, home: str, said_by: Callable[[str], Iterable[Entry]]) -> Iterator[str]:
    """`said_by` gives the entries of a voice."""
    yield f"# {title}\n\n> One vocabulary for event-driven architecture, in two voices.\n\n"
    yield f"- [Every definition in full]({home}llms-full.txt)\n"
    yield f"- [The API]({home}api/v1/openapi.json): search, translate, check a document\n"
    yield f"- {home}mcp: the same as tools, by the Model Context Protocol\n"
    for voice in VOICES:
        yield f"\n## What {voice}s say\n\n"
        for entry in said_by(voice):
            yield f"- [{entry.label}]({entry.permanent_url}): {entry.line}\n"


def in_full(title: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield f"# {title}\n"
    for entry in entries:
        snapshot = entry.snapshot
        yield f"\n## {entry.label} ({entry.voice}s’ word)\n\n{entry.permanent_url}\n"
        if also := ", ".join(entry.forms()[1:]):
            yield f"\nAlso: {also}.\n"
        for voice in VOICES:
            yield f"\n### For {voice}s\n\n{snapshot['lines'][voice]}\n\n{plain(snapshot['definitions'][voice])}\n"
        yield f"\n### The gap\n\n{plain(snapshot['gap'])}\n"
        yield f"\nSay: {snapshot.get('say', '')}\n\nAvoid: {snapshot.get('avoid', '')}\n"
