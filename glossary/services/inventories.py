"""The dictionary in the formats that writers' tools read, piece by piece as the other exports."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.conf import settings
from django.db.models import F, OuterRef, Subquery

from ..domain.formats import abbreviations, eventcatalog, for_assistants, inventory, prh, skos, vale
from ..domain.formats.entries import Entry
from ..domain.hierarchy import UPWARD, Hierarchy
from ..domain.vocabulary import GOOD_KINDS
from ..models import Relation, Revision, Spelling, Term
from .exporting import EVERYTHING, PIECE_ROWS, Selection, addresses, home, in_pieces, version_date, zipped
from .one_moment import one_moment


def entries(selection: Selection = EVERYTHING, voice: str = "", *, on: date | None = None) -> Iterator[Entry]:
    """Published terms by slug, of a voice or of both.

    on: as they were at the end of that day, without those that came later.
    """
    url, permanent_url = addresses("term"), addresses("permanent")
    terms = selection.terms().published()
    if voice:
        terms = terms.in_voice(voice)
    if on is None:
        terms = terms.annotate(stated=F("current"))
    else:
        until = Revision.objects.filter(term=OuterRef("pk")).until(on)
        terms = terms.annotate(stated=Subquery(until.values("pk")[:1])).exclude(stated=None)
    rows = list(terms.values_list("uid", "slug", "stated"))
    for start in range(0, len(rows), PIECE_ROWS):
        piece = rows[start : start + PIECE_ROWS]
        stated = Revision.objects.only("number", "snapshot").in_bulk([revision for _, _, revision in piece])
        for uid, slug, pk in piece:
            revision = stated[pk]
            yield Entry(uid, slug, revision.number, url(slug), permanent_url(uid), revision.snapshot)


def owned_spellings() -> set[str]:
    """The keys of all spellings that are well for some published term."""
    spellings = Spelling.objects.filter(term__status=Term.Status.PUBLISHED, kind__in=["label", *GOOD_KINDS])
    return set(spellings.values_list("key", flat=True))


def objects_inv(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        yield from inventory.inventory(settings.GLOSSARY_TITLE, version_date(), entries(selection))


def mkdocs(selection: Selection = EVERYTHING, also: frozenset[str] = frozenset()) -> Iterator[bytes]:
    with one_moment():
        yield from in_pieces(abbreviations.abbreviations(entries(selection), also))


def vale_zip(selection: Selection = EVERYTHING, on: date | None = None) -> Iterator[bytes]:
    with one_moment():
        yield from zipped(vale.package(entries(selection, on=on), owned_spellings()))


def prh_rules(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        yield from in_pieces(prh.rules(entries(selection), owned_spellings()))


def ubiquitous_language(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        yield from in_pieces(eventcatalog.ubiquitous_language(settings.GLOSSARY_TITLE, home(), entries(selection)))


def llms_index(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        said_by = partial(entries, selection)
        yield from in_pieces(for_assistants.index(settings.GLOSSARY_TITLE, home(), said_by))


def llms_full(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        yield from in_pieces(for_assistants.in_full(settings.GLOSSARY_TITLE, entries(selection)))


def skos_turtle(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        upward = Relation.objects.filter(kind__in=UPWARD).values_list("term__uid", "other__uid")
        retired = selection.terms().retired().values_list("uid", "label", "replaced_by__uid")
        yield from in_pieces(
            skos.turtle(
                settings.GLOSSARY_TITLE,
                home(),
                version_date(),
                entries(selection),
                retired.iterator(PIECE_ROWS),
                addresses("permanent"),
                Hierarchy(upward),
            )
        )
