import pytest
from django.db import IntegrityError, transaction

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Mapping, Publication, Revision, Spelling, Term, TermSlug
from glossary.services.publishing import Submission, publish_term, publish_terms
from glossary.services.retiring import retire_term
from simulator.models import SampleLog
from tests.snapshots import term_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("categories")]


def refused(*snapshots):
    with pytest.raises(Invalid) as raised:
        publish_terms([Submission(snapshot) for snapshot in snapshots])
    return raised.value.problems


def test_revisions_are_numbered_without_gaps_and_readers_see_the_newest():
    snapshot = term_snapshot()
    publish_term(snapshot=snapshot)
    publish_term(snapshot=snapshot | {"gap": "A better gap."}, change="wording", note="clearer")
    term = Term.objects.get(uid=snapshot["uid"])
    assert list(term.revisions.values_list("number", "change", "note")) == [
        (1, "meaning", ""),
        (2, "wording", "clearer"),
    ]
    assert term.current.number == 2
    assert term.html_gap == "<p>A better gap.</p>"


def test_a_revision_keeps_its_html_when_the_dictionary_moves_on():
    first = publish_term(snapshot=term_snapshot("offset", gap="An offset is not a segment."))
    publish_term(snapshot=term_snapshot("segment"))
    first.refresh_from_db()
    assert first.html["gap"] == "<p>An offset is not a segment.</p>"
    assert 'href="/terms/segment/"' in Term.objects.get(slug="offset").html_gap


def test_the_database_refuses_to_change_a_revision():
    revision = publish_term(snapshot=term_snapshot())
    for change in ({"snapshot": {}}, {"number": 7}, {"html": {}}):
        with pytest.raises(IntegrityError, match="a revision is immutable"), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(**change)


def test_terms_published_together_may_name_each_other():
    one, two = term_snapshot("tombstone"), term_snapshot("clean-up", voice="manager")
    one["mappings"] = [{"term": two["uid"], "kind": "broader", "note": "as a start"}]
    two["mappings"] = [{"term": one["uid"], "kind": "narrower"}]
    publish_terms([Submission(one), Submission(two)])
    assert set(Mapping.objects.values_list("term__label", "kind", "other__label")) == {
        ("tombstone", "broader", "clean-up"),
        ("clean-up", "narrower", "tombstone"),
    }


def test_mappings_of_both_sides_may_not_contradict_each_other():
    one, two = term_snapshot("tombstone"), term_snapshot("clean-up", voice="manager")
    one["mappings"] = [{"term": two["uid"], "kind": "broader"}]
    two["mappings"] = [{"term": one["uid"], "kind": "broader"}]
    assert [path for path, _ in refused(one, two)] == [
        f"{one['uid']}/mappings/0/kind",
        f"{two['uid']}/mappings/0/kind",
    ]
    assert not Term.objects.exists()


def test_spellings_are_unique_within_a_voice_and_free_across_voices():
    publish_term(snapshot=term_snapshot("projection"))
    publish_term(snapshot=term_snapshot("projection", voice="manager", slug="projection-manager"))
    [(path, message)] = refused(
        term_snapshot("view", aliases=[{"text": "Projection", "kind": "synonym"}]),
    )
    assert path == "aliases/0/text"
    assert message == "'Projection' already belongs to the engineer term 'projection'"


def test_two_terms_may_exchange_a_spelling_in_one_publication():
    one, two = term_snapshot("a", aliases=[{"text": "x", "kind": "synonym"}]), term_snapshot("b")
    publish_terms([Submission(one), Submission(two)])
    publish_terms(
        [
            Submission(one | {"aliases": []}),
            Submission(two | {"aliases": [{"text": "x", "kind": "synonym"}]}),
        ]
    )
    assert Spelling.objects.get(key="x").term.label == "b"


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"category": "nowhere"}, "category", "'nowhere' is no category"),
        ({"scenarios": ["none"]}, "scenarios/0", "there is no scenario 'none'"),
        ({"mappings": [{"term": "zzzzzzzz", "kind": "close"}]}, "mappings/0/term", "there is no term 'zzzzzzzz'"),
        ({"gap": "See [[nowhere]]."}, "gap", "[[nowhere]] leads to no term"),
        ({"gap": "[" * 900}, "gap", "900 square brackets"),
    ],
)
def test_what_leads_nowhere_is_refused_with_its_field(change, path, message):
    [(where, said)] = refused(term_snapshot() | change)
    assert where.endswith(path)
    assert message in said


def test_mappings_lead_to_the_other_voice_and_relations_stay_in_their_own():
    peer = term_snapshot("peer")
    publish_term(snapshot=peer)
    [(path, message)] = refused(term_snapshot(mappings=[{"term": peer["uid"], "kind": "close"}]))
    assert (path, message) == ("mappings/0/term", "mappings lead to manager terms, and this is a engineer term")


