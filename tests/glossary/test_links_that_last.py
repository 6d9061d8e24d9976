"""Links in documents outlive every history of their terms."""

import io
import posixpath
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sphinx.util.inventory import InventoryFile

from glossary import search
from glossary.domain.problems import Invalid
from glossary.models import Revision, Spelling, Term, TermSlug
from glossary.services import inventories, publishing, retiring, reverting, reviewing
from tests.factories import CategoryFactory, TermFactory, UserFactory
from tests.snapshots import term_snapshot

pytestmark = pytest.mark.django_db
# Few words for many terms, so that they get into each other's way.
NAMES = ["word-a", "word-b", "word-c", "word-d"]
STEPS = st.tuples(
    st.sampled_from(["create", "edit", "rename", "relabel", "retire", "replace", "restore", "merge", "revert"]),
    st.integers(0, 4),
    st.integers(0, 3),
)


class Given(NamedTuple):
    """What a document may have noted down, and the term that it meant (by uid) with the revision, if it was a pin."""

    address: str
    uid: str
    number: int | None = None


@example(steps=[("merge", 1, 0), ("revert", 0, 0)])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_no_history_breaks_an_address_or_gives_it_to_another_term(steps):
    caches["pages"].clear()
    caches["limits"].clear()
    search.forget()
    with transaction.atomic():
        live_through(steps)
        transaction.set_rollback(True)


def live_through(steps: list[tuple]) -> None:
    """Take these steps, note down every address that is there after each of them, and follow all of them in the end."""
    curator, other_curator = UserFactory(curator=True), UserFactory(curator=True)
    CategoryFactory()
    for name in NAMES[:3]:
        TermFactory(**term_snapshot(name))
    noted: dict[str, Given] = {}
    stated: dict[tuple[str, int], dict] = {}
    for deed, index, at in steps:
        terms = list(Term.objects.select_related("current").order_by("pk"))
        with suppress(Invalid), transaction.atomic():
            step(deed, terms, index % len(terms), at, curator, other_curator)
        for note in in_documents():
            meant = noted.setdefault(note.address, note)
            assert meant == note, "an address was given to another term or revision"
        for revision in Revision.objects.select_related("term"):
            key = (revision.term.uid, revision.number)
            assert stated.setdefault(key, revision.snapshot) == revision.snapshot
    client, names = Client(), sphinx_names()
    for note in noted.values():
        if note.address.startswith("/api/"):
            assert_api_answers(client, note, stated)
        elif note.address.startswith("/"):
            assert_page_is_there(client, note, stated)
        else:
            assert_name_is_known(client, note, names)
    assert_words_have_one_owner()


def step(deed: str, terms: list[Term], index: int, at: int, by, other) -> None:
    term = terms[index]
    others = [each for each in terms if each != term]
    said, name = term.current.snapshot, NAMES[at]
    # The forms of the site take no change of a term that is out of use.
    if term.is_retired and deed in {"edit", "rename", "relabel", "revert"}:
        return
    match deed:
        case "create":
            publishing.publish_term(snapshot=term_snapshot(f"another {name} {len(terms)}", slug=name), by=by)
        case "edit":
            change = "meaning" if at % 2 else "wording"
            gap = f"Gap number {Revision.objects.count()}."
            publishing.publish_term(snapshot=said | {"gap": gap}, by=by, change=change)
        case "rename":
            publishing.publish_term(snapshot=said | {"slug": name}, by=by, change="wording")
        case "relabel":
            publishing.publish_term(snapshot=said | {"label": f"label of {name}", "slug": name}, by=by)
        case "retire":
            retiring.retire_term(term=term, by=by)
        case "replace":
            retiring.retire_term(term=term, replaced_by=others[at % len(others)], by=by)
        case "restore":
            retiring.restore_term(term=term, by=by)
        case "merge":
            retiring.merge_term(term=term, into=others[at % len(others)], by=by)
        case "revert":
            number = 1 + at % term.current.number
            outcome = reverting.revert(term=term, number=number, note="As it was.", by=by)
            if outcome.proposal:
                reviewing.approve(proposal=outcome.proposal, by=other)


