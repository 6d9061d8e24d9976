"""The dictionary in SKOS: a concept for each term, at its permanent address.

What SKOS cannot say (that a mapping is a false friend) is a property of our own.
"""

from collections.abc import Callable, Iterable, Iterator

from ..hierarchy import UPWARD, Hierarchy
from ..vocabulary import GOOD_KINDS, UNWANTED_KINDS, VOICES
from .entries import Entry, plain
from .rdf import Blank, Iri, Node, Words

RELATED = {"related", "contrasts"}
MAPPINGS = {
    "exact": "skos:exactMatch",
    "close": "skos:closeMatch",
    "broader": "skos:broadMatch",
    "narrower": "skos:narrowMatch",
    "related": "skos:relatedMatch",
    "false_friend": "own:falseFriend",
}


def prefixes(home: str) -> dict[str, str]:
    return {
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "own": f"{home}voice/#",
    }


def scheme(
    title: str,
    home: str,
    version: str,
    entries: Iterable[Entry],
    retired: Iterable[tuple[str, str, str | None]],
    address: Callable[[str], str],
    hierarchy: Hierarchy,
) -> Iterator[Node]:
    """The concept scheme and its concepts.

    retired: (uid, label, uid of what took its place). address: that of a uid.
    hierarchy: which terms stand above which; what does so is not related as well (S27 of SKOS).
    """
    yield Node(home, "skos:ConceptScheme", [("dcterms:title", Words(title)), ("owl:versionInfo", version)])
    for entry in entries:
        yield concept(entry, home, address, hierarchy)
    for uid, label, replacement in retired:
        said = [("skos:inScheme", Iri(home)), ("skos:prefLabel", Words(label)), ("owl:deprecated", True)]
        if replacement:
            said.append(("dcterms:isReplacedBy", Iri(address(replacement))))
        yield Node(address(uid), "skos:Concept", said)


def concept(entry: Entry, home: str, address: Callable[[str], str], hierarchy: Hierarchy) -> Node:
    snapshot = entry.snapshot
    said: list[tuple] = [
        ("skos:inScheme", Iri(home)),
        ("skos:notation", entry.slug),
        ("skos:prefLabel", Words(entry.label)),
        ("dcterms:audience", Iri(f"{home}voice/{entry.voice}")),
    ]
    # A label is preferred, alternative or hidden, and never two of them.
    taken = {entry.label}
    for kinds, name in ((GOOD_KINDS, "skos:altLabel"), (UNWANTED_KINDS, "skos:hiddenLabel")):
        for label, _ in entry.spelled(kinds):
            if label not in taken:
                taken.add(label)
                said.append((name, Words(label)))
    definitions = {voice: Words(plain(snapshot["definitions"][voice])) for voice in VOICES}
    said.append(("skos:definition", definitions["engineer"]))
    for voice, words in definitions.items():
        audience = Iri(f"{home}voice/{voice}")
        said.append(("skos:definition", Blank([("rdf:value", words), ("dcterms:audience", audience)])))
    said.append(("skos:scopeNote", Words(plain(snapshot["gap"]))))
    for relation in snapshot.get("relations", []):
        kind, other = relation["kind"], relation["term"]
        if kind in UPWARD:
            said.append(("skos:broader", Iri(address(other))))
        elif kind in RELATED and not hierarchy.way(entry.uid, other) and not hierarchy.way(other, entry.uid):
            said.append(("skos:related", Iri(address(other))))
    said += [(MAPPINGS[each["kind"]], Iri(address(each["term"]))) for each in snapshot.get("mappings", [])]
    said += [("dcterms:source", Iri(each["url"])) for each in snapshot.get("sources", [])]
    return Node(entry.permanent_url, "skos:Concept", said)
