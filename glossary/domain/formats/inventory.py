"""Sphinx's inventory of version 2, `objects.inv`: what :term: and :ref: of other projects find here.

Source: sphinx.util.inventory; read back in the tests by Sphinx itself.
"""

import re
import zlib
from collections.abc import Iterable, Iterator

from .entries import Entry

# How Sphinx takes a line apart; a name in which this finds another shape would vanish without a word.
LINE = re.compile(r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)")


def inventory(title: str, version: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    yield (
        "# Sphinx inventory version 2\n"
        f"# Project: {one_line(title)}\n"
        f"# Version: {version}\n"
        "# The remainder of this file is compressed using zlib.\n"
    ).encode()
    compressor = zlib.compressobj(9)
    for line in lines(entries):
        if piece := compressor.compress(line.encode()):
            yield piece
    yield compressor.flush()


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line for each name, as a term and as a label: spellings that are well, the slug, and a pin of each revision.

    Sphinx looks terms up without case, so a name that another term has already is left to it.
    """
    taken: set[str] = set()
    for entry in entries:
        path = f"terms/{entry.slug}/"
        names = [(name, path) for name in (*entry.forms(), entry.slug)]
        names += [(f"{entry.slug}@v{number}", f"{path}v/{number}/") for number in range(1, entry.revision + 1)]
        for name, uri in names:
            name = one_line(name)
            if name.casefold() in taken or not is_found_again(name):
                continue
            taken.add(name.casefold())
            yield f"{name} std:term -1 {uri} -\n"
            yield f"{name.lower()} std:label -1 {uri} {name}\n"


def one_line(text: str) -> str:
    return " ".join(text.split())


def is_found_again(name: str) -> bool:
    found = LINE.match(f"{name} std:term -1 x -")
    return bool(found) and found[1] == name
