"""A Markdown document with the first use of each term as a link."""

import re
from collections.abc import Callable, Iterable

HEADING = re.compile(r" {0,3}#{1,6}\s|[^\n]*\n {0,3}(?:=+|-{2,})[ \t]*(?:\n|$)")
LINK = re.compile(r"\[[^\[\]\n]*\](?:\(|\[)")
ESCAPED = re.compile(r"([\\\[\]])")


def with_links(text: str, hits: Iterable, address: Callable[[object], str]) -> str:
    """The text with a link at the first use of each term where one may stand: not in a heading, and not in a link.

    A hit has `term`, `start`, `end` and `matched`, and they come from top to bottom; `address` gives where its link
    leads.
    """
    parts, position, linked, lines = [], 0, set(), Lines(text)
    for hit in hits:
        if hit.term in linked or not lines.may_hold_link(hit.start, hit.end):
            continue
        linked.add(hit.term)
        words = ESCAPED.sub(r"\\\1", " ".join(hit.matched.split()))
        parts += (text[position : hit.start], f"[{words}]({address(hit)})")
        position = hit.end
    return "".join(parts) + text[position:]


class Lines:
    """Where links may stand in a text, asked from top to bottom: each line is looked at once."""

    def __init__(self, text: str):
        self.text, self.ends = text, -1
        self.is_heading, self.links, self.link = False, iter(()), None

    def may_hold_link(self, start: int, end: int) -> bool:
        if start > self.ends:
            self.go_to_line_of(start)
        while self.link and self.link.end() <= start:
            self.link = next(self.links, None)
        return not self.is_heading and not (self.link and self.link.start() < start and end < self.link.end())

    def go_to_line_of(self, start: int) -> None:
        begins = self.text.rfind("\n", self.ends + 1, start) + 1 or self.ends + 1
        ends = self.text.find("\n", start)
        self.ends = ends if ends >= 0 else len(self.text)
        self.is_heading = bool(HEADING.match(self.text, begins))
        self.links = LINK.finditer(self.text, begins, self.ends)
        self.link = next(self.links, None)
