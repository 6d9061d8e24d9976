"""Which terms stand above which: what the relations `broader` and `part_of` make together."""

from collections import defaultdict, deque
from collections.abc import Iterable

# A relation of these kinds leads from a term to one above it.
UPWARD = ("broader", "part_of")


class Hierarchy:
    """A directed graph of uids, from a term to the terms above it."""

    def __init__(self, edges: Iterable[tuple[str, str]]):
        self._above: dict[str, list[str]] = defaultdict(list)
        for below, above in edges:
            self.add(below, above)

    def add(self, below: str, above: str) -> None:
        self._above[below].append(above)

    def way(self, start: str, end: str) -> list[str] | None:
        """The shortest way upward from one term to another, both named; None where there is none."""
        came_from: dict[str, str | None] = {start: None}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            if here == end:
                way: list[str] = []
                step: str | None = here
                while step is not None:
                    way.append(step)
                    step = came_from[step]
                return way[::-1]
            for above in self._above.get(here, ()):
                if above not in came_from:
                    came_from[above] = here
                    waiting.append(above)
        return None