def in_documents() -> Iterable[Given]:
    """Every address and name that the site gives now."""
    for term in Term.objects.select_related("current"):
        slug, uid = term.slug, term.uid
        for address in (f"/terms/{slug}/", f"/id/{uid}/", f"/api/v1/terms/{slug}"):
            yield Given(address, uid)
        for number in range(1, term.current.number + 1):
            for address in (f"/terms/{slug}/v/{number}/", f"/id/{uid}/v/{number}/"):
                yield Given(address, uid, number)
            yield Given(f"/api/v1/terms/{slug}/revisions/{number}", uid, number)
        if not term.is_retired:
            yield Given(slug, uid)
            for number in range(1, term.current.number + 1):
                yield Given(f"{slug}@v{number}", uid, number)


def sphinx_names() -> dict[str, str]:
    """Where Sphinx finds each name, by its own reading of the inventory."""
    read = InventoryFile.load(io.BytesIO(b"".join(inventories.objects_inv())), "", posixpath.join)
    # Where no term is left, there is no list of them either.
    terms = read["std:term"].items() if "std:term" in read else ()
    return {name.casefold(): f"/{item.uri}" for name, item in terms}


def assert_page_is_there(client, note: Given, stated: dict) -> None:
    term = Term.objects.select_related("replaced_by").get(uid=note.uid)
    end = client.get(note.address, follow=True)
    page = end.content.decode()
    if note.number:
        said = stated[note.uid, note.number]
        assert end.status_code == 200
        assert f"<h1>{said['label']}</h1>" in page
        assert said["gap"] in page
        assert end.request["PATH_INFO"] == f"/terms/{term.slug}/v/{note.number}/"
        return
    last = last_of(term)
    assert end.status_code == (410 if last.is_retired else 200)
    assert f"<h1>{last.label}</h1>" in page
    assert last.current.snapshot["gap"] in page
    if last.replaced_by:
        assert f'<a href="/terms/{last.replaced_by.slug}/">' in page


def assert_api_answers(client, note: Given, stated: dict) -> None:
    end = client.get(note.address, follow=True)
    told, term = end.json(), Term.objects.get(uid=note.uid)
    assert end.status_code == 200
    if note.number:
        assert (told["uid"], told["gap"]) == (note.uid, stated[note.uid, note.number]["gap"])
    else:
        assert told["uid"] == last_of(term).uid


def assert_name_is_known(client, note: Given, names: dict[str, str]) -> None:
    """A name leads where its term does; one that is out of use is told to its author by a failing build."""
    term = Term.objects.get(uid=note.uid)
    last = last_of(term)
    if last.is_retired:
        assert note.address.casefold() not in names or names[note.address.casefold()] != f"/terms/{term.slug}/"
    elif note.number:
        assert names[note.address.casefold()] == f"/terms/{term.slug}/v/{note.number}/"
    else:
        assert client.get(names[note.address.casefold()]).status_code == 200
        assert names[note.address.casefold()] == f"/terms/{last.slug}/"


def assert_words_have_one_owner() -> None:
    held = list(Spelling.objects.values_list("voice", "key"))
    assert len(held) == len(set(held))
    for term in Term.objects.filter(is_merged=True):
        assert not Spelling.objects.filter(term=term).exists()
    labels = set(Spelling.objects.values_list("text", flat=True))
    assert {term.label for term in Term.objects.all()} <= labels
    assert set(Term.objects.values_list("slug", "pk")) <= set(TermSlug.objects.values_list("slug", "term"))


def last_of(term: Term) -> Term:
    """Where a term's address leads in the end: merged terms lead on."""
    while term.is_merged:
        term = term.replaced_by
    return term


def test_a_document_of_sphinx_finds_a_renamed_and_a_merged_term_by_the_names_that_it_used():
    into, curator = TermFactory(label="ledger"), UserFactory(curator=True)
    TermFactory(label="compaction", renamed=True)
    retiring.merge_term(term=TermFactory(label="journal", edits=[{"slug": "daybook"}]), into=into, by=curator)
    TermFactory(label="gone", retired=True, edits=[{"slug": "left"}])
    names = sphinx_names()
    assert names["compaction"] == names["the-new-name"] == "/terms/the-new-name/"
    assert names["compaction@v1"] == "/terms/the-new-name/v/1/"
    assert names["journal"] == names["daybook"] == "/terms/ledger/"
    assert names["journal@v2"] == "/terms/daybook/v/2/"
    assert not {"gone", "left", "gone@v1"} & names.keys()


def test_a_name_that_a_term_has_now_is_not_taken_from_it_by_one_that_had_it():
    TermFactory(label="compaction", edits=[{"slug": "key-compaction", "label": "key compaction"}])
    TermFactory(label="compaction", slug="zipping")
    assert sphinx_names()["compaction"] == "/terms/zipping/"
