"""Rules of prh, which textlint applies: what to write instead, each with a specimen that prh checks when it loads."""

from collections.abc import Collection, Iterable, Iterator

from .entries import Entry, quoted, unwanted


def rules(entries: Iterable[Entry], owned: Collection[str]) -> Iterator[str]:
    """`owned`: keys of spellings that are well for some term."""
    yield "version: 1\nrules:\n"
    for entry in entries:
        for text, note in unwanted(entry, owned):
            yield (
                f"  - expected: {quoted(entry.label)}\n"
                f"    patterns: [{quoted(text)}]\n"
                "    options:\n      wordBoundary: true\n"
                f"    specs:\n      - from: {quoted(text)}\n        to: {quoted(entry.label)}\n"
                f"    prh: {quoted(' '.join([note, entry.permanent_url]).strip())}\n"
            )
