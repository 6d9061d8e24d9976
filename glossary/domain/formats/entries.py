"""A term as the formats see it, and how its words are told apart."""

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..links import LINK
from ..matching import singulars, spelling_key
from ..vocabulary import GOOD_KINDS, UNWANTED_KINDS

# Words of everyday English: a tool that marks every occurrence of a word is asked for them term by term.
COMMON = frozenset(
    """
    aggregate aggregates alert alerts approval approvals archive archives archiving backlog backlogs
    clean-up cleanup command commands consumer consumers dashboard dashboards event events fact facts
    forecast forecasts instruction instructions key keys lag log logs message messages milestone
    milestones notification notifications offset offsets partition partitions pipeline pipelines
    producer producers projection projections publisher publishers queries query refund refunds replay
    replays report reports request requests retention reversal reversals saga sagas scalability segment
    segments snapshot snapshots state states stream streams subscriber subscribers topic topics
    transaction transactions workflow workflows
    """.split()  # noqa: SIM905 – a text is read and changed more easily
)


class Entry(NamedTuple):
    """A published term: `snapshot` is its newest revision's, `revision` the number of that."""

    uid: str
    slug: str
    revision: int
    url: str
    permanent_url: str
    snapshot: dict

    @property
    def label(self) -> str:
        return self.snapshot["label"]

    @property
    def voice(self) -> str:
        return self.snapshot["voice"]

    @property
    def line(self) -> str:
        """What its own side reads first."""
        return self.snapshot["lines"][self.voice]

    def spelled(self, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """(text, note) of its aliases of some kinds."""
        for alias in self.snapshot.get("aliases", []):
            if alias["kind"] in kinds:
                yield alias["text"], alias.get("note", "")

    def forms(self) -> list[str]:
        """The label and every other spelling that is well."""
        return [self.label, *(text for text, _ in self.spelled(GOOD_KINDS))]


def unwanted(entry: Entry, owned: Collection[str]) -> list[tuple[str, str]]:
    """(text, note) of spellings that are to be replaced by the label, and are well for no term, not even as a plural.

    `owned`: keys of spellings that are well for some term.
    """
    return [
        (text, note)
        for text, note in entry.spelled(UNWANTED_KINDS)
        if not any(form in owned for form in singulars(spelling_key(text)))
    ]


def quoted(text: str) -> str:
    """A text as JSON writes it, which YAML and Turtle read alike."""
    return json.dumps(text, ensure_ascii=False)


def plain(markdown: str) -> str:
    """A text with its [[links]] as the words that they show."""
    return LINK.sub(lambda link: (link[2] or link[1]).strip(), markdown).strip()
