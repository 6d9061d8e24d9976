"""What an import reads out of SKOS, as Turtle or as JSON-LD.

Source: the SKOS Reference (W3C, 2009). Nothing is fetched: a context that is elsewhere is refused by the parser.
"""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from .exchange import Entry
from .foreign import Read, remarks
from .matching import slugify
from .plain_json import unfit, write_json
from .problems import Problem
from .snapshot import SLUG, UID
from .vocabulary import VOICES

CORE = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
VALUE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
AUDIENCE = "http://purl.org/dc/terms/audience"
SOURCE = "http://purl.org/dc/terms/source"
DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
# Properties that link concepts, and what each may stand for here; of two that link one pair the first counts.
LINKS = {
    f"{CORE}broader": ["broader", "part_of"],
    f"{CORE}narrower": ["narrower"],
    f"{CORE}related": ["related", "contrasts"],
    f"{CORE}exactMatch": ["exact"],
    f"{CORE}closeMatch": ["close"],
    f"{CORE}broadMatch": ["broader"],
    f"{CORE}narrowMatch": ["narrower"],
    f"{CORE}relatedMatch": ["related"],
}
# Ours, under the address of any site that exports so.
FALSE_FRIEND = re.compile(r".*/voice/#falseFriend")
VOICE = re.compile(rf".*/voice/({'|'.join(VOICES)})")
LABELS = tuple(f"{CORE}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel"))
KEPT = {
    *LINKS,
    *LABELS,
    TYPE,
    VALUE,
    AUDIENCE,
    SOURCE,
    DEPRECATED,
    *(f"{CORE}{n}" for n in ("definition", "scopeNote", "notation")),
}
MOST_STATEMENTS = 500_000
# The parser goes into these by calling itself; a concept needs none.
TRIPLE_TERM, MOST_TRIPLE_TERMS = "<<(", 50
BEGINNING = re.compile(r"@?(?:prefix|base)\b|<[a-z][a-z0-9+.-]*:[^<>\s]*>\s", re.IGNORECASE)


class NotRead(ValueError):
    """A graph that cannot be read; the message is a sentence for its author."""


def is_turtle(text: str) -> bool:
    """By its first line that says something: line by line, as a pattern would keep each blank in memory."""
    lines = (line.lstrip() for line in io.StringIO(text))
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return BEGINNING.match(first) is not None


def is_json_ld(document) -> bool:
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and bool(first.keys() & {"@context", "@graph", "@id", "@type"})


def read_turtle(text: str, home: str) -> Read:
    if text.count(TRIPLE_TERM) > MOST_TRIPLE_TERMS:
        raise NotRead("It makes statements about statements, which SKOS does not need; leave them out.")
    return Graph(text.encode(), RdfFormat.TURTLE, home).read()


def read_json_ld(document, home: str) -> Read:
    if reason := unfit(document):
        raise NotRead(f"It {reason}.")
    return Graph(write_json(document).encode(), RdfFormat.JSON_LD, home).read()


