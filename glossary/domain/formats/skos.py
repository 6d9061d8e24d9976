"""The dictionary in SKOS, as Turtle: a concept for each term, at its permanent address.

A text of Turtle is written as JSON writes one. Blank nodes have no names, so the bytes stay the same. What SKOS cannot
say (that a mapping is a false friend) is a property of our own.
"""

from collections.abc import Callable, Iterable, Iterator

from ..hierarchy import UPWARD, Hierarchy
from ..vocabulary import GOOD_KINDS, UNWANTED_KINDS, VOICES
from .entries import Entry, plain, quoted

RELATED = {"related", "contrasts"}
MAPPINGS = {
    "exact": "skos:exactMatch",
    "close": "skos:closeMatch",
    "broader": "skos:broadMatch",
    "narrower": "skos:narrowMatch",
    "related": "skos:relatedMatch",
    "false_friend": "own:falseFriend",
}


def turtle(
    title: str,
    home: str,
    version: str,
    entries: Iterable[Entry],
    retired: Iterable[tuple[str, str, str | None]],
    address: Callable[[str], str],
    hierarchy: Hierarchy,
) -> Iterator[str]:
    """`retired`: (uid, label, uid of what took its place). `address`: that of a uid.

    hierarchy: which terms stand above which; what does so is not related as well (S27 of SKOS).
    """
    scheme = f"<{home}>"
    yield (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        f"@prefix own: <{home}voice/#> .\n\n"
        f"{scheme} a skos:ConceptScheme ;\n"
        f"  dcterms:title {text(title)} ;\n  owl:versionInfo {quoted(version)} .\n"
    )
    for entry in entries:
        yield concept(entry, scheme, home, address, hierarchy)
    for uid, label, replacement in retired:
        replaced = f" ;\n  dcterms:isReplacedBy <{address(replacement)}>" if replacement else ""
        yield (
            f"\n<{address(uid)}> a skos:Concept ;\n  skos:inScheme {scheme} ;\n  skos:prefLabel {text(label)} ;\n"
            f"  owl:deprecated true{replaced} .\n"
        )


def concept(entry: Entry, scheme: str, home: str, address: Callable[[str], str], hierarchy: Hierarchy) -> str:
    snapshot = entry.snapshot
    said = [
        ("a", "skos:Concept"),
        ("skos:inScheme", scheme),
        ("skos:notation", quoted(entry.slug)),
        ("skos:prefLabel", text(entry.label)),
    ]
    # A label is preferred, alternative or hidden, and never two of them.
    taken = {entry.label}
    for kinds, name in ((GOOD_KINDS, "skos:altLabel"), (UNWANTED_KINDS, "skos:hiddenLabel")):
        for label, _ in entry.spelled(kinds):
            if label not in taken:
                taken.add(label)
                said.append((name, text(label)))
    said.append(("skos:definition", text(plain(snapshot["definitions"]["engineer"]))))
    for voice in VOICES:
        value = text(plain(snapshot["definitions"][voice]))
        said.append(("skos:definition", f"[ rdf:value {value} ; dcterms:audience <{home}voice/{voice}> ]"))
    said.append(("skos:scopeNote", text(plain(snapshot["gap"]))))
    for relation in snapshot.get("relations", []):
        kind, other = relation["kind"], relation["term"]
        if kind in UPWARD:
            said.append(("skos:broader", f"<{address(other)}>"))
        elif kind in RELATED and not hierarchy.way(entry.uid, other) and not hierarchy.way(other, entry.uid):
            said.append(("skos:related", f"<{address(other)}>"))
    said += [(MAPPINGS[each["kind"]], f"<{address(each['term'])}>") for each in snapshot.get("mappings", [])]
    said += [("dcterms:source", f"<{iri(each['url'])}>") for each in snapshot.get("sources", [])]
    return f"\n<{entry.permanent_url}> " + " ;\n  ".join(f"{name} {value}" for name, value in said) + " .\n"


def text(words: str) -> str:
    return f"{quoted(words)}@en"


def iri(url: str) -> str:
    """An address with what Turtle does not take in one percent-encoded."""
    return "".join(f"%{ord(sign):02X}" if sign in '<>"{}|^`\\' or ord(sign) <= 32 else sign for sign in url)
