"""The dictionary in SKOS, read by rdflib, and held to the integrity conditions of SKOS."""

from itertools import combinations

import pytest
from django.core.management import call_command
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, OWL, SKOS

from tests.factories import TermFactory, linked_to

pytestmark = pytest.mark.django_db
HOME = "https://words.example.org"
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = HOME


def graph(client, address: str = "/export/skos.ttl", format: str = "turtle") -> Graph:
    return Graph().parse(data=client.get(address).getvalue(), format=format)


def address(term) -> URIRef:
    return URIRef(f"{HOME}/id/{term.uid}/")


def check_integrity(found: Graph) -> int:
    """S9, S13, S14 and S27 of the SKOS Reference. How many concepts there are."""
    concepts = set(found.subjects(RDF.type, SKOS.Concept))
    schemes = set(found.subjects(RDF.type, SKOS.ConceptScheme))
    assert not concepts & schemes
    for concept in concepts:
        for one, other in combinations(LABELS, 2):
            assert not set(found.objects(concept, one)) & set(found.objects(concept, other)), concept
        assert len(list(found.objects(concept, SKOS.prefLabel))) == 1
        above = set(found.transitive_objects(concept, SKOS.broader)) - {concept}
        assert not above & set(found.objects(concept, SKOS.related)), concept
        assert not above & set(found.subjects(SKOS.related, concept)), concept
    return len(concepts)


def test_the_shipped_dictionary_keeps_the_conditions_of_skos(client):
    call_command("load_content", verbosity=0)
    found = graph(client)
    assert check_integrity(found) > 90
    assert all(isinstance(other, URIRef) for other in found.objects(None, SKOS.broader))


# rdflib's own reader of JSON-LD uses what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_json_ld_says_what_turtle_says(client):
    call_command("load_content", verbosity=0)
    log = TermFactory(label="journal")
    TermFactory(
        label='re"ten\\tion <b>', slug="odd", sources=[{"title": "Odd", "url": "https://example.org/a%20b?c={d}"}]
    )
    TermFactory(label="ledger", retired=True, replaced_by=log)
    found = graph(client, "/export/skos.jsonld", "json-ld")
    assert len(found) > 2000
    assert isomorphic(found, graph(client))


def test_a_term_is_a_concept_with_both_definitions_and_its_audience(client):
    log = TermFactory(label="log")
    archive = TermFactory(label="archive", voice="manager")
    retention = TermFactory(
        label='re"ten\\tion',
        slug="retention",
        aliases=[{"text": "keeping", "kind": "synonym"}, {"text": "retension", "kind": "misspelling"}],
        relations=[linked_to(log, "part_of")],
        mappings=[linked_to(archive, "false_friend")],
    )
    found = graph(client)
    concept = address(retention)
    assert list(found.objects(concept, SKOS.prefLabel)) == [Literal('re"ten\\tion', lang="en")]
    assert list(found.objects(concept, SKOS.altLabel)) == [Literal("keeping", lang="en")]
    assert list(found.objects(concept, SKOS.hiddenLabel)) == [Literal("retension", lang="en")]
    assert list(found.objects(concept, SKOS.broader)) == [address(log)]
    assert list(found.objects(concept, URIRef(f"{HOME}/voice/#falseFriend"))) == [address(archive)]
    audiences = {
        str(audience)
        for definition in found.objects(concept, SKOS.definition)
        for audience in found.objects(definition, DCTERMS.audience)
    }
    assert audiences == {f"{HOME}/voice/engineer", f"{HOME}/voice/manager"}


def test_what_stands_above_is_not_related_as_well(client):
    top = TermFactory(label="top")
    middle = TermFactory(label="middle", relations=[linked_to(top, "broader")])
    TermFactory(label="bottom", relations=[linked_to(middle, "broader"), linked_to(top, "related")])
    found = graph(client)
    assert check_integrity(found) == 3
    assert not list(found.objects(None, SKOS.related))


def test_a_retired_term_names_what_took_its_place(client):
    log = TermFactory(label="log")
    ledger = TermFactory(label="ledger", retired=True, replaced_by=log)
    found = graph(client)
    assert (address(ledger), OWL.deprecated, Literal(True)) in found
    assert list(found.objects(address(ledger), DCTERMS.isReplacedBy)) == [address(log)]
