"""Documents in which a person has marked every use of a term, and how well the matcher agrees with them."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "corpus"
# Those that the matcher was made with, and those that it had not seen when they were labelled.
CORPORA = {"labelled": FOLDER, "held-out": FOLDER / "held-out"}


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


def agreement(folder: Path) -> Agreement:
    labels = set((folder / "labels.txt").read_text().splitlines())
    found = set(hits(folder))
    return Agreement(len(labels), sorted(found - labels), sorted(labels - found))


def hits(folder: Path):
    # Needs a database, which who only reads this module may not have.
    from glossary import documents
    from glossary.domain.prose import SUFFIXES

    for path in sorted(folder.iterdir()):
        if path.name == "labels.txt" or path.is_dir():
            continue
        for hit in documents.check(path.read_text(), SUFFIXES[path.suffix]):
            yield f"{path.name}:{hit.line}:{hit.column}: {' '.join(hit.matched.split())}"
