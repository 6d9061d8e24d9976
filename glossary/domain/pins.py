"""Links of a document to revisions of terms: by address, and as Sphinx writes them (`compaction@v7`)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# A role's target, alone or after a text of its own: :term:`compaction@v7`, :term:`the text <compaction@v7>`.
IN_A_ROLE = re.compile(r"`(?:[^`<]{1,200}<)?(?P<slug>[a-z0-9-]{1,100})@v(?P<number>[0-9]{1,9})>?`")


class Pin(NamedTuple):
    """A link to one revision; the term is named by its uid, or by a slug that it has or had."""

    line: int
    uid: str
    slug: str
    number: int


def pins_in(text: str, base: str) -> Iterator[Pin]:
    """Every link to a revision of a term of the glossary at `base`, addresses first. Lines count from 1."""
    term = r"(?:id/(?P<uid>[a-z0-9]{8})|terms/(?P<slug>[a-z0-9-]{1,100}))"
    address = re.compile(rf"{re.escape(base)}/{term}/v/(?P<number>[0-9]{{1,9}})(?!\w)")
    for pattern in (address, IN_A_ROLE):
        line, counted_to = 1, 0
        for match in pattern.finditer(text):
            line, counted_to = line + text.count("\n", counted_to, match.start()), match.start()
            named = match.groupdict(default="")
            yield Pin(line, named.get("uid", ""), named["slug"], int(named["number"]))
