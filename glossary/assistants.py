"""The dictionary for assistants that write documents: tools of the Model Context Protocol, by its official package.

The same server speaks over a process's standard input and output (`manage.py mcp`) and over HTTP (views/assistants.py).
Each tool answers with data that it describes by a schema, and with the same as text. What cannot be answered is told
to the model in a sentence.
"""

from collections.abc import Callable, Iterable
from functools import cache, wraps
from itertools import islice
from typing import Annotated, Literal

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils.text import capfirst
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from . import documents, search
from .absolute import absolute
from .domain.formats.entries import plain
from .domain.matching import spelling_key
from .domain.prose import Format
from .domain.readable import MEGABYTES, Unreadable
from .models import Term
from .models.told_links import ToldLink, told_links

MOST_HITS = 500
LONGEST_WORD = 200
LONGEST_SENTENCE = 5_000
MOST_FOUND = 25

Voice = Literal["engineer", "manager"]

INSTRUCTIONS = (
    "Engineers and managers use different words for the same in event-driven architecture, and the same words for "
    "different things. Before you use such a word in a document, ask explain what it means here. Link a word's first "
    "use to its pinned_url: that address keeps the meaning which you read."
)


class Link(BaseModel):
    """Another term, and how it compares: exact, close, broader, narrower, related, or a false friend."""

    label: str
    voice: Voice
    kind: str
    note: str
    url: str


class Meaning(BaseModel):
    """What a term means. Its own side says it; the definition is for the side that asked."""

    label: str
    said_by: Voice
    is_retired: bool
    line: str
    definition: str
    gap: str
    say: str
    avoid: str
    mappings: list[Link]
    version: int
    permanent_url: str
    pinned_url: str


class Explanation(BaseModel):
    word: str
    meanings: list[Meaning]


class Word(BaseModel):
    """A term in a sentence. `instead` is what the other side calls it, or empty where it has no word for the same."""

    matched: str
    label: str
    said_by: Voice
    instead: str
    line: str
    beware: list[str]
    url: str


class Translated(BaseModel):
    text: str
    words: list[Word]


