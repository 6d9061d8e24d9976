"""A Markdown document with the first use of each term as a link."""

import re
from collections.abc import Callable, Iterable

HEADING = re.compile(r" {0,3}#{1,6}\s|[^\n]*\n {0,3}(?:=+|-{2,})[ \t]*(?:\n|$)")
LINK = re.compile(r"\[[^\[\]\n]*\](?:\(|\[)")
ESCAPED = re.compile(r"([\\\[\]])")
# A line that is longer holds no link that anybody wrote by hand.
LONGEST_LINE = 10_000


def with_links(text: str, hits: Iterable, address: Callable[[object], str]) -> str:
    """The text with a link at the first use of each term where one may stand: not in a heading, and not in a link.

    A hit has `term`, `start`, `end` and `matched`; `address` gives where its link leads.
    """
    parts, position, linked = [], 0, set()
    for hit in hits:
        if hit.term in linked or not may_hold_link(text, hit.start, hit.end):
            continue
        linked.add(hit.term)
        words = ESCAPED.sub(r"\\\1", " ".join(hit.matched.split()))
        parts += (text[position : hit.start], f"[{words}]({address(hit)})")
        position = hit.end
    return "".join(parts) + text[position:]


def may_hold_link(text: str, start: int, end: int) -> bool:
    begins = text.rfind("\n", 0, start) + 1
    ends = text.find("\n", end)
    ends = ends if ends >= 0 else len(text)
    if ends - begins > LONGEST_LINE or HEADING.match(text, begins):
        return False
    return not any(link.start() < start and end < link.end() for link in LINK.finditer(text, begins, ends))
