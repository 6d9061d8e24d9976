"""Where terms stand on the map: engineers' words on both flanks, managers' words between them.

So every mapping runs between neighbouring columns, and no line has to cross a word. Within a
category the words stand in the order that keeps their lines short. The same terms and links
always give the same picture.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

ROW = 24
FIELD = 22
DOT_GAP = 12
HEADING = 46
MARGIN = 12
CHANNEL = 210
CHARACTER_WIDTH = 7.6
SMALLEST_COLUMN = 170
LONGEST_LABEL = 40
SWEEPS = 12
LEFT, MIDDLE, RIGHT = range(3)


class MapTerm(NamedTuple):
    slug: str
    label: str
    voice: str
    category: str


class MapLink(NamedTuple):
    """`kind` as in mappings and relations; a and b are slugs."""

    a: str
    b: str
    kind: str


@dataclass
class Node:
    term: MapTerm
    column: int
    x: float
    y: float = 0
    # Half the width of a word's own field; only words in the middle have one.
    reach: float = 0

    @property
    def label(self) -> str:
        text = self.term.label
        return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"

    @property
    def left(self) -> float:
        return self.x - self.reach

    @property
    def top(self) -> float:
        return self.y - FIELD / 2

    @property
    def baseline(self) -> float:
        return self.y + 5

    @property
    def text_x(self) -> float:
        return self.x + {LEFT: -DOT_GAP, MIDDLE: 0, RIGHT: DOT_GAP}[self.column]


@dataclass
class Cluster:
    category: str
    voice: str
    column: int
    x: float
    nodes: list[Node]
    y: float = 0

    @property
    def height(self) -> float:
        return HEADING + ROW * len(self.nodes)

    @property
    def baseline(self) -> float:
        return self.y + 22

    @property
    def text_x(self) -> float:
        return self.nodes[0].text_x


class Line(NamedTuple):
    link: MapLink
    sort: str
    path: str


@dataclass
class MapLayout:
    width: float
    height: float
    middle_width: float
    clusters: list[Cluster]
    lines: list[Line]


def lay_out(terms: Iterable[MapTerm], links: Iterable[MapLink], categories: list[str]) -> MapLayout:
    """Clusters of words with their places, and the lines between them as SVG paths.

    `categories` gives the order of the clusters; every term's category is among them.
    """
    terms = sorted(terms)
    widths = [column_width(term.label for term in terms if term.voice == voice) for voice in ("engineer", "manager")]
    outer, middle = widths
    xs = [outer + MARGIN, outer + MARGIN + CHANNEL + middle / 2, outer + MARGIN + 2 * CHANNEL + middle]
    columns = columns_of(terms, categories, xs, middle)
    nodes = {node.term.slug: node for column in columns for cluster in column for node in cluster.nodes}
    links = [link for link in links if link.a in nodes and link.b in nodes]
    height = max((sum(cluster.height for cluster in column) for column in columns), default=0)
    for column in columns:
        stack(column, height)
    shorten_lines(columns, nodes, links, height)
    return MapLayout(
        width=2 * (outer + MARGIN + CHANNEL) + middle,
        height=height + MARGIN,
        middle_width=middle,
        clusters=[cluster for column in columns for cluster in column],
        lines=[line(link, nodes) for link in sorted(set(links))],
    )


def column_width(labels: Iterable[str]) -> float:
    longest = max((min(len(label), LONGEST_LABEL) for label in labels), default=0)
    return max(SMALLEST_COLUMN, longest * CHARACTER_WIDTH + 24)


def columns_of(terms: list[MapTerm], categories: list[str], xs: list[float], middle: float) -> list[list[Cluster]]:
    members: dict[tuple[str, str], list[MapTerm]] = defaultdict(list)
    for term in terms:
        members[term.voice, term.category].append(term)
    engineers = [c for c in categories if ("engineer", c) in members]
    managers = [c for c in categories if ("manager", c) in members]
    cut = even_cut([HEADING + ROW * len(members["engineer", c]) for c in engineers])
    placed = [
        ("engineer", engineers[:cut], 0),
        ("manager", managers, middle / 2),
        ("engineer", engineers[cut:], 0),
    ]
    return [
        [
            Cluster(
                c,
                voice,
                column,
                xs[column],
                [Node(term, column, xs[column], reach=reach) for term in members[voice, c]],
            )
            for c in chosen
        ]
        for column, (voice, chosen, reach) in enumerate(placed)
    ]


def even_cut(heights: list[float]) -> int:
    """How many of the heights come first, so that the higher one of the two stacks is as low as can be."""
    return min(range(len(heights) + 1), key=lambda cut: (max(sum(heights[:cut]), sum(heights[cut:])), cut))


def stack(column: list[Cluster], height: float) -> None:
    """Place clusters from top to bottom, with the spare height between them, and their nodes in rows."""
    spare = height - sum(cluster.height for cluster in column)
    gap = spare / (len(column) - 1) if len(column) > 1 else 0
    y = 0 if len(column) > 1 else spare / 2
    for cluster in column:
        cluster.y = y
        for row, node in enumerate(cluster.nodes):
            node.y = y + HEADING + ROW * (row + 0.5) - 8
        y += cluster.height + gap


def shorten_lines(columns, nodes: dict[str, Node], links: list[MapLink], height: float) -> None:
    """Order the words of each cluster, and the managers' clusters, by where their partners stand, a few times over."""
    partners: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if nodes[link.a].column != nodes[link.b].column:
            partners[link.a].append(link.b)
            partners[link.b].append(link.a)

    def pull(node: Node) -> float:
        others = partners[node.term.slug]
        return sum(nodes[slug].y for slug in others) / len(others) if others else node.y

    for _ in range(SWEEPS):
        for column in columns:
            for cluster in column:
                cluster.nodes.sort(key=lambda node: (round(pull(node), 3), node.term))
            column.sort(
                key=lambda cluster: (round(sum(map(pull, cluster.nodes)) / len(cluster.nodes), 3), cluster.category)
            )
            stack(column, height)


def line(link: MapLink, nodes: dict[str, Node]) -> Line:
    a, b = sorted((nodes[link.a], nodes[link.b]), key=lambda node: (node.column, node.y))
    same_voice = a.term.voice == b.term.voice
    sort = "relation" if same_voice else "false-friend" if link.kind == "false_friend" else "mapping"
    return Line(link, sort, bow(a, b) if a.column == b.column else crossing(a, b))


def crossing(a: Node, b: Node) -> str:
    """From one column to another, leaving and arriving level."""
    start, end = a.x + a.reach, b.x - b.reach
    half = (start + end) / 2
    return f"M{start:.0f} {a.y:.0f}C{half:.0f} {a.y:.0f} {half:.0f} {b.y:.0f} {end:.0f} {b.y:.0f}"


def bow(a: Node, b: Node) -> str:
    """Between two words of one column: into the channel beside it, the deeper the longer the way."""
    depth = min(CHANNEL * 0.6, 14 + (b.y - a.y) * 0.16) * (1 if a.column == LEFT else -1)
    start, deepest = a.left, a.left + depth
    return f"M{start:.0f} {a.y:.0f}C{deepest:.0f} {a.y:.0f} {deepest:.0f} {b.y:.0f} {start:.0f} {b.y:.0f}"
