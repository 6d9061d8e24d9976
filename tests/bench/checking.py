"""Finding terms in ten megabytes of Markdown, beside an automaton and an alternation over the same forms."""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable

import ahocorasick_rs

from tests.labelled import CORPORA, agreement

from .report import Row
from .site import ROOT

SIZE = 10_000_000
# The alternation is asked about a part only, and its time multiplied: it is slow, and linear.
PART = 20
LEAST_RIGHT = {"labelled": 0.98, "held-out": 0.97}
LEAST_OF_AUTOMATON, LEAST_OF_ALTERNATION, MOST_MEGABYTES = 0.15, 20, 200
ROUNDS = 3


def rows(measured: dict) -> list[Row]:
    automaton = measured["automaton"] / measured["matching"]
    alternation = measured["alternation"] / measured["matching"]
    found = f"{measured['matching']:.2f} s"
    peak = measured["peak"]
    return [
        Row(
            "matching 10 MB of Markdown",
            found,
            f"ahocorasick-rs {measured['automaton']:.2f} s",
            f"{automaton:.0%} of its speed",
            f"≥ {LEAST_OF_AUTOMATON:.0%}",
            automaton >= LEAST_OF_AUTOMATON,
        ),
        Row(
            "matching 10 MB of Markdown",
            found,
            f"compiled alternation {measured['alternation']:.1f} s",
            f"{alternation:.0f} × its speed",
            f"≥ {LEAST_OF_ALTERNATION} ×",
            alternation >= LEAST_OF_ALTERNATION,
        ),
        Row(f"· its {measured['forms']:,} forms; what of it is prose", f"{measured['masking']:.2f} s"),
        Row(f"· checking it whole, {measured['hits']:,} hits", f"{measured['checking']:.2f} s"),
        *(
            Row(
                f"{what} on the {corpus} documents",
                f"{measured[corpus][what]:.3f}",
                f"of {measured[corpus]['labels']} labels",
                reach=f"≥ {least}",
                met=measured[corpus][what] >= least,
            )
            for corpus, least in LEAST_RIGHT.items()
            for what in ("precision", "recall")
        ),
        Row(
            "memory while checking 10 MB, the whole process",
            f"{peak:.0f} MB",
            f"before {measured['before']:.0f} MB",
            reach=f"≤ {MOST_MEGABYTES} MB",
            met=peak <= MOST_MEGABYTES,
        ),
    ]


def document() -> str:
    """The shipped terms and these documents, again and again."""
    files = sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "glossary" / "content" / "terms").glob("*.md"))
    text = "\n\n".join(
        path.read_text().removeprefix("+++").partition("\n+++\n")[2] or path.read_text() for path in files
    )
    return (text * (SIZE // len(text) + 1))[:SIZE]


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some rounds: the one that other programs disturbed least."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> dict:
    from glossary import documents
    from glossary.domain.prose import masked

    text = document()
    matcher = documents.words().matcher
    measured = {"before": megabytes()}
    began = time.perf_counter()
    measured["hits"] = sum(1 for _ in documents.words().hits(text, "markdown"))
    measured |= {"checking": time.perf_counter() - began, "peak": megabytes()}
    for corpus, folder in CORPORA.items():
        found = agreement(folder)
        measured[corpus] = {"labels": found.labels, "precision": found.precision, "recall": found.recall}
    measured["masking"] = fastest(lambda: masked(text, "markdown"))
    prose = masked(text, "markdown")
    spellings = [spelling for spelling, _ in documents.spellings()]
    forms = sorted({form for each in spellings for form in (each.lower(), f"{each.lower()}s")}, key=len, reverse=True)
    automaton = ahocorasick_rs.AhoCorasick(forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    alternation = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", re.IGNORECASE)
    lowered, part = prose.lower(), prose[: SIZE // PART]
    return measured | {
        "forms": len(forms),
        "matching": fastest(lambda: sum(1 for _ in matcher.find(prose))),
        "automaton": fastest(lambda: automaton.find_matches_as_indexes(lowered)),
        "alternation": fastest(lambda: sum(1 for _ in alternation.finditer(part))) * PART,
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
    django.setup()
    json.dump(measure(), sys.stdout)
