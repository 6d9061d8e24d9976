"""The pages of documents: the list with its filters, one with what changed under it, and registering one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from glossary.models import Document
from glossary.services.publishing import publish_term
from tests.factories import DocumentFactory, TermFactory, UserFactory

ADDRESS = "https://git.example.org/orders/docs/7.md"


@pytest.fixture
def term():
    return TermFactory(label="compaction")


def publish(term, *, change, **changes):
    term.refresh_from_db()
    publish_term(snapshot=term.current.snapshot | changes, change=change)


def listed(client, query: str) -> list[str]:
    return [document.title for document in client.get(f"/documents/{query}").context["page"].rows]


def test_the_list_is_narrowed_by_repository_team_term_words_and_what_is_superseded(client, member, term):
    TermFactory(label="offset")
    DocumentFactory(title="old", repository="orders/docs", team="Orders", text="compaction")
    publish(term, change="meaning", gap="Another thing.")
    DocumentFactory(title="new", repository="stock/docs", team="Stock", text="compaction and offset")
    assert listed(client, "") == ["new", "old"]
    assert listed(client, "?repository=orders/docs") == ["old"]
    assert listed(client, "?team=Stock") == ["new"]
    assert listed(client, "?term=compaction") == ["new", "old"]
    assert listed(client, "?term=offset") == ["new"]
    assert listed(client, "?superseded=1") == ["old"]
    assert listed(client, "?term=compaction&superseded=1") == ["old"]
    assert listed(client, "?term=offset&superseded=1") == []
    assert listed(client, "?q=OLD") == ["old"]
    for nothing in ("?team=Nobody", "?term=no-such-term", "?q=%00", "?repository=%ff"):
        assert listed(client, nothing) == []


def test_the_list_says_how_many_meanings_changed_and_asks_the_database_as_often_for_many(
    client, member, term, words, django_assert_max_num_queries
):
    DocumentFactory(text="compaction")
    publish(term, change="meaning", gap="Another thing.")
    assert "1 1 meaning" in words(client.get("/documents/"))
    for _ in range(20):
        DocumentFactory(text="compaction")
    with django_assert_max_num_queries(12):
        client.get("/documents/")


def test_a_long_list_goes_on_where_the_page_ends(client, member):
    documents = [DocumentFactory() for _ in range(51)]
    page = client.get("/documents/").context["page"]
    assert [len(page.rows), page.rows[0]] == [50, documents[-1]]
    assert [row.pk for row in client.get(f"/documents/{page.next_url}").context["page"].rows] == [documents[0].pk]


def test_a_page_tells_wording_from_meaning_and_leads_to_the_difference(client, member, term, words):
    untouched = TermFactory(label="offset")
    document = DocumentFactory(title="ADR 7", address=ADDRESS, text="compaction\noffset, offset")
    publish(term, change="wording", gap="Other words.")
    response = client.get(f"/documents/{document.pk}/")
    assert "None has another meaning since" in words(response)
    assert "wording only: v1 and v2 of compaction compared" in words(response)
    publish(term, change="meaning", gap="Another thing.")
    response = client.get(f"/documents/{document.pk}/")
    assert "It uses 2 terms. The meaning of 1 changed under it." in words(response)
    assert "compaction 1 time, first in line 1 v1 meaning changed in v3" in words(response)
    assert f"{untouched.label} 2 times, first in line 2 v1 nothing changed" in words(response)
    assert 'href="/terms/compaction/diff/?from=1&amp;to=3"' in response.content.decode()
    assert client.get("/terms/compaction/diff/?from=1&to=3").status_code == 200


def test_a_page_asks_the_database_as_often_for_many_terms(client, member, term, django_assert_num_queries):
    one = DocumentFactory(text="compaction")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/documents/{one.pk}/")
    labels = [TermFactory(label=f"word of {name}").label for name in "abcdefgh"]
    many = DocumentFactory(text=" ".join(labels))
    assert many.uses.count() == 8
    with django_assert_num_queries(len(few)):
        client.get(f"/documents/{many.pk}/")


def test_its_reader_becomes_an_owner_reads_it_again_and_forgets_it(client, member, term, words):
    document = DocumentFactory(text="compaction")
    address = f"/documents/{document.pk}/"
    publish(term, change="meaning", gap="Another thing.")
    assert client.post(address, {"deed": "remove"}).status_code == 403
    assert "You are an owner" in words(client.post(address, {"deed": "own"}, follow=True))
    assert "None has another meaning since" in words(client.post(address, {"deed": "still_right"}, follow=True))
    assert client.post(address, {"deed": "nonsense"}).status_code == 422
    assert "is forgotten here" in words(client.post(address, {"deed": "remove"}, follow=True))
    assert client.get(address).status_code == 404


def test_what_was_checked_is_registered_only_if_somebody_asks_for_it(client, member, term):
    page = client.post("/check/", {"text": "compaction", "format": "markdown"}).content.decode()
    assert not Document.objects.exists()
    assert 'form="check" formaction="/documents/new/">Register this document</button>' in page
    assert page.count('form="check"') == 5
    posted = {"text": "compaction", "format": "markdown", "voice": "", "address": ADDRESS, "team": "Orders"}
    document = Document.objects.get(pk=client.post("/documents/new/", posted).url.split("/")[2])
    assert [(use.term, use.count) for use in document.uses.all()] == [(term, 1)]
    assert list(document.owners.all()) == [member]


def test_a_visitor_without_an_account_is_offered_nothing_to_register(client, term):
    page = client.post("/check/", {"text": "compaction"}).content.decode()
    assert "Register" not in page
    assert "csrf" not in page


def test_a_forged_form_registers_nothing(member):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post("/documents/new/", {"text": "compaction", "address": ADDRESS}).status_code == 403
    assert not Document.objects.exists()


def test_a_file_is_read_in_the_format_of_its_name(client, member, term):
    file = SimpleUploadedFile("adr.rst", b"``compaction``\r\n\r\ncompaction")
    client.post("/documents/new/", {"address": ADDRESS, "file": file, "format": "markdown"})
    document = Document.objects.get()
    assert (document.format, [(use.count, use.first_line) for use in document.uses.all()]) == ("rst", [(1, 3)])


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({"address": "javascript:alert(1)"}, "must be an address that begins with https:// or http://"),
        ({"address": "https://a.example/" + "a" * 500}, "at most 500 characters"),
        ({"title": "t" * 10_000}, "at most 200 characters"),
        ({"text": "   "}, "Paste the document, or choose its file."),
        ({"text": "a\0b"}, "Null characters are not allowed"),
        ({"format": "docx"}, "Select a valid choice"),
        ({"address": ""}, "This field is required"),
        ({"file": SimpleUploadedFile("a.md", b"\xff\xfe")}, "is not UTF-8"),
    ],
)
def test_bad_input_is_answered_in_words_and_nothing_typed_is_lost(client, member, words, posted, told):
    said = {"address": ADDRESS, "text": "compaction", "format": "markdown", "team": "Night shift", **posted}
    response = client.post("/documents/new/", said)
    assert response.status_code == 422
    assert told in words(response)
    assert "Night shift" in response.content.decode()
    assert not Document.objects.exists()


def test_documents_are_nothing_for_strangers(client):
    document = DocumentFactory(address=ADDRESS)
    for address in ("/documents/", f"/documents/{document.pk}/", "/documents/new/"):
        assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get("/documents/").status_code == 200


def test_a_terms_page_says_where_it_is_used_at_once_and_to_people_who_are_signed_in(client, term, words):
    anonymous = client.get("/terms/compaction/")
    DocumentFactory(text="compaction")
    publish(term, change="meaning", gap="Another thing.")
    DocumentFactory(text="compaction")
    client.force_login(UserFactory())
    response = client.get("/terms/compaction/")
    assert "Used in 2 documents , 1 on a superseded meaning ." in words(response)
    assert 'href="/documents/?term=compaction&amp;superseded=1"' in response.content.decode()
    DocumentFactory(text="compaction")
    assert "Used in 3 documents" in words(client.get("/terms/compaction/"))
    client.logout()
    assert "document" not in words(client.get("/terms/compaction/")).replace("Check a document", "")
    assert anonymous.status_code == 200


def test_registering_costs_no_page_that_is_kept(client, term, django_assert_num_queries):
    etag = client.get("/terms/compaction/").headers["ETag"]
    DocumentFactory(text="compaction")
    with django_assert_num_queries(1):
        assert client.get("/terms/compaction/").headers["ETag"] == etag


def test_a_curator_finds_the_terms_that_no_document_uses(client, curator, term, words):
    TermFactory(label="offset")
    DocumentFactory(text="compaction")
    cases = client.get("/care/?of=unused").context["page"].object_list
    assert [case.term.label for case in cases] == ["offset"]
