"""Terms of other tools, which say less of a term than is kept here.

Such a term is laid over the one that is here: what its file does not say stays, and nothing is taken away, as the file
may have no word for it. Where nothing is here, the term is made whole, and says of each text that it was not written.

The data of a foreign entry (domain/exchange.py):

    slug, label         and, where the file is an export of this software, the uid and is_from_here
    voice, category     where the file says them; `otherwise` has those of a new term where it does not
    texts               {path: Markdown} as it is kept here; an empty text says nothing
    plain               {path: text} with our links as words; the path "definition" is that of the term's own voice
    good, unwanted      other spellings; spellings that nobody should use
    links               [{"term": slug or uid, "kinds": what it may stand for, the likeliest first}]
    sources             [{"title", "url"}]
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from .exchange import Entry
from .formats.entries import plain
from .matching import only_in_capitals, spelling_key
from .problems import Invalid, Problem
from .snapshot import LONGEST_LINE, put_text, spelling_keys, text_at
from .vocabulary import INVERSE, MAPPING_KINDS, RELATION_KINDS, VOICES

TEXTS = ("definitions/engineer", "definitions/manager", "lines/engineer", "lines/manager", "gap", "say", "avoid")
# The kinds of links within a voice and between the voices, and what other kinds become there.
WITHIN = (RELATION_KINDS, {"exact": "related", "close": "related", "false_friend": "related"})
BETWEEN = (MAPPING_KINDS, {"part_of": "broader", "contrasts": "related"})
SENTENCE_END = re.compile(r"(?<=[.!?])\s")
ONE_TEXT = "The file that this was imported from has one text for both sides; where they differ is not written yet."
WHEN_NOT = "The file that this was imported from does not say when to avoid the word."


class Read(NamedTuple):
    """What was read of a file; remarks: sentences on what it says and is not kept here."""

    entries: list[Entry]
    problems: list[Problem]
    remarks: list[str]


def remarks(opening: str, left_out: Counter[str]) -> list[str]:
    """The sentence on what was left out, and how often; none where nothing was."""
    told = ", ".join(f"{what} ({count})" for what, count in sorted(left_out.items()))
    return [f"{opening}: {told}."] if told else []


class Around(NamedTuple):
    """What is known of the terms that links name: the voice of a uid, and the kind of the link from one to another."""

    voices: Mapping[str, str | None]
    kinds: Mapping[tuple[str, str], str]


def settled(base: dict | None, data: dict, around: Around) -> dict:
    """What a term says once a foreign one is laid over it; links name terms by uid.

    Raises Invalid where the file says two different things, or too little for a new term.
    """
    snapshot = dict(base) if base else begun(data)
    snapshot |= {name: dict(snapshot[name]) for name in ("lines", "definitions")}
    snapshot |= {name: data[name] for name in ("voice", "category") if data.get(name)}
    # Another tool's capitals are its own; of an export from here they are what somebody changed.
    if data.get("is_from_here") or spelling_key(data["label"]) != spelling_key(snapshot["label"]):
        snapshot["label"] = data["label"]
    lay_texts(snapshot, data)
    if base is None:
        fill(snapshot, data)
    more = {"aliases": list(new_aliases(snapshot, data)), "sources": list(new_sources(snapshot, data))}
    snapshot |= {name: [*snapshot.get(name, []), *items] for name, items in more.items() if items}
    lay_links(snapshot, data, around)
    return snapshot


def begun(data: dict) -> dict:
    known = {name: data.get(name) or data["otherwise"][name] for name in ("voice", "category")}
    return {name: data[name] for name in ("uid", "slug", "label")} | known | {"lines": {}, "definitions": {}}


def lay_texts(snapshot: dict, data: dict) -> None:
    own = f"definitions/{snapshot['voice']}"
    plainly = {own if path == "definition" else path: text for path, text in data.get("plain", {}).items()}
    problems = []
    for path in TEXTS:
        was, exact, said = text_at(snapshot, path), data.get("texts", {}).get(path), plainly.get(path)
        is_exact_new = bool(exact) and exact != was.strip()
        is_said_new = bool(said) and said != plain(was)
        if is_exact_new and is_said_new and said != plain(exact):
            problems.append(Problem(path, "is in the file twice, and both say something new; keep one of them"))
        elif is_exact_new or is_said_new:
            put_text(snapshot, path, exact if is_exact_new else said)
    if problems:
        raise Invalid(problems)


def fill(snapshot: dict, data: dict) -> None:
    """What a new term must have and its file does not say: the one text for both voices, and that this is so."""
    definitions, label = snapshot["definitions"], snapshot["label"]
    text = definitions.get(snapshot["voice"]) or next(iter(definitions.values()), "")
    missing = []
    if snapshot["voice"] not in VOICES:
        missing.append(Problem("voice", f"{snapshot['voice']!r:.60} is not one of {', '.join(VOICES)}"))
    if not text:
        missing.append(Problem("definition", "is missing; a new term must say what it means"))
    if not snapshot["category"]:
        missing.append(Problem("category", "is not in the file; choose one for the new terms of this import"))
    if missing:
        raise Invalid(missing)
    for voice in VOICES:
        definitions.setdefault(voice, text)
        snapshot["lines"].setdefault(voice, first_sentence(definitions[voice]))
    unwanted = data.get("unwanted", [])
    snapshot.setdefault("gap", ONE_TEXT)
    snapshot.setdefault("say", f"Say “{label}” in the sense that is written here.")
    snapshot.setdefault("avoid", f"Say “{label}” and not “{unwanted[0]}”." if unwanted else WHEN_NOT)


def first_sentence(text: str) -> str:
    """The first sentence of a text, cut between words where it is too long for one line."""
    sentence = SENTENCE_END.split(" ".join(plain(text).split()), maxsplit=1)[0]
    if len(sentence) <= LONGEST_LINE:
        return sentence
    kept = sentence[: LONGEST_LINE - 1]
    return f"{kept.rpartition(' ')[0] or kept}…"


def new_aliases(snapshot: dict, data: dict) -> Iterator[dict]:
    known = spelling_keys(snapshot)
    for name, kind in (("good", "synonym"), ("unwanted", "misspelling")):
        for text in data.get(name, []):
            if (key := spelling_key(text)) not in known:
                known.add(key)
                is_short = kind == "synonym" and only_in_capitals(text)
                yield {"text": text, "kind": "abbreviation" if is_short else kind}


def new_sources(snapshot: dict, data: dict) -> Iterator[dict]:
    known = {source["url"] for source in snapshot.get("sources", [])}
    for source in data.get("sources", []):
        if source["url"] not in known:
            known.add(source["url"])
            yield source


def lay_links(snapshot: dict, data: dict, around: Around) -> None:
    """Links that are here as the file says them stay, whichever of their two terms says them.

    Of two that the file has of one pair the first counts.
    """
    laid = set()
    for link in data.get("links", []):
        other = link["term"]
        is_said_there = INVERSE.get(around.kinds.get((other, snapshot["uid"]))) in link["kinds"]
        if other not in laid and not is_said_there:
            lay_link(snapshot, link, is_within=around.voices.get(other) in (None, snapshot["voice"]))
        laid.add(other)


def lay_link(snapshot: dict, link: dict, *, is_within: bool) -> None:
    other, name = link["term"], "relations" if is_within else "mappings"
    kinds, instead = WITHIN if is_within else BETWEEN
    possible = [kind for kind in (instead.get(kind, kind) for kind in link["kinds"]) if kind in kinds]
    if not possible:
        raise Invalid([Problem(name, f"{other!r:.60} is narrower and not in the file; take it in, or link it there")])
    there = {each["term"]: each for each in snapshot.get(name, [])}
    old = there.get(other, {})
    if old.get("kind") not in possible:
        there[other] = old | {"term": other, "kind": possible[0]}
        snapshot[name] = list(there.values())


def resolved(entries: list[Entry], uid_of: Callable[[str], str], around: Around) -> list[Entry]:
    """Foreign entries whose links name terms by uid.

    Within a voice only the narrower term says what is above it: one that names terms below has them say so.
    """
    voices = around.voices
    numbers = {entry.data["uid"]: number for number, entry in enumerate(entries)}
    links: list[list[dict]] = [[] for _ in entries]
    for number, entry in enumerate(entries):
        uid = entry.data["uid"]
        for link in entry.data.get("links", []):
            other = uid_of(link["term"])
            is_turned = link["kinds"] == ["narrower"] and other in numbers and voices.get(uid) == voices.get(other)
            if is_turned:
                links[numbers[other]].append({"term": uid, "kinds": ["broader", "part_of"]})
            else:
                links[number].append({"term": other, "kinds": link["kinds"]})
    pairs = zip(entries, links, strict=True)
    return [entry._replace(data=entry.data | {"links": laid}) for entry, laid in pairs]
