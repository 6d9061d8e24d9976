"""The dictionary as a business glossary of DataHub, in YAML of its version 1: categories as nodes, their terms below.

Source: datahub.ingestion.source.metadata.business_glossary, which reads it in the proofs. A term's id is its uid, so
that a rename changes a term and makes no new one. JSON is YAML, so each thing is written as JSON.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from .entries import Entry, plain, quoted

# What a relation or mapping is there; a term is an instance of what is above it, and the rest is related.
INHERITS = {"broader"}
# A false friend is told in words alone: a link would say that the two belong together.
UNRELATED = {"false_friend"}


def business_glossary(
    title: str, home: str, categories: Iterable[dict], entries_of: Callable[[str], Iterable[Entry]]
) -> Iterator[str]:
    """categories: {slug, label, description}; entries_of: the terms of the category that has a slug."""
    yield f'version: "1"\nsource: {quoted(title)}\nurl: {quoted(home)}\nowners: {{users: []}}\nnodes:\n'
    for category in categories:
        yield (
            f"  - id: {quoted(category['slug'])}\n    name: {quoted(category['label'])}\n"
            f"    description: {quoted(category['description'])}\n    terms:\n"
        )
        for entry in entries_of(category["slug"]):
            yield f"      - {json.dumps(term(entry), ensure_ascii=False)}\n"


def term(entry: Entry) -> dict:
    snapshot = entry.snapshot
    links = [*snapshot.get("relations", []), *snapshot.get("mappings", [])]
    links = [(link["kind"], link["term"]) for link in links if link["kind"] not in UNRELATED]
    # Mappings are called broader as well, but lead to the other side: nothing is inherited from there.
    above = [link["term"] for link in snapshot.get("relations", []) if link["kind"] in INHERITS]
    said = {
        "id": entry.uid,
        "name": entry.label,
        "description": plain(snapshot["definitions"]["engineer"]),
        "source_url": entry.permanent_url,
        "inherits": above,
        "related_terms": [uid for _, uid in links if uid not in above],
        "custom_properties": {
            "slug": entry.slug,
            "voice": entry.voice,
            "revision": str(entry.revision),
            "spellings": "; ".join(entry.forms()),
            "line for engineers": snapshot["lines"]["engineer"],
            "line for managers": snapshot["lines"]["manager"],
            "for managers": plain(snapshot["definitions"]["manager"]),
            "gap": plain(snapshot["gap"]),
        },
        "knowledge_links": [{"label": each["title"], "url": each["url"]} for each in snapshot.get("sources", [])],
    }
    return {name: value for name, value in said.items() if value}
