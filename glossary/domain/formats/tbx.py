"""The dictionary as a termbase of TBX (ISO 30042:2019), of its dialect TBX-Basic: a concept for each term.

Source: the schemas of TBX-Basic in its style DCA. Both voices speak one language, so a definition says for whom it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from ..vocabulary import GOOD_KINDS, VOICES
from .entries import Entry, plain

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
TERM_TYPES = {"abbreviation": "abbreviation", "inflection": "variant"}
# A false friend is told in words alone: a reference would say that the two belong together.
UNRELATED = {"false_friend"}
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def termbase(
    title: str,
    home: str,
    version: str,
    entries: Iterable[Entry],
    category: Callable[[str], str],
    label: Callable[[str], str | None],
) -> Iterator[str]:
    """category: the label of a category's slug; label: that of a term's uid, None where it has no concept here."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="{NAMESPACE}">\n'
        f"<tbxHeader><fileDesc><titleStmt><title>{text(title)}</title></titleStmt>"
        f"<publicationStmt><p>{text(version)}</p></publicationStmt>"
        f"<sourceDesc><p>{text(home)}</p></sourceDesc></fileDesc></tbxHeader>\n<text><body>\n"
    )
    for entry in entries:
        yield concept(entry, category, label)
    yield "</body></text>\n</tbx>\n"


def concept(entry: Entry, category: Callable[[str], str], label: Callable[[str], str | None]) -> str:
    snapshot = entry.snapshot
    links = [*snapshot.get("relations", []), *snapshot.get("mappings", [])]
    others = dict.fromkeys(link["term"] for link in links if link["kind"] not in UNRELATED)
    references = "".join(
        f'<ref type="crossReference" target="{identifier(uid)}">{text(name)}</ref>\n'
        for uid in others
        if (name := label(uid)) is not None
    )
    definitions = "".join(
        f'<descripGrp><descrip type="definition">{text(plain(snapshot["definitions"][voice]))}</descrip>'
        f"<note>For {voice}s</note></descripGrp>\n"
        for voice in VOICES
    )
    terms = term(entry.label, "preferred") + "".join(
        term(
            alias["text"],
            "admitted" if alias["kind"] in GOOD_KINDS else "deprecated",
            TERM_TYPES.get(alias["kind"]),
            alias.get("note", ""),
        )
        for alias in snapshot.get("aliases", [])
    )
    return (
        f'<conceptEntry id="{identifier(entry.uid)}">\n'
        f'<descrip type="subjectField">{text(category(snapshot["category"]))}</descrip>\n'
        f'<xref type="externalCrossReference" target={quoteattr(entry.permanent_url)}>{text(entry.slug)}</xref>\n'
        f"{references}<note>{entry.voice.capitalize()}s’ word</note>\n<note>{text(plain(snapshot['gap']))}</note>\n"
        f'<langSec xml:lang="en">\n{definitions}{terms}</langSec>\n</conceptEntry>\n'
    )


def term(words: str, status: str, kind: str | None = None, note: str = "") -> str:
    said = f'<termNote type="administrativeStatus">{status}Term-admn-sts</termNote>'
    if kind:
        said += f'<termNote type="termType">{kind}</termNote>'
    if note:
        said += f"<note>{text(note)}</note>"
    return f"<termSec><term>{text(words)}</term>{said}</termSec>\n"


def identifier(uid: str) -> str:
    """A uid as XML takes an identifier, which must not begin with a digit."""
    return f"term-{uid}"


def text(words: str) -> str:
    """Words as XML says them, without the characters that it cannot say; a carriage return outlives reading."""
    return escape(UNSAYABLE.sub("", words), {"\r": "&#13;"})
