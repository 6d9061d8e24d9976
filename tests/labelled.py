"""Documents in which a person has marked every use of a term, and how well the matcher agrees with them."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "corpus"


class Agreement(NamedTuple):
    """`extra` and `missed` are lines of labels.txt: file, line, column and the words that are used."""

    labels: int
    extra: list[str]
    missed: list[str]

    @property
    def precision(self) -> float:
        right = self.labels - len(self.missed)
        return right / (right + len(self.extra))

    @property
    def recall(self) -> float:
        return (self.labels - len(self.missed)) / self.labels


def agreement() -> Agreement:
    labels = set((FOLDER / "labels.txt").read_text().splitlines())
    found = set(hits())
    return Agreement(len(labels), sorted(found - labels), sorted(labels - found))


def hits():
    # Needs a database, which who only reads this module may not have.
    from glossary import documents
    from glossary.domain.prose import SUFFIXES

    for path in sorted(FOLDER.iterdir()):
        if path.name == "labels.txt":
            continue
        for hit in documents.check(path.read_text(), SUFFIXES[path.suffix]):
            yield f"{path.name}:{hit.line}:{hit.column}: {' '.join(hit.matched.split())}"