def test_a_term_never_changes_its_voice():
    snapshot = term_snapshot()
    publish_term(snapshot=snapshot)
    assert refused(snapshot | {"voice": "manager"}) == [("voice", "a term never changes its voice; make a new term")]


def test_renaming_keeps_the_old_slug_for_ever_and_renaming_back_frees_nothing():
    snapshot = term_snapshot("old")
    publish_term(snapshot=snapshot)
    publish_term(snapshot=snapshot | {"slug": "brand-new", "label": "brand new"})
    assert set(TermSlug.objects.values_list("slug", "term__slug")) == {("old", "brand-new"), ("brand-new", "brand-new")}
    [(path, message)] = refused(term_snapshot("old"))
    assert (path, message) == ("slug", "'old' is or was the address of another term")
    publish_term(snapshot=snapshot)
    assert Term.objects.get(uid=snapshot["uid"]).slug == "old"


def test_other_terms_link_to_a_new_one_at_once():
    publish_term(snapshot=term_snapshot("offset", gap="Not the same as a position."))
    publish_term(snapshot=term_snapshot("position"))
    assert 'href="/terms/position/"' in Term.objects.get(slug="offset").html_gap


def test_links_to_a_retired_term_are_taken_out():
    publish_term(snapshot=term_snapshot("offset", gap="Not the same as a position."))
    position = publish_term(snapshot=term_snapshot("position")).term
    retire_term(term=position)
    assert Term.objects.get(slug="offset").html_gap == "<p>Not the same as a position.</p>"


def test_a_term_is_replaced_only_by_a_published_term_of_its_voice():
    term = publish_term(snapshot=term_snapshot("old")).term
    manager = publish_term(snapshot=term_snapshot("words", voice="manager")).term
    for replacement in (term, manager):
        with pytest.raises(Invalid, match="cannot replace this term"):
            retire_term(term=term, replaced_by=replacement)
    assert not Term.objects.retired().exists()


def test_every_publication_moves_the_number_and_is_audited(django_user_model):
    person = django_user_model.objects.create_user("someone")
    before = Publication.objects.version()
    snapshot = term_snapshot()
    publish_term(snapshot=snapshot, by=person)
    assert Publication.objects.version() == before + 1
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target, entry.by) == ("term.published", snapshot["uid"], person)


def test_a_refused_publication_leaves_no_trace():
    refused(term_snapshot("good"), term_snapshot("bad", category="nowhere"))
    assert not Term.objects.exists()
    assert not AuditEntry.objects.exists()
    assert Publication.objects.version() == 0


def test_the_glossary_keeps_its_own_log_without_names(django_user_model):
    person = django_user_model.objects.create_user("someone", first_name="Some", last_name="One")
    snapshot = term_snapshot()
    publish_term(snapshot=snapshot, by=person)
    revision = publish_term(snapshot=snapshot | {"gap": "Else."}, by=person, change="wording")
    retire_term(term=revision.term)
    records = SampleLog.objects.get(slug="this-glossary").records
    assert [(record["key"], record["type"]) for record in records] == [
        ("compaction", "TermPublished"),
        ("compaction", "TermRevised"),
        ("compaction", "TermRetired"),
    ]
    assert records[1]["value"] == {
        "revision": 2,
        "change": "wording",
        "voice": "engineer",
        "category": "kafka",
        "aliases": 0,
    }
    assert "some" not in str(records).lower()


def test_a_change_of_words_alone_leaves_other_terms_as_they_are_rendered():
    publish_term(snapshot=term_snapshot("offset", gap="Not the same as a position."))
    snapshot = term_snapshot("position")
    publish_term(snapshot=snapshot)
    rendered = Term.objects.get(slug="offset").html_gap
    Term.objects.filter(slug="offset").update(html_gap="kept")
    publish_term(snapshot=snapshot | {"gap": "Other words."})
    publish_term(snapshot=snapshot | {"aliases": [{"text": "place", "kind": "synonym"}]})
    assert Term.objects.get(slug="offset").html_gap == "kept"
    publish_term(snapshot=snapshot | {"slug": "place"})
    assert Term.objects.get(slug="offset").html_gap == rendered.replace("/position/", "/place/")


def test_a_word_that_is_given_up_is_no_link_any_more():
    publish_term(snapshot=term_snapshot("offset", gap="Not the same as a place."))
    snapshot = term_snapshot("position")
    publish_term(snapshot=snapshot | {"aliases": [{"text": "place", "kind": "synonym"}]})
    assert 'href="/terms/position/"' in Term.objects.get(slug="offset").html_gap
    publish_term(snapshot=snapshot)
    assert Term.objects.get(slug="offset").html_gap == "<p>Not the same as a place.</p>"
