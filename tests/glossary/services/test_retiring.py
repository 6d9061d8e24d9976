"""Retiring, restoring, merging and renaming: no address is ever lost, none is ever another term's."""

import pytest

from glossary import search
from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Publication, Spelling, Term
from glossary.permissions import PermissionDenied
from glossary.services import publishing, retiring
from simulator.models import SampleLog
from tests.factories import TermFactory, UserFactory

pytestmark = pytest.mark.django_db


def words(term) -> set[str]:
    return set(Spelling.objects.filter(term=term).values_list("text", flat=True))


def events() -> list[tuple]:
    records = SampleLog.objects.get(slug="this-glossary").records
    return [(record["key"], record["type"], record["value"]) for record in records]


def test_a_restored_term_is_read_and_found_again(curator):
    term = TermFactory(label="offset", retired=True)
    other = TermFactory(label="lag", definitions={"engineer": "Behind by an offset.", "manager": "Behind."})
    assert "offset/" not in other.html_engineer
    before = Publication.objects.version()
    retiring.restore_term(term=term, by=curator, reason="Still said.")
    term.refresh_from_db()
    other.refresh_from_db()
    assert (term.status, term.replaced_by) == ("published", None)
    assert 'href="/terms/offset/"' in other.html_engineer
    assert search.find("offset", limit=5).hits[0].term.slug == term.slug
    assert Publication.objects.version() > before
    entry = AuditEntry.objects.get(action="term.restored")
    assert (entry.by, entry.target, entry.data) == (curator, term.uid, {"reason": "Still said."})
    assert events()[-1] == ("offset", "TermRestored", None)


def test_retiring_twice_and_restoring_what_is_in_use_are_refused(curator):
    term = TermFactory()
    with pytest.raises(Invalid, match="is not retired"):
        retiring.restore_term(term=term, by=curator)
    retiring.retire_term(term=term, by=curator)
    with pytest.raises(Invalid, match="is retired already"):
        retiring.retire_term(term=term, by=curator)


def test_merging_gives_all_words_to_the_other_term(curator):
    aliases = [{"text": "clean-up", "kind": "synonym", "note": "in talks"}, {"text": "cleen up", "kind": "misspelling"}]
    term = TermFactory(label="cleaning", aliases=aliases)
    into = TermFactory(label="compaction", aliases=[{"text": "compacting", "kind": "inflection"}])
    mentions = TermFactory(label="log", definitions={"engineer": "It needs cleaning.", "manager": "A log."})
    retiring.merge_term(term=term, into=into, by=curator, reason="The same thing.")
    for row in (term, into, mentions):
        row.refresh_from_db()
    assert (term.status, term.replaced_by, term.is_merged) == ("retired", into, True)
    assert into.current.snapshot["aliases"] == [
        {"text": "compacting", "kind": "inflection"},
        {"text": "cleaning", "kind": "synonym"},
        *aliases,
    ]
    assert words(into) == {"compaction", "compacting", "cleaning", "clean-up", "cleen up"}
    assert words(term) == set()
    assert (into.current.change, into.current.author) == ("wording", curator)
    assert 'href="/terms/compaction/">cleaning</a>' in mentions.html_engineer
    assert search.find("clean-up", limit=5).hits[0].term.slug == into.slug
    entry = AuditEntry.objects.get(action="term.merged")
    assert (entry.by, entry.target) == (curator, term.uid)
    assert entry.data == {"into": into.uid, "reason": "The same thing."}
    assert events()[-1] == ("cleaning", "TermMerged", {"into": "compaction"})


def test_a_restored_term_gets_its_words_back_from_wherever_merging_took_them(curator):
    one, two, three = (TermFactory(label=label) for label in ("one", "two", "three"))
    retiring.merge_term(term=one, into=two, by=curator)
    retiring.merge_term(term=Term.objects.get(pk=two.pk), into=three, by=curator)
    assert words(three) == {"one", "two", "three"}
    retiring.restore_term(term=Term.objects.get(pk=one.pk), by=curator)
    assert (words(one), words(two), words(three)) == ({"one"}, set(), {"two", "three"})


def test_a_word_that_is_another_terms_name_by_now_stays_its_name(curator):
    one, two = TermFactory(label="one"), TermFactory(label="two")
    retiring.merge_term(term=one, into=two, by=curator)
    two.refresh_from_db()
    publishing.publish_term(snapshot=two.current.snapshot | {"label": "one", "aliases": []})
    one.refresh_from_db()
    with pytest.raises(Invalid, match="'one' is the name of another term now"):
        retiring.restore_term(term=one, by=curator)
    one.refresh_from_db()
    assert one.is_merged


@pytest.mark.parametrize("case", ["itself", "retired", "other voice"])
def test_what_cannot_take_a_terms_place_is_refused(curator, case):
    term = TermFactory()
    into = {
        "itself": lambda: term,
        "retired": lambda: TermFactory(retired=True),
        "other voice": lambda: TermFactory(manager=True),
    }[case]()
    with pytest.raises(Invalid, match="cannot replace this term; choose another published engineer term"):
        retiring.merge_term(term=term, into=into, by=curator)
    assert not AuditEntry.objects.filter(action="term.merged").exists()


def test_merging_keeps_a_voice_that_drifted_marked(curator):
    into = TermFactory()
    said = into.current.snapshot
    definitions = said["definitions"] | {"engineer": "Something else."}
    publishing.publish_term(snapshot=said | {"definitions": definitions})
    into.refresh_from_db()
    assert into.drifted_voice == "manager"
    retiring.merge_term(term=TermFactory(), into=into, by=curator)
    into.refresh_from_db()
    assert into.drifted_voice == "manager"


def test_a_renamed_term_is_told_in_the_glossarys_own_log():
    TermFactory(label="old name", edits=[{"slug": "new-name", "change": "wording"}])
    assert [event[:2] for event in events()] == [
        ("old-name", "TermPublished"),
        ("old-name", "TermRenamed"),
        ("new-name", "TermRevised"),
    ]


@pytest.mark.parametrize("trait", ["member", "deactivated"])
def test_retiring_restoring_and_merging_are_for_curators(trait):
    person = UserFactory(**{trait: True})
    for deed in (
        lambda: retiring.retire_term(term=TermFactory(), by=person),
        lambda: retiring.restore_term(term=TermFactory(retired=True), by=person),
        lambda: retiring.merge_term(term=TermFactory(), into=TermFactory(), by=person),
    ):
        with pytest.raises(PermissionDenied):
            deed()
