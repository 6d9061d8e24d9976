"""The dictionary as OpenMetadata's glossary CSV: a row for each term, named by its slug.

Source: OpenMetadata's documentation of its glossary CSV, and what its server does with one. Lists are apart by
semicolons; an item that holds one, a quote or a line break is quoted, with its quotes doubled. Related terms are split
at every semicolon instead, and quotes in them are those of names. A server takes no header but its own, and the newest
have one column more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from ..vocabulary import GOOD_KINDS, VOICES
from .entries import Entry, plain

COLUMNS = (
    "parent",
    "name*",
    "displayName",
    "description",
    "synonyms",
    "relatedTerms",
    "references",
    "tags",
    "reviewers",
    "owner",
    "glossaryStatus",
    "color",
    "iconURL",
    "extension",
)
NEWEST_COLUMNS = (*COLUMNS[:-1], "domains", COLUMNS[-1])
# Our relations and mappings, as OpenMetadata names them. A false friend is related in name alone, and left out.
RELATIONS = {
    "broader": "broader",
    "narrower": "narrower",
    "part_of": "partOf",
    "related": "relatedTo",
    "contrasts": "relatedTo",
    "exact": "synonym",
    "close": "relatedTo",
}
# What the other term says back; any other relation says the same both ways.
INVERSES = {"broader": "narrower", "narrower": "broader", "partOf": "hasPart"}


def glossary(
    title: str, entries: Iterable[Entry], slugs: Callable[[str], str | None], columns: tuple[str, ...] = COLUMNS
) -> Iterator[list[str]]:
    """The rows of the table, its header first. slugs: the slug of a uid, None where it has no row.

    The server refuses a row that names a term of a row below, so of two related terms the lower one names the other.
    """
    yield list(columns)
    above: set[str] = set()
    said_of: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        related = said_of.pop(entry.uid, [])
        for relation, uid in relations(entry):
            if (slug := slugs(uid)) is None:
                continue
            if uid in above:
                related.append((relation, slug))
            else:
                said_of[uid].append((INVERSES.get(relation, relation), entry.slug))
        above.add(entry.uid)
        cells = row(title, entry, dict.fromkeys(related))
        yield [cells.get(column, "") for column in columns]


def relations(entry: Entry) -> Iterator[tuple[str, str]]:
    """(relation, uid of the other term) in OpenMetadata's words."""
    for link in [*entry.snapshot.get("relations", []), *entry.snapshot.get("mappings", [])]:
        if link["kind"] in RELATIONS:
            yield RELATIONS[link["kind"]], link["term"]


def row(title: str, entry: Entry, related: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cells that say something. related: (relation, slug of the other term)."""
    snapshot = entry.snapshot
    references = [part for each in snapshot.get("sources", []) for part in (each["title"], each["url"])]
    extension = {
        "uid": entry.uid,
        "voice": entry.voice,
        "category": snapshot["category"],
        **{f"line_{voice}": snapshot["lines"][voice] for voice in VOICES},
        **{f"definition_{voice}": snapshot["definitions"][voice] for voice in VOICES},
        "gap": snapshot["gap"],
        "say": snapshot["say"],
        "avoid": snapshot["avoid"],
    }
    return {
        "name*": entry.slug,
        "displayName": entry.label,
        "description": plain(snapshot["definitions"][entry.voice]),
        "synonyms": listed(text for text, _ in entry.spelled(GOOD_KINDS)),
        "relatedTerms": ";".join(f"{relation}:{name_part(title)}.{name_part(slug)}" for relation, slug in related),
        "references": listed(references),
        "glossaryStatus": "Approved",
        "extension": listed(f"{name}:{value.strip()}" for name, value in extension.items()),
    }


def name_part(name: str) -> str:
    """A part of a fully qualified name: quoted where it holds what parts are told apart by."""
    return f'"{name}"' if "." in name else name


def listed(items: Iterable[str]) -> str:
    return ";".join(quoted_item(item) for item in items)


def quoted_item(item: str) -> str:
    if not any(sign in item for sign in ';"\n\r'):
        return item
    return '"' + item.replace('"', '""') + '"'
