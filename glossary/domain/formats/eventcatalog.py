"""The ubiquitous language of a domain as EventCatalog has it: a dictionary in front matter, then a text.

What a reader of the catalogue sees is Markdown without links of ours. JSON is YAML, so texts are written as JSON does.
"""

from collections.abc import Iterable, Iterator

from .entries import Entry, plain, quoted


def ubiquitous_language(title: str, home: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield "---\ndictionary:\n"
    for entry in entries:
        definitions = entry.snapshot["definitions"]
        description = (
            f"{plain(definitions['engineer'])}\n\n**For managers.** {plain(definitions['manager'])}\n\n"
            f"**The gap.** {plain(entry.snapshot['gap'])}\n\n[{title}]({entry.permanent_url})"
        )
        yield (
            f"  - id: {quoted(entry.slug)}\n"
            f"    name: {quoted(entry.label)}\n"
            f"    summary: {quoted(entry.line)}\n"
            f"    description: {quoted(description)}\n"
            f"    icon: {'Code' if entry.voice == 'engineer' else 'Users'}\n"
        )
    yield f"---\n\nThese words are kept in [{title}]({home}), in two voices.\n"
