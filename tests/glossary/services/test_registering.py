"""What is kept of a document, what it rests on, and who may do what about it."""

from datetime import timedelta

import pytest
from django.db import connection

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Document
from glossary.permissions import Refused
from glossary.services import people, registering
from glossary.services.own_data import data_of
from glossary.services.publishing import publish_term
from glossary.services.registering import Description
from tests.factories import FIRST_DAY, DocumentFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "https://git.example.org/orders/docs/7.md"


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = "https://words.example.org"


@pytest.fixture
def term():
    return TermFactory(label="compaction")


def publish(term, *, change, **changes):
    term.refresh_from_db()
    publish_term(snapshot=term.current.snapshot | changes, change=change)


def seen(text, *, by=None, at=FIRST_DAY, **described) -> Document:
    return DocumentFactory(address=ADDRESS, text=text, by=by, at=at, **described)


def uses(document) -> list[tuple]:
    return [(use.term.label, use.count, use.first_line, use.pins, use.rests_on) for use in document.uses.all()]


def is_superseded(document) -> bool:
    return document.uses.superseded().exists()


def test_what_a_document_uses_is_kept_and_nothing_of_what_it_says(term, member):
    document = seen("# Secret plans\n\ncompaction, Compaction", by=member, repository="orders/docs", team="Orders")
    assert uses(document) == [("compaction", 2, 3, [], 1)]
    assert (document.title, document.repository, document.team) == ("7.md", "orders/docs", "Orders")
    assert list(document.owners.all()) == [member]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert "Secret plans" not in repr(cursor.fetchall())


def test_the_same_address_is_the_same_document(term, member):
    first = seen("compaction", by=member)
    again = seen("nothing", by=UserFactory(member=True), at=FIRST_DAY + timedelta(days=1), title="ADR 7")
    assert again.pk == first.pk
    again.refresh_from_db()
    assert (again.title, uses(again), again.last_seen_at - again.registered_at) == ("ADR 7", [], timedelta(days=1))
    assert list(again.owners.all()) == [member]
    actions = AuditEntry.objects.filter(action__startswith="document.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["document.registered", "document.changed"]


def test_links_to_revisions_are_pins_whatever_they_are_written_as(member):
    term = TermFactory(label="compaction", edits=[{"gap": "More.", "change": "wording"}, {"slug": "log-compaction"}])
    base = "https://words.example.org"
    text = f"[compaction]({base}/id/{term.uid}/v/2/) {base}/terms/compaction/v/1/ `log-compaction@v3`"
    text += f" {base}/id/{term.uid}/v/9/"
    assert uses(seen(text)) == [("compaction", 1, 1, [1, 2, 3], 1)]


def test_a_term_that_is_linked_and_not_named_is_used_too(term):
    assert uses(seen(f"\nSee <https://words.example.org/id/{term.uid}/v/1/>")) == [("compaction", 0, 2, [1], 1)]


def test_a_change_of_meaning_supersedes_and_one_of_wording_does_not(term):
    document = seen("compaction")
    publish(term, change="wording", gap="Other words.")
    assert not is_superseded(document)
    publish(term, change="meaning", gap="Another thing.")
    publish(term, change="meaning", gap="A third thing.")
    assert is_superseded(document)
    assert [use.superseded_by for use in document.uses.with_changes()] == [3]
    assert document.uses.counted() == {"documents": 1, "superseded": 1}


def test_an_unchanged_text_still_rests_on_what_its_words_meant_when_it_was_written(term):
    seen("compaction")
    publish(term, change="meaning", gap="Another thing.")
    document = seen("compaction", at=FIRST_DAY + timedelta(days=9))
    assert is_superseded(document)
    assert uses(seen("compaction, read again")) == [("compaction", 1, 1, [], 2)]


def test_who_read_it_again_says_that_it_is_still_right(term, member):
    document = seen("compaction")
    publish(term, change="meaning", gap="Another thing.")
    registering.confirm_still_right(document=document, by=member)
    assert not is_superseded(document)
    assert uses(seen("compaction")) == [("compaction", 1, 1, [], 2)]
    assert AuditEntry.objects.filter(action="document.confirmed", by=member).count() == 1


def test_saying_so_changes_no_link_to_a_revision(term, member):
    document = seen(f"compaction https://words.example.org/id/{term.uid}/v/1/")
    publish(term, change="meaning", gap="Another thing.")
    registering.confirm_still_right(document=document, by=member)
    assert uses(document) == [("compaction", 1, 1, [1], 1)]
    assert is_superseded(document)


@pytest.mark.parametrize(
    ("described", "path"),
    [
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "https://git.example.org/" + "a" * 500}, "address"),
        ({"title": "t" * 10_000}, "title"),
        ({"repository": "r" * 201}, "repository"),
        ({"team": "bell\x07"}, "team"),
        ({"format": "docx"}, "format"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_field(described, path):
    said = {"address": ADDRESS, "text": "", **described}
    text = said.pop("text")
    with pytest.raises(Invalid) as caught:
        registering.register(description=Description(**said), text=text)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert not Document.objects.exists()


def test_a_build_that_does_not_say_whose_a_document_is_keeps_what_people_wrote(term):
    seen("", title="Orders by Kafka", repository="orders", team="Payments")
    document = seen("compaction", team="Billing")
    assert (document.title, document.repository, document.team) == ("Orders by Kafka", "orders", "Billing")
    assert seen("compaction").team == "Billing"
    assert AuditEntry.objects.filter(action="document.changed").count() == 1


def test_a_hundred_thousand_uses_are_one_row(term):
    document = seen("compaction\n" * 100_000)
    assert uses(document) == [("compaction", 100_000, 1, [], 1)]


@pytest.mark.parametrize("role", ["member", "curator"])
def test_its_owners_and_curators_remove_a_document(role):
    person = UserFactory(**{role: True})
    document = seen("", by=person if role == "member" else None)
    registering.remove(document=document, by=person)
    assert not Document.objects.exists()


def test_nobody_else_does(member):
    document = seen("", by=UserFactory(member=True))
    with pytest.raises(Refused):
        registering.remove(document=document, by=member)
    registering.set_ownership(document=document, owns=True, by=member)
    registering.set_ownership(document=document, owns=True, by=member)
    registering.remove(document=document, by=member)


def test_what_somebody_owns_is_in_their_data_and_goes_when_they_leave(member):
    document = seen("", by=member, title="ADR 7")
    assert [row["title"] for row in data_of(member)["documents"]] == ["ADR 7"]
    people.make_anonymous(person=member, by=member)
    assert not document.owners.exists()


def test_of_two_who_register_one_address_at_once_the_second_sees_it_again(term, member):
    outcomes = []

    def register(by=None):
        document, is_new = registering.register(description=Description(ADDRESS), text="compaction", by=by)
        outcomes.append((is_new, uses(document)))

    def interfering(execute, sql, *rest):
        """Somebody else is quicker, after we looked and before we insert."""
        if sql.startswith("SAVEPOINT"):
            savepoints.append(sql)
            if len(savepoints) == 2:
                register(by=member)
        return execute(sql, *rest)

    savepoints = []
    with connection.execute_wrapper(interfering):
        register()
    assert outcomes == [(True, [("compaction", 1, 1, [], 1)]), (False, [("compaction", 1, 1, [], 1)])]
    assert list(Document.objects.get().owners.all()) == [member]
