"""The dictionary in the formats that writers' tools read, piece by piece as the other exports."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from django.conf import settings
from django.db.models import F, OuterRef, Subquery

from ..domain.formats import (
    abbreviations,
    datahub,
    eventcatalog,
    for_assistants,
    inventory,
    openmetadata,
    prh,
    rdf,
    skos,
    tbx,
    vale,
)
from ..domain.formats.entries import Entry
from ..domain.hierarchy import UPWARD, Hierarchy
from ..domain.vocabulary import GOOD_KINDS
from ..models import Relation, Revision, Spelling, Term, TermSlug
from .exporting import EVERYTHING, PIECE_ROWS, Selection, addresses, home, in_pieces, line_of, version_date, zipped
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
        former = former_names(selection)
        yield from inventory.inventory(settings.GLOSSARY_TITLE, version_date(), entries(selection), former)


def former_names(selection: Selection) -> Iterator[tuple[str, str]]:
    """(name, path) of slugs that terms used to have and of terms that were merged, with the pins of their revisions.

    A document that names them goes on to find what it means; a term that is out of use is not found.
    """
    fields = ("pk", "slug", "is_merged", "replaced_by", "current__number")
    terms = {term.pk: term for term in Term.objects.values_list(*fields, named=True)}
    chosen = set(selection.terms().published().values_list("pk", flat=True))
    for slug, pk in TermSlug.objects.order_by("slug").values_list("slug", "term"):
        term = target = terms[pk]
        while target.is_merged:
            target = terms[target.replaced_by]
        if target.pk in chosen and (target is not term or slug != term.slug):
            yield slug, inventory.path_of(target.slug)
            yield from inventory.pins(slug, inventory.path_of(term.slug), term.current__number)


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
        yield from in_pieces(rdf.turtle(skos.prefixes(home()), concept_scheme(selection)))


def skos_json_ld(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        yield from in_pieces(rdf.json_ld(skos.prefixes(home()), concept_scheme(selection)))


def concept_scheme(selection: Selection) -> Iterator[rdf.Node]:
    upward = Relation.objects.filter(kind__in=UPWARD).values_list("term__uid", "other__uid")
    retired = selection.terms().retired().values_list("uid", "label", "replaced_by__uid")
    return skos.scheme(
        settings.GLOSSARY_TITLE,
        home(),
        version_date(),
        entries(selection),
        retired.iterator(PIECE_ROWS),
        addresses("permanent"),
        Hierarchy(upward),
    )


def datahub_glossary(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():

        def of_category(slug: str) -> Iterator[Entry]:
            return entries(replace(selection, categories=(slug,)))

        categories = selection.category_rows()
        yield from in_pieces(datahub.business_glossary(settings.GLOSSARY_TITLE, home(), categories, of_category))


def openmetadata_csv(selection: Selection = EVERYTHING, *, domains: bool = False) -> Iterator[bytes]:
    """domains: with the column that the newest releases have."""
    columns = openmetadata.NEWEST_COLUMNS if domains else openmetadata.COLUMNS
    with one_moment():
        slugs = dict(selection.terms().published().values_list("uid", "slug"))
        rows = openmetadata.glossary(settings.GLOSSARY_TITLE, entries(selection), slugs.get, columns)
        yield from in_pieces(map(line_of, rows))


def termbase(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    with one_moment():
        categories = {each["slug"]: each["label"] for each in selection.category_rows()}
        labels = dict(selection.terms().published().values_list("uid", "label"))
        said = entries(selection)
        yield from in_pieces(
            tbx.termbase(settings.GLOSSARY_TITLE, home(), version_date(), said, categories.__getitem__, labels.get)
        )
