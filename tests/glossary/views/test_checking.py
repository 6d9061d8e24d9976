"""The page that reads a document with its words explained."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from glossary.services.retiring import retire_term
from tests.factories import TermFactory, linked_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms():
    archive = TermFactory(label="archive", voice="manager")
    return TermFactory(
        label="retention",
        mappings=[linked_to(archive, "close", "for records")],
        aliases=[{"text": "retension", "kind": "misspelling"}],
    )


def checked(client, status: int = 200, **posted) -> str:
    response = client.post("/check/", posted)
    assert response.status_code == status
    return response.content.decode()


def test_a_document_is_shown_with_its_terms_marked(client, terms):
    page = checked(client, text="Our retention is a <week>.")
    assert 'href="/terms/retention/">retention</a> is a &lt;week&gt;.' in page
    assert "1 term, used 1 time; 0 places to look at" in page


def test_what_is_amiss_is_listed_with_its_place(client, terms):
    page = checked(client, text="one\nthe retension of logs")
    assert "<strong>Line 2, column 5</strong> “retension” is a misspelling of “retention”." in page


def test_it_is_read_as_the_other_side_would_say_it(client, terms):
    assert 'retention</a><span class="called"> [archive]</span>' in checked(client, text="retention", voice="manager")
    assert "called" not in checked(client, text="retention", voice="engineer")


def test_a_retired_word_is_nothing_that_the_other_side_says(client):
    gone = TermFactory(label="strongroom", voice="manager")
    TermFactory(label="retention", mappings=[linked_to(gone, "close", "once")])
    retire_term(term=gone)
    assert "strongroom" not in checked(client, text="retention", voice="manager")


def test_markdown_is_taken_away_with_pinned_links(client, terms, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    page = checked(client, text="retention, retention")
    assert f"[retention](https://words.example.org/id/{terms.uid}/v/1/), retention</textarea>" in page
    assert "With links" not in checked(client, text="retention", format="rst")


def test_a_file_is_read_in_the_format_of_its_name(client, terms):
    file = SimpleUploadedFile("adr.rst", b"Title\n=====\n\n``retention`` and retention")
    page = checked(client, file=file)
    assert "used 1 time;" in page
    assert '<option value="rst" selected>' in page


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"text": "   "}, "Paste a document, or choose a file."),
        ({"file": SimpleUploadedFile("adr.md", b"\xff\xfe\xfa")}, "adr.md is not UTF-8"),
        ({"file": SimpleUploadedFile("adr.md", b"a\0b")}, "it has zero bytes in it"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(client, posted, sentence):
    assert sentence in checked(client, 422, **posted)


def test_what_was_typed_comes_back(client, terms):
    assert ">some text</textarea>" in checked(client, text="some text")


def test_a_long_document_is_checked_whole_and_shown_in_part(client, terms, monkeypatch):
    monkeypatch.setattr("glossary.views.checking.MOST_SHOWN", 20)
    page = checked(client, text="retention " * 10)
    assert "used 10 times" in page
    assert "only its beginning is shown" in page


def test_more_documents_than_a_minute_takes_are_refused_and_what_was_typed_stays(client, terms, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"checks": 1}
    assert client.get("/check/").status_code == 200
    checked(client, text="some text")
    response = client.post("/check/", {"text": "some text", "format": "rst"})
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    page = response.content.decode()
    assert "These are too many documents: 1 in 60 seconds are checked." in page
    assert ">some text</textarea>" in page
    assert '<option value="rst" selected>' in page