class Graph:
    """What a file says of its concepts: subject → property → values."""

    def __init__(self, raw: bytes, format: RdfFormat, home: str):
        self.home = home.rstrip("/")
        self.said: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
        self.left_out: Counter[str] = Counter()
        try:
            for count, quad in enumerate(parse(raw, format, base_iri=f"{self.home}/")):
                if count >= MOST_STATEMENTS:
                    raise NotRead(f"It makes more than {MOST_STATEMENTS} statements. Import it in parts.")
                name = quad.predicate.value
                if name in KEPT or FALSE_FRIEND.fullmatch(name):
                    self.said[key(quad.subject)][name].append(quad.object)
        except NotRead:
            raise
        except (SyntaxError, ValueError) as error:
            raise NotRead(told(error)) from None

    def read(self) -> Read:
        addresses = [address for address, said in self.said.items() if is_concept(said)]
        named = {address: self.name_of(address) for address in addresses}
        entries, problems = [], []
        for address, name in named.items():
            if not name:
                why = "has no label or notation with a Latin letter or digit that an address could be made of"
                problems.append(Problem(shown(address), why))
            else:
                entries.append(self.entry(address, name, named))
        return Read(entries, problems, remarks("Not kept here", self.left_out))

    def name_of(self, address: str) -> str:
        """The uid of a concept of this site, else a slug: its notation, if that is one, or made of its label."""
        if uid := self.uid_of(address):
            return uid
        said = self.said[address]
        notation = next((each.value for each in said[f"{CORE}notation"] if SLUG.fullmatch(each.value)), "")
        is_word = any(sign.isalpha() for sign in notation)
        return notation if is_word else slugify(label_of(said))

    def uid_of(self, address: str) -> str:
        uid = address.removeprefix(f"{self.home}/id/").strip("/")
        return uid if address.startswith(f"{self.home}/id/") and UID.fullmatch(uid) else ""

    def entry(self, address: str, name: str, named: dict[str, str]) -> Entry:
        said = self.said[address]
        language = next((label.language for label in in_one_language(said[LABELS[0]])), "en")
        texts = {
            part: list(self.texts(said[f"{CORE}{part}"], language)) for part in ("altLabel", "hiddenLabel", "scopeNote")
        }
        uid = self.uid_of(address)
        notation = next((each.value for each in said[f"{CORE}notation"]), "")
        data = ({"uid": uid, "is_from_here": True} if uid else {}) | {
            "slug": notation if uid else name,
            "label": label_of(said),
            "plain": self.definitions(said, language) | {"gap": "\n\n".join(texts["scopeNote"])},
            "good": texts["altLabel"],
            "unwanted": texts["hiddenLabel"],
            "links": list(self.links(said, named)),
            "sources": list(self.sources(said)),
        }
        if voice := voice_of(said[AUDIENCE]):
            data["voice"] = voice
        is_retired = any(value.value.casefold() in {"true", "1"} for value in said[DEPRECATED])
        return Entry("term", shown(address), data, is_retired=is_retired, is_foreign=True)

    def texts(self, values: Iterable, language: str | None) -> Iterator[str]:
        """Those in the language of the label, or in none."""
        for value in values:
            if not isinstance(value, Literal):
                continue
            if value.language in (None, language):
                yield value.value.strip()
            else:
                self.left_out["texts in other languages"] += 1

    def definitions(self, said: dict, language: str | None) -> dict[str, str]:
        """One for each voice that a definition names as its audience; else the one that there is."""
        values = said[f"{CORE}definition"]
        found = {}
        for value in values:
            about = self.said.get(key(value)) if isinstance(value, BlankNode | NamedNode) else None
            if about and (voice := voice_of(about[AUDIENCE])):
                found |= {f"definitions/{voice}": text for text in self.texts(about[VALUE], language)}
        return found or {"definition": "\n\n".join(self.texts(values, language))}

    def links(self, said: dict, named: dict[str, str]) -> Iterator[dict]:
        kinds = LINKS | {name: ["false_friend"] for name in said if FALSE_FRIEND.fullmatch(name)}
        for name, stands_for in kinds.items():
            for value in said.get(name, []):
                other = named.get(key(value)) or self.uid_of(key(value))
                if other:
                    yield {"term": other, "kinds": stands_for}
                else:
                    self.left_out["links to what is not in the file"] += 1

    def sources(self, said: dict) -> Iterator[dict]:
        for value in said[SOURCE]:
            if isinstance(value, NamedNode):
                yield {"title": value.value[:200], "url": value.value}
            else:
                self.left_out["sources without an address"] += 1


def is_concept(said: dict) -> bool:
    types = {key(value) for value in said.get(TYPE, [])}
    return f"{CORE}Concept" in types or (not types and LABELS[0] in said)


def label_of(said: dict) -> str:
    return next((label.value.strip() for label in in_one_language(said[LABELS[0]])), "")


def key(node) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


def voice_of(values: Iterable) -> str:
    found = (VOICE.fullmatch(key(value)) for value in values)
    return next((match[1] for match in found if match), "")


def in_one_language(values: Iterable) -> list[Literal]:
    """Labels of one language: English if there are any, else of none, else of the first by its name."""
    literals = [value for value in values if isinstance(value, Literal)]

    def rank(language: str | None) -> tuple[int, str]:
        return (
            0 if language == "en" else 1 if (language or "").startswith("en-") else 2 if language is None else 3
        ), language or ""

    best = min((value.language for value in literals), key=rank, default=None)
    return [value for value in literals if value.language == best]


def shown(address: str) -> str:
    return f"{address:.120}"


def told(error: Exception) -> str:
    said = str(error)
    if "remote context" in said:
        return "Its context is at another address, and nothing is fetched; put the context itself into the file."
    return f"It cannot be read as RDF: {said:.200}."
