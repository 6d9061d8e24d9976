"""The dictionary as one JSON document, and what an import reads out of one.

A term in it is its snapshot with what is known around it: references name their term as {uid, slug, label}, and
status, replaced_by, revision, url and permanent_url stand beside. Only the snapshot and the revision are read back.
"""

from collections.abc import Callable
from typing import NamedTuple

from .plain_json import unfit
from .problems import Problem
from .vocabulary import SUBJECTS

FORMAT = "eventually-consistent/1"
# The lists of the document, in order: what is named comes before what names it.
PARTS = {"category": "categories", "log": "logs", "scenario": "scenarios", "term": "terms"}
LINKS = ("mappings", "relations")
# Said of a term and no part of what it says. `html` is there in answers of the API.
BESIDE = ("status", "replaced_by", "revision", "url", "permanent_url", "html")


class Entry(NamedTuple):
    """Something that an import would bring: what it says, naming other terms by slug or uid, and where it stands.

    base_revision: the revision that its text started from; None where the import does not say.
    is_partial: that it says nothing of what it leaves out, as a row of CSV; otherwise it says everything.
    is_foreign: that another tool wrote it, so that `data` is that of domain/foreign.py.
    """

    subject: str
    place: str
    data: dict
    base_revision: int | None = None
    is_retired: bool = False
    is_partial: bool = False
    lines: dict[str, int] | None = None
    is_foreign: bool = False

    def place_of(self, path: str) -> str:
        """Where a field stands: with its line, in formats whose lines mean something."""
        if self.lines is None:
            return self.place
        while path and path not in self.lines:
            path = path.rpartition("/")[0]
        return f"{self.place}:{self.lines.get(path, 1)}"


def exported_term(snapshot: dict, reference: Callable[[str], dict | None], **beside) -> dict:
    """A term as the document has it; `reference` gives {uid, slug, label} for a uid."""
    term = dict(snapshot)
    for name in LINKS:
        if name in snapshot:
            term[name] = [link | {"term": reference(link["term"])} for link in snapshot[name]]
    return term | beside


def read_document(document, home: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of a document, or of a bare list of terms, and what is wrong with its shape.

    `home` is this site's address: numbers of revisions mean something here only if they were given here.
    """
    if isinstance(document, list):
        document = {"terms": document}
    if not isinstance(document, dict) or not any(part in document for part in PARTS.values()):
        wanted = ", ".join(PARTS.values())
        return [], [Problem("the document", f"is no export: it must be an object with a list under one of {wanted}")]
    said = document.get("format", FORMAT)
    if said != FORMAT:
        return [], [Problem("format", f"{said!r:.60} is another format than {FORMAT!r}; export again from here")]
    entries, problems = [], []
    for subject, part in PARTS.items():
        items = document.get(part, [])
        if not isinstance(items, list):
            problems.append(Problem(part, "must be a list"))
            continue
        for number, item in enumerate(items, 1):
            entry, found = read_item(subject, f"{part} {number}", item, document.get("url", home), home)
            entries += [entry] if entry else []
            problems += found
    return entries, problems


def things_in(document) -> int:
    """How many things a document has, whatever is wrong with them."""
    lists = [document] if isinstance(document, list) else document.values() if isinstance(document, dict) else []
    return sum(len(items) for items in lists if isinstance(items, list))


def read_item(subject: str, place: str, item, came_from, home: str) -> tuple[Entry | None, list[Problem]]:
    if not isinstance(item, dict):
        return None, [Problem(place, f"{item!r:.60} must be an object")]
    if reason := unfit(item):
        return None, [Problem(place, reason)]
    base = item.get("revision") if subject in SUBJECTS else None
    if base is not None and (not isinstance(base, int) or isinstance(base, bool) or not 0 <= base < 2**31):
        return None, [Problem(place, f"revision: {base!r:.60} must be the number of a revision, or left out")]
    data = {name: value for name, value in item.items() if name not in BESIDE}
    if subject == "term":
        for name in LINKS:
            if isinstance(data.get(name), list):
                data[name] = [named_by_uid(link) for link in data[name]]
    if not is_of(item.get("url", came_from), home):
        base = None
    return Entry(subject, place, data, base, is_retired=item.get("status") == "retired"), []


def is_of(address, home: str) -> bool:
    return isinstance(address, str) and f"{address}/".startswith(f"{home.rstrip('/')}/")


def named_by_uid(link):
    """A link whose term is a reference, naming it by what lasts."""
    term = link.get("term") if isinstance(link, dict) else None
    if not isinstance(term, dict):
        return link
    return link | {"term": term.get("uid") or term.get("slug")}
