"""What changed between two rendered texts, shown in the later one: words added in <ins>, words removed in <del>.

Both texts are HTML that rendering.py made: clean, well-formed, with no <ins> or <del> of its own. Blocks that
correspond are compared word by word; a block that came or went does so as a whole, so that what is shown is
well-formed too. What differs in tags alone, such as emphasis, is not marked.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from .diff import stretches

TOKEN = re.compile(r"""<(?:"[^"]*"|[^>"])*>|&\#?\w+;|\w+|\s+|[^\w\s]""")
NAME = re.compile(r"</?(\w+)")
BLOCKS = {
    "blockquote", "dd", "dl", "dt", "h3", "h4", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "th", "thead",
    "tr", "ul",
}  # fmt: skip
EMPTY = {"br", "hr"}
# Blocks that are less alike than this, of a hundred, are one that went and another that came.
ALIKE = 45
# So far a block is looked for among those that may correspond.
REACH = 20


class Node(NamedTuple):
    """A block with its opening and closing tag and what is in it, or a run of words and inline tags, which has none."""

    opening: str
    inner: tuple[str, ...]
    closing: str

    @property
    def name(self) -> str:
        return tag_name(self.opening) if self.opening else ""

    @property
    def text(self) -> str:
        return "".join(token for token in self.inner if not token.startswith("<"))


def html_diff(before: str, after: str) -> str:
    """The later text with both sides' words."""
    return "".join(compared(nodes(TOKEN.findall(before)), nodes(TOKEN.findall(after))))


def tag_name(tag: str) -> str:
    return NAME.match(tag)[1]


def nodes(tokens: Iterable[str]) -> list[Node]:
    """The blocks that tokens consist of, and the runs of words between them, in order."""
    found: list[Node] = []
    run: list[str] = []
    opening, inner, depth = "", [], 0
    for token in tokens:
        name = tag_name(token) if token.startswith("<") else ""
        if depth:
            if name == tag_name(opening):
                depth += -1 if token.startswith("</") else 1
            if depth:
                inner.append(token)
            else:
                found.append(Node(opening, tuple(inner), token))
        elif name in BLOCKS:
            found += run_of(run)
            run = []
            if name in EMPTY:
                found.append(Node(token, (), ""))
            else:
                opening, inner, depth = token, [], 1
        else:
            run.append(token)
    return found + run_of(run)


def run_of(tokens: list[str]) -> list[Node]:
    return [Node("", tuple(tokens), "")] if any(not token.isspace() for token in tokens) else []


def compared(old: list[Node], new: list[Node]) -> Iterable[str]:
    for left, right in pairs(old, new):
        if left == right:
            yield from (right.opening, *right.inner, right.closing)
        elif left and right:
            yield right.opening
            yield from inside(left, right)
            yield right.closing
        elif left:
            yield from marked(left, "del")
        else:
            yield from marked(right, "ins")


def inside(left: Node, right: Node) -> Iterable[str]:
    before, after = nodes(left.inner), nodes(right.inner)
    if any(node.opening for node in (*before, *after)):
        return compared(before, after)
    return words_compared(left.inner, right.inner)


def pairs(old: list[Node], new: list[Node]) -> Iterable[tuple[Node | None, Node | None]]:
    """Nodes that correspond, in order; None for what is on one side alone."""
    gone: list[Node] = []
    come: list[Node] = []
    for step in Indel.opcodes(old, new):
        if step.tag != "equal":
            gone += old[step.src_start : step.src_end]
            come += new[step.dest_start : step.dest_end]
            continue
        yield from pairs_alike(gone, come)
        gone, come = [], []
        yield from ((node, node) for node in new[step.dest_start : step.dest_end])
    yield from pairs_alike(gone, come)


def pairs_alike(old: list[Node], new: list[Node]) -> Iterable[tuple[Node | None, Node | None]]:
    start = 0
    for node in new:
        near = range(start, min(start + REACH, len(old)))
        match = next((index for index in near if are_alike(old[index], node)), None)
        if match is not None:
            yield from ((left, None) for left in old[start:match])
            yield old[match], node
            start = match + 1
        elif len(old) - start == len(new) == 1 and old[start].name == node.name:
            # One paragraph for one paragraph: whatever they share, readers take the one for the other.
            yield old[start], node
            start += 1
        else:
            yield None, node
    yield from ((left, None) for left in old[start:])


def are_alike(left: Node, right: Node) -> bool:
    return left.name == right.name and fuzz.ratio(left.text, right.text, score_cutoff=ALIKE) > 0


def words_compared(old: tuple[str, ...], new: tuple[str, ...]) -> Iterable[str]:
    """Inline text with the tags of the later side."""
    for stretch in stretches(old, new):
        if stretch.is_same:
            yield from stretch.new
        else:
            yield from words_marked((token for token in stretch.old if not token.startswith("<")), "del")
            yield from words_marked(stretch.new, "ins")


def marked(node: Node, mark: str) -> Iterable[str]:
    """A whole block, every word of it marked."""
    yield node.opening
    children = nodes(node.inner)
    if any(child.opening for child in children):
        for child in children:
            yield from marked(child, mark)
    else:
        yield from words_marked(node.inner, mark)
    yield node.closing


def words_marked(tokens: Iterable[str], mark: str) -> Iterable[str]:
    """Words between tags, each stretch of them marked."""
    for is_tag, stretch in groupby(tokens, key=lambda token: token.startswith("<")):
        text = "".join(stretch)
        yield text if is_tag else f"<{mark}>{text}</{mark}>"
