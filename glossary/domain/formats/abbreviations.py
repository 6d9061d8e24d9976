"""Abbreviations of Python-Markdown, as MkDocs shows them: a tooltip on each occurrence of a word.

They are compared with case, know no plurals, and mark headings and links as well. So every form has a line of its own,
and words of everyday English come only where they are asked for.
"""

from collections.abc import Iterable, Iterator

from .entries import COMMON, Entry


def abbreviations(entries: Iterable[Entry], also: frozenset[str]) -> Iterator[str]:
    """`also`: slugs of terms whose common words are wanted."""
    taken: set[str] = set()
    for entry in entries:
        for form in entry.forms():
            is_wanted = form.lower() not in COMMON or entry.slug in also
            if not is_wanted or form in taken or "]" in form or "[" in form:
                continue
            taken.add(form)
            yield f"*[{form}]: {entry.line}\n"