class Place(BaseModel):
    """A use of a term. Lines and columns count from 1, in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    matched: str
    label: str
    level: Literal["info", "warning", "error"]
    message: str
    pinned_url: str


class Checked(BaseModel):
    """`is_cut`: there are more places than are told at once (500)."""

    places: list[Place]
    is_cut: bool


class Found(BaseModel):
    label: str
    voice: Voice
    line: str
    how: str
    matched: str
    url: str


class Search(BaseModel):
    found: list[Found]
    nearest: list[str]


def explain(
    word: Annotated[str, Field(max_length=LONGEST_WORD, description="A term, in any of its spellings, or its slug.")],
    voice: Annotated[Voice, Field(description="Who is to understand the definition.")],
) -> Explanation:
    """Say what a word of event-driven architecture means here, for engineers or for managers.

    A word that both sides use differently has two meanings. Each has the gap between the sides, what to say and what to
    avoid, the words that map to it, and addresses to link to.
    """
    asked = cleaned(word)
    terms = meant_by(asked)
    if not terms:
        near = [found.label for found in search.nearest(asked, limit=search.MOST_NEAREST)]
        told = f" Did you mean {', '.join(f'“{label}”' for label in near)}?" if near else ""
        raise ToolError(f"“{asked}” is no term of this glossary.{told}")
    links = told_links(*terms, sorts=("mapping",))
    return Explanation(word=asked, meanings=[meaning(term, voice, links[term.pk]) for term in terms])


def translate(
    sentence: Annotated[str, Field(max_length=LONGEST_SENTENCE, description="A sentence, or a few, as plain text.")],
    to: Annotated[Voice, Field(description="Who is to understand it.")],
) -> Translated:
    """Put beside each term of a sentence what the other side calls the same, in brackets.

    Words that have no counterpart stay, with the line that explains them; write that instead. Beware of the words that
    the other side takes for something else.
    """
    hits = list(documents.words().hits(sentence, "text"))
    called = documents.counterparts({hit.term.uid: hit.term for hit in hits}, to)
    terms = {term.uid: term for term in Term.objects.filter(uid__in={hit.term.uid for hit in hits})}
    links = told_links(*terms.values(), sorts=("mapping",))
    said, position = [], 0
    for hit in hits:
        said.append(sentence[position : hit.end])
        if hit.term.uid in called:
            said.append(f" ({called[hit.term.uid].label})")
        position = hit.end
    words = {
        hit.matched: Word(
            matched=hit.matched,
            label=hit.term.label,
            said_by=hit.term.voice,
            instead=called[hit.term.uid].label if hit.term.uid in called else "",
            line=terms[hit.term.uid].lines[to],
            beware=[warning(link) for link in links[terms[hit.term.uid].pk] if link.kind == "false_friend"],
            url=absolute("permanent", hit.term.uid),
        )
        for hit in hits
    }
    return Translated(text="".join([*said, sentence[position:]]), words=list(words.values()))


def check(
    text: Annotated[str, Field(description=f"The whole document, at most {MEGABYTES} MB.")],
    format: Annotated[Format, Field(description="How it is written.")] = "markdown",
) -> Checked:
    """Find the terms in a document: well used (info), ambiguous, misspelt or discouraged (warning), retired (error)."""
    try:
        found = list(islice(documents.check(text, format), MOST_HITS + 1))
    except Unreadable as unreadable:
        raise ToolError(str(unreadable)) from None
    places = [
        Place(
            **{name: getattr(hit, name) for name in Place.model_fields if hasattr(hit, name)},
            label=hit.term.label,
            pinned_url=absolute("permanent_pinned", hit.term.uid, hit.term.revision),
        )
        for hit in found[:MOST_HITS]
    ]
    return Checked(places=places, is_cut=len(found) > MOST_HITS)


def search_terms(
    query: Annotated[str, Field(max_length=LONGEST_WORD, description="Words, also misspelt ones.")],
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND, description="How many terms at most.")] = 10,
) -> Search:
    """Find terms by their labels, other spellings and texts, best first, each with what matched."""
    found = search.find(query, limit=limit)
    return Search(
        found=[
            Found(
                label=hit.term.label,
                voice=hit.term.voice,
                line=hit.term.line,
                how=hit.how,
                matched=hit.text,
                url=settings.PUBLIC_URL + hit.term.address,
            )
            for hit in found.hits
        ],
        nearest=[term.label for term in found.nearest],
    )


def meant_by(word: str) -> list[Term]:
    """The published terms that a whole text is a form of, or the slug; where there is none, retired ones."""
    uids = [owner.term.uid for owner in documents.owners_of(word)]
    spelled = Q(uid__in=uids) | Q(spellings__key=spelling_key(word)) | Q(slug=word)
    terms = Term.objects.exclude(current=None).select_related("current").filter(spelled, is_merged=False)
    found = list(terms.distinct().order_by("voice", "slug"))
    return [term for term in found if not term.is_retired] or found


def meaning(term: Term, voice: str, links: Iterable[ToldLink]) -> Meaning:
    snapshot = term.current.snapshot
    return Meaning(
        label=term.label,
        said_by=term.voice,
        is_retired=term.is_retired,
        line=snapshot["lines"][voice],
        definition=plain(snapshot["definitions"][voice]),
        gap=plain(snapshot["gap"]),
        say=snapshot.get("say", ""),
        avoid=snapshot.get("avoid", ""),
        mappings=[
            Link(
                label=link.label,
                voice=link.voice,
                kind=link.kind_words,
                note=link.note,
                url=absolute("term", link.slug),
            )
            for link in links
            if not link.is_retired
        ],
        version=term.current.number,
        permanent_url=absolute("permanent", term.uid),
        pinned_url=absolute("permanent_pinned", term.uid, term.current.number),
    )


def warning(link: ToldLink) -> str:
    note = f" {capfirst(link.note)}" if link.note else ""
    return f"“{link.label}”, as {link.voice}s say it, is not the same.{note}"


def cleaned(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


def tool(function: Callable) -> Callable:
    """The same for the package's event loop: in the thread that has the connections to the database."""

    @wraps(function)
    async def called(*args, **kwargs):
        return await sync_to_async(with_connections)(function, *args, **kwargs)

    return called


def with_connections(function: Callable, *args, **kwargs):
    # Between two questions of an assistant hours may pass. A transaction that is open is whoever's that calls us.
    if not connection.in_atomic_block:
        close_old_connections()
    return function(*args, **kwargs)


@cache
def server() -> MCPServer:
    """The server of this process, with its tools."""
    made = MCPServer(settings.GLOSSARY_TITLE, instructions=INSTRUCTIONS, website_url=settings.PUBLIC_URL)
    tools = {"explain": explain, "translate": translate, "check": check, "search": search_terms}
    for name, function in tools.items():
        made.add_tool(tool(function), name=name, annotations=ToolAnnotations(read_only_hint=True))
    return made
