"""What a term that is being written would look like, what changes by it, and what a reader would wish of it."""

import re
from functools import lru_cache

from ..domain.advice import Advice, advise, lengths
from ..domain.matching import spelling_key
from ..domain.problems import Problem
from ..domain.settling import Place, value_at
from ..domain.snapshot import LONGEST_TEXT, spellings_by_path
from ..domain.vocabulary import VOICES, other_voice
from ..forms.names import Names
from ..forms.telling import changes, words_of
from ..models import Publication, Spelling
from ..models.told_links import ToldLink
from ..rendering import Links, plain_text, render
from ..services.checking import problems_of
from ..services.publishing import changed_voices, current_links
from .terms import alias_texts, frozen_links

BLOCK_END = re.compile(r"</(?:p|li|h3|h4|td|th|dd|dt|pre|blockquote)>")
LINKED = re.compile(r'data-uid="(\w+)"')
# A definition in business words has none of these.
CODE = re.compile(r"<code>(.*?)</code>")


def preview_of(snapshot: dict, published: dict | None, names: Names) -> dict:
    """What the preview's template needs; `problems` are what would stop the term from being published now."""
    links = links_at(Publication.objects.version())
    html, problems = rendered_texts(snapshot, links)
    texts = {path: blocks(part) for path, part in html.items()} | {
        f"lines/{voice}": snapshot["lines"][voice] for voice in VOICES
    }
    problems += [Problem(path.partition("/")[2], message) for path, message in problems_of([snapshot])]
    advice = [
        *advise(snapshot, texts),
        *technical_words(html.get("definitions/manager", ""), snapshot["uid"], links),
        *retired_links(snapshot, names),
        *shared_spellings(snapshot),
    ]
    return {
        "snapshot": snapshot,
        "html": {path.removeprefix("definitions/"): part for path, part in html.items()},
        "also": alias_texts(snapshot, {"synonym", "abbreviation"}),
        "discouraged": [alias for alias in snapshot.get("aliases", []) if alias["kind"] == "discouraged"],
        "mappings": known_links(snapshot, "mappings"),
        "relations": known_links(snapshot, "relations"),
        "lengths": lengths(texts),
        "empty": [words_of(problem.path) for problem in problems if is_empty(problem.path, snapshot)],
        "problems": [
            (words_of(path, names.label), message) for path, message in problems if not is_empty(path, snapshot)
        ],
        "advice": [(words_of(path, names.label), message) for path, message in advice],
        "changes": changes(published, snapshot, names.label) if published else [],
        "left_voice": left_voice(published, snapshot),
    }


def is_empty(path: str, snapshot: dict) -> bool:
    """Whether nothing was typed there yet: no mistake, only work to be done."""
    return value_at(snapshot, Place(path)) == ""


@lru_cache(maxsize=1)
def links_at(version: int) -> Links:
    """Where words lead, made once for each publication: a preview is asked for at every pause in typing."""
    return current_links()


def rendered_texts(snapshot: dict, links: Links) -> tuple[dict[str, str], list[Problem]]:
    """HTML by path of those texts that can be rendered, and why others cannot."""
    html, problems = {}, []
    texts = {f"definitions/{voice}": (snapshot["definitions"][voice], voice) for voice in VOICES}
    own = snapshot["voice"] if snapshot["voice"] in VOICES else VOICES[0]
    texts["gap"] = (snapshot["gap"], own)
    for path, (text, voice) in texts.items():
        if len(text) > LONGEST_TEXT:
            continue
        try:
            html[path] = render(text, voice=voice, links=links, own_uid=snapshot["uid"])
        except ValueError as error:
            problems.append(Problem(path, str(error)))
    return html, problems


def blocks(html: str) -> str:
    """The words of an HTML text, one block a line."""
    return "\n".join(filter(None, (plain_text(block) for block in BLOCK_END.split(html))))


def technical_words(html: str, own_uid: str, links: Links) -> list[Advice]:
    """Engineers' words in a manager definition that lead a reader nowhere."""
    linked = {own_uid, *LINKED.findall(html)}
    text = plain_text(html)
    found = {match.target.uid: text[match.start : match.end] for match in links.matcher("engineer").find(text)}
    words = [word for uid, word in found.items() if uid not in linked] + CODE.findall(html)
    return [
        Advice("definitions/manager", f"“{word}” is an engineers’ word: link it, or say it in business words")
        for word in dict.fromkeys(words)
    ]


def retired_links(snapshot: dict, names: Names) -> list[Advice]:
    return [
        Advice(f"{name}/{index}/term", f"“{names.label(link['term'])}” is retired; link what replaces it")
        for name in ("mappings", "relations")
        for index, link in enumerate(snapshot.get(name, []))
        if link["term"] in names.by_uid and names.by_uid[link["term"]].is_retired
    ]


def shared_spellings(snapshot: dict) -> list[Advice]:
    """Spellings that the other voice has too: allowed, and worth saying in the gap."""
    if snapshot["voice"] not in VOICES:
        return []
    paths = {spelling_key(text): (path, text) for path, text in spellings_by_path(snapshot) if "\x00" not in text}
    voice = other_voice(snapshot["voice"])
    taken = Spelling.objects.filter(voice=voice, key__in=paths).select_related("term")
    return [
        Advice(
            paths[spelling.key][0],
            f"“{paths[spelling.key][1]}” is also a spelling of the {voice} term “{spelling.term.label}”: "
            "readers will be shown both",
        )
        for spelling in taken
    ]


def known_links(snapshot: dict, name: str) -> list[ToldLink]:
    return frozen_links({name: [link for link in snapshot.get(name, []) if "\x00" not in link["term"]]}, name)


def left_voice(published: dict | None, snapshot: dict) -> str:
    """The voice that stays as it was although the other one changes, or ""."""
    changed = changed_voices(published, snapshot) if published else []
    return other_voice(changed[0]) if len(changed) == 1 else ""
