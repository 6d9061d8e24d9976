"""Sphinx's inventory of version 2, `objects.inv`: what :term: and :ref: of other projects find here.

Source: sphinx.util.inventory; read back in the tests by Sphinx itself.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from .entries import Entry

# How Sphinx takes a line apart; a name in which this finds another shape would vanish without a word.
LINE = re.compile(r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)")


def inventory(
    title: str, version: str, entries: Iterable[Entry], former: Iterable[tuple[str, str]] = ()
) -> Iterator[bytes]:
    """The file, piece by piece.

    former: (name, path) of names that documents may still use; they count where no term has them now.
    """
    yield (
        "# Sphinx inventory version 2\n"
        f"# Project: {one_line(title)}\n"
        f"# Version: {version}\n"
        "# The remainder of this file is compressed using zlib.\n"
    ).encode()
    compressor = zlib.compressobj(9)
    for line in lines(entries, former):
        if piece := compressor.compress(line.encode()):
            yield piece
    yield compressor.flush()


def lines(entries: Iterable[Entry], former: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """A line for each name, as a term and as a label: spellings that are well, the slug, and a pin of each revision.

    Sphinx looks terms up without case, so a name that another term has already is left to it.
    """
    taken: set[str] = set()
    for name, path in chain(chain.from_iterable(map(names_of, entries)), former):
        name = one_line(name)
        if name.casefold() in taken or not is_found_again(name):
            continue
        taken.add(name.casefold())
        yield f"{name} std:term -1 {path} -\n"
        yield f"{name.lower()} std:label -1 {path} {name}\n"


def names_of(entry: Entry) -> Iterator[tuple[str, str]]:
    path = path_of(entry.slug)
    for name in (*entry.forms(), entry.slug):
        yield name, path
    yield from pins(entry.slug, path, entry.revision)


def pins(slug: str, path: str, newest: int) -> Iterator[tuple[str, str]]:
    """The name and path of each revision of a term, by one of its slugs."""
    for number in range(1, newest + 1):
        yield f"{slug}@v{number}", f"{path}v/{number}/"


def path_of(slug: str) -> str:
    """The page of a term, without the slash in front that Sphinx would not join to the site's address."""
    return f"terms/{slug}/"


def one_line(text: str) -> str:
    return " ".join(text.split())


def is_found_again(name: str) -> bool:
    found = LINE.match(f"{name} std:term -1 x -")
    return bool(found) and found[1] == name
