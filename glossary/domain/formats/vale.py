"""A package of Vale: rules that replace discouraged and misspelt words, and the words that are well.

Accepted words are exceptions to every rule that does not say `vocab: false`, also where they are a part of what it
finds. A rule's key is a regular expression of Go; with the action `replace` Vale takes the value as text. JSON is YAML,
so every text is written as JSON writes it.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from .entries import Entry, quoted, unwanted

STYLE = "EDA"
SETTINGS = f"""StylesPath = styles
MinAlertLevel = suggestion
Vocab = {STYLE}

[*.{{md,rst,adoc,txt}}]
BasedOnStyles = Vale, {STYLE}
"""
META = re.compile(r"([\\.+*?()|\[\]{}^$])")


def package(entries: Iterable[Entry], owned: Collection[str]) -> Iterator[tuple[str, str]]:
    """(path, text) of every file of the package. `owned`: keys of spellings that are well for some term."""
    yield f"{STYLE}/.vale.ini", SETTINGS
    accepted = set()
    for entry in entries:
        accepted |= {accepted_word(form) for form in entry.forms()}
        if swaps := unwanted(entry, owned):
            yield f"{STYLE}/styles/{STYLE}/{entry.slug}.yml", rule(entry, [text for text, _ in swaps])
    accepted = sorted(accepted)
    folder = f"{STYLE}/styles/config/vocabularies/{STYLE}"
    yield f"{folder}/accept.txt", "".join(f"{word}\n" for word in accepted)
    yield f"{folder}/reject.txt", ""


def rule(entry: Entry, unwanted_words: list[str]) -> str:
    swaps = "".join(f"  {quoted(expression(word))}: {quoted(entry.label)}\n" for word in unwanted_words)
    return (
        "extends: substitution\n"
        "message: \"Use '%s' instead of '%s'.\"\n"
        f"link: {quoted(entry.permanent_url)}\n"
        "level: warning\n"
        "ignorecase: true\n"
        "vocab: false\n"
        "action:\n  name: replace\n"
        f"swap:\n{swaps}"
    )


def accepted_word(form: str) -> str:
    """Vale holds accepted words to the case that they are written in; one in small letters may begin a sentence."""
    return f"(?i){expression(form)}" if form == form.lower() else expression(form)


def expression(word: str) -> str:
    """What finds a spelling with blanks or hyphens between its words."""
    return r"[- ]".join(META.sub(r"\\\1", part) for part in re.split(r"[\s-]+", word) if part)
