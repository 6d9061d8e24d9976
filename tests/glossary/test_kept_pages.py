"""A page outlives the publications that do not change it, and no others."""

import pytest
from django.core.cache import caches
from django.test import Client

from glossary.domain.vocabulary import OWN_LOG
from glossary.models import Publication, Term
from glossary.services.confirming import confirm_voices
from glossary.services.publishing import publish_term
from glossary.services.retiring import merge_term, restore_term, retire_term
from tests.factories import ScenarioFactory, TermFactory, UserFactory, linked_to

pytestmark = pytest.mark.django_db

SUBJECT, ADDRESSES = "offset", ["/terms/{}/", "/terms/{}/v/1/", "/feeds/terms/{}.atom"]
NAMED = {"aliases": [{"text": "sheep", "kind": "synonym"}]}
SAID = {
    "lines": {"engineer": "Where a record stands.", "manager": "A page number."},
    "definitions": {"engineer": "A number that grows.", "manager": "It says where one stopped reading."},
    "gap": "Managers count pages, engineers records.",
    "say": "We are at offset 7.",
    "avoid": "Offset for an index of one's own.",
    "sources": [{"title": "Design", "url": "https://kafka.apache.org/documentation/#design"}],
}
SHARED = {
    "label": "position",
    "slug": "position",
    "category": "process",
    "aliases": [{"text": "position", "kind": "synonym"}],
    "relations": [],
    "mappings": [],
    "captions": {},
}


@pytest.fixture
def dictionary():
    """Terms that show something of the term called offset, each in another way, and one that does not."""
    TermFactory(label="process owner", category="process")
    pages = TermFactory(label="page number", manager=True)
    scenario = ScenarioFactory(slug="compaction").slug
    subject = TermFactory(
        label=SUBJECT,
        aliases=[{"text": "place", "kind": "synonym"}],
        mappings=[linked_to(pages, "close", "Only one of them ends.")],
        relations=[linked_to(TermFactory(label="log"), "related")],
        scenarios=[scenario],
        captions={scenario: "Offsets stay as they are."},
    )
    TermFactory(label="commit", gap="One commits a place, and some call that an offset.")
    TermFactory(label="lag", relations=[linked_to(subject, "related")])
    TermFactory(label="sheepdog", gap="It looks after sheep at this position.")
    ScenarioFactory(slug="own", log=OWN_LOG)
    TermFactory(label="glossary", scenarios=["own"])
    return subject


def say(**changes):
    def deed(term: Term) -> None:
        publish_term(snapshot=term.current.snapshot | changes)

    return deed


def retire(term: Term) -> None:
    retire_term(term=term, replaced_by=Term.objects.get(slug="lag"))


def restore(term: Term) -> None:
    retire_term(term=term)
    restore_term(term=term, by=UserFactory(curator=True))


def merge(term: Term) -> None:
    merge_term(term=term, into=Term.objects.get(slug="lag"), by=UserFactory(curator=True))


def confirm(term: Term) -> None:
    say(lines=SAID["lines"] | {"manager": term.current.snapshot["lines"]["manager"]})(term)
    answers(Client())
    confirm_voices(term=term, by=UserFactory(curator=True))


DEEDS = {name: say(**{name: value}) for name, value in (SAID | SHARED).items()}
DEEDS |= {"scenarios": say(scenarios=[], captions={})}
DEEDS |= {"new alias": say(**NAMED), "retire": retire, "restore": restore, "merge": merge, "confirm": confirm}


def answers(client) -> dict[str, tuple]:
    slugs = Term.objects.values_list("slug", flat=True)
    addresses = [address.format(slug) for slug in (SUBJECT, *slugs) for address in ADDRESSES]
    responses = {address: client.get(address) for address in ["/", "/terms/", *addresses]}
    return {address: (response.status_code, response.content) for address, response in responses.items()}


@pytest.mark.parametrize("name", DEEDS)
def test_no_page_is_older_than_what_it_shows(client, dictionary, name):
    before = answers(client)
    DEEDS[name](dictionary)
    kept = answers(client)
    caches["pages"].clear()
    assert kept == answers(client)
    assert kept != before


@pytest.mark.parametrize("name", SAID)
def test_what_one_term_says_leaves_the_pages_of_others_kept(client, dictionary, django_assert_num_queries, name):
    answers(client)
    DEEDS[name](dictionary)
    for slug in ("commit", "lag", "log", "page-number"):
        with django_assert_num_queries(1):
            assert client.get(f"/terms/{slug}/").status_code == 200


def test_a_new_name_makes_every_page_old(dictionary):
    before = Publication.objects.version_of_pages("sheepdog")
    DEEDS["new alias"](dictionary)
    assert Publication.objects.version_of_pages("sheepdog") > before
